"""The simulators: DTUs and a storage gateway (`starting` has the way in), and the cloud they report to (`cloud`).

A DTU is its hardware (`dtu`, `inverter`, `datasets`), its wire (`service`, `answers`), its cloud link (`reporting`), and
what can be done to it (`running`, `faults`). A gateway has `storage` and `storage_answers` in place of the first two.
"""

from __future__ import annotations

from ohmstead.families.hoymiles.simulator.cloud import CloudService, Keeps, Manners, RunningCloud
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter
from ohmstead.families.hoymiles.simulator.profiles import (
    DTU_HMT,
    DTU_OLD,
    DTU_PRO_S,
    DTU_WLITE_S,
    HMS_800W_2T,
    HMSW_ENC,
    HMSW_MID,
    HMSW_OLD,
    PROFILES,
    STORAGE_GW,
    InverterModel,
    OldAnswer,
    Profile,
)
from ohmstead.families.hoymiles.simulator.reporting import Reporting
from ohmstead.families.hoymiles.simulator.running import RunningDtu
from ohmstead.families.hoymiles.simulator.service import Service, Snub
from ohmstead.families.hoymiles.simulator.starting import simulate
from ohmstead.families.hoymiles.simulator.storage import StorageGateway

__all__ = [
    "DTU_HMT",
    "DTU_OLD",
    "DTU_PRO_S",
    "DTU_WLITE_S",
    "HMSW_ENC",
    "HMSW_MID",
    "HMSW_OLD",
    "HMS_800W_2T",
    "PROFILES",
    "STORAGE_GW",
    "CloudService",
    "Dtu",
    "Faults",
    "InverterModel",
    "Keeps",
    "Manners",
    "MicroInverter",
    "OldAnswer",
    "Profile",
    "Reporting",
    "RunningCloud",
    "RunningDtu",
    "Service",
    "Snub",
    "StorageGateway",
    "simulate",
]
