"""Simulated plants: adapters on a real port that other people's clients cannot tell from hardware."""

from __future__ import annotations

from ohmstead.families.givenergy.simulator.faults import KINDS
from ohmstead.families.givenergy.simulator.profiles import PROFILES, Profile
from ohmstead.families.givenergy.simulator.running import RunningPlant, simulate

__all__ = ["KINDS", "PROFILES", "Profile", "RunningPlant", "simulate"]
