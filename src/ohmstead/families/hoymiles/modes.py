"""How a storage works: the settings of each mode, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from enum import IntEnum
from typing import Final

import msgspec

from ohmstead.families.hoymiles.packed import packed_times
from ohmstead.families.hoymiles.protos.storage_settings_pb2 import (
    EconomyPeriod,
    StorageUserSetToDtu,
    TimeOfUse,
)
from ohmstead.model import Unsafe

PER_MILLE: Final = 10
"""A power is sent as its percentage times ten."""
LARGEST_METER_W: Final = 100_000


class StorageMode(IntEnum):
    SELF_CONSUMPTION = 1
    ECONOMY = 2
    BACKUP = 3
    OFF_GRID = 4
    FORCED_CHARGE = 5
    FORCED_DISCHARGE = 6
    PEAK_SHAVING = 7
    TIME_OF_USE = 8


RESERVING: Final = frozenset({StorageMode.SELF_CONSUMPTION, StorageMode.BACKUP, StorageMode.OFF_GRID})
FORCED: Final = frozenset({StorageMode.FORCED_CHARGE, StorageMode.FORCED_DISCHARGE})


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the time-of-use list."""

    charge_from: time
    charge_until: time
    charge_power_pct: int
    discharge_from: time
    discharge_until: time
    discharge_power_pct: int
    min_soc_pct: int
    max_soc_pct: int


def reserving(mode: StorageMode, reserve_soc_pct: int) -> StorageUserSetToDtu:
    """Self-consumption, backup or off-grid, with what the battery keeps. Raises `Unsafe`, as all of these do."""
    if mode not in RESERVING:
        raise Unsafe(f"{mode.name} needs more than a reserve")
    return StorageUserSetToDtu(mode=mode, reserve_soc=_percent("the reserve", reserve_soc_pct))


def forced(mode: StorageMode, reserve_soc_pct: int, max_power_pct: float) -> StorageUserSetToDtu:
    """Charge or discharge now."""
    if mode not in FORCED:
        raise Unsafe(f"{mode.name} is not a forced mode")
    _percent("the power", max_power_pct)
    reserve = _percent("the reserve", reserve_soc_pct)
    return StorageUserSetToDtu(mode=mode, reserve_soc=reserve, max_power=round(max_power_pct * PER_MILLE))


def peak_shaving(peak_soc_pct: int, meter_power_w: int) -> StorageUserSetToDtu:
    """Hold what the house draws from the grid below a power."""
    if not 0 <= meter_power_w <= LARGEST_METER_W:
        raise Unsafe(f"{meter_power_w} W is outside 0 to {LARGEST_METER_W} W")
    return StorageUserSetToDtu(
        mode=StorageMode.PEAK_SHAVING,
        peak_soc=_percent("the charge for peaks", peak_soc_pct),
        peak_meter_power=meter_power_w,
    )


def time_of_use(reserve_soc_pct: int, periods: Iterable[Period]) -> StorageUserSetToDtu:
    """Charge and discharge by the clock."""
    lines = [_line(period) for period in periods]
    if not lines:
        raise Unsafe("a time-of-use setting needs a period")
    reserve = _percent("the reserve", reserve_soc_pct)
    return StorageUserSetToDtu(mode=StorageMode.TIME_OF_USE, reserve_soc=reserve, time_of_use=lines)


def economy(reserve_soc_pct: int, periods: Iterable[EconomyPeriod]) -> StorageUserSetToDtu:
    """By prices. Each period has two weeks: by custom its working days and its week-ends."""
    found = list(periods)
    if not found or not all(p.HasField("week_1") and p.HasField("week_2") for p in found):
        raise Unsafe("an economy setting needs periods of two weeks each")
    reserve = _percent("the reserve", reserve_soc_pct)
    return StorageUserSetToDtu(mode=StorageMode.ECONOMY, reserve_soc=reserve, economy_periods=found)


def _line(period: Period) -> TimeOfUse:
    if period.min_soc_pct > period.max_soc_pct:
        raise Unsafe(f"a battery between {period.min_soc_pct} and {period.max_soc_pct} % is none")
    return TimeOfUse(
        charge_time=packed_times(period.charge_from, period.charge_until),
        charge_power=_percent("the charging power", period.charge_power_pct),
        discharge_time=packed_times(period.discharge_from, period.discharge_until),
        discharge_power=_percent("the discharging power", period.discharge_power_pct),
        min_soc=_percent("the lowest charge", period.min_soc_pct),
        max_soc=_percent("the highest charge", period.max_soc_pct),
    )


def _percent(what: str, value_pct: float) -> int:
    if not 0 <= value_pct <= 100:
        raise Unsafe(f"{what} is 0 to 100 %, not {value_pct:g}")
    return round(value_pct)
