"""A charge point in the simulated home: its physics and its life here, its wire the family's own server."""

from __future__ import annotations

from ohmstead.families.everest.simulator.running import RunningChargePoint
from ohmstead.families.everest.simulator.starting import simulate

__all__ = ["RunningChargePoint", "simulate"]
