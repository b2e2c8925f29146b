"""The DTU simulator: state (`dtu`, `inverter`, `datasets`), the wire (`service`, `answers`), and what can be done to it."""

from __future__ import annotations

from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter
from ohmstead.families.hoymiles.simulator.profiles import (
    HMS_800W_2T,
    HMSW_MID,
    PROFILES,
    InverterModel,
    Profile,
)
from ohmstead.families.hoymiles.simulator.running import RunningDtu, simulate
from ohmstead.families.hoymiles.simulator.service import Service

__all__ = [
    "HMSW_MID",
    "HMS_800W_2T",
    "PROFILES",
    "Dtu",
    "Faults",
    "InverterModel",
    "MicroInverter",
    "Profile",
    "RunningDtu",
    "Service",
    "simulate",
]
