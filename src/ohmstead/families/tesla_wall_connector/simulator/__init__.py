"""Simulated Wall Connectors: units on real ports that other people's clients cannot tell from hardware."""

from __future__ import annotations

from ohmstead.families.tesla_wall_connector.simulator.faults import KINDS
from ohmstead.families.tesla_wall_connector.simulator.profiles import PROFILES, Profile
from ohmstead.families.tesla_wall_connector.simulator.running import RunningUnits
from ohmstead.families.tesla_wall_connector.simulator.starting import simulate

__all__ = ["KINDS", "PROFILES", "Profile", "RunningUnits", "simulate"]
