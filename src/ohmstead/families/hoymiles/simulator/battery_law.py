"""What a hybrid inverter does with its battery: one function for each working mode, chosen by a table.

Each says the power it wants, discharging positive, of what the home wants and the panels give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import IntEnum
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.hoymiles.protos.storage_settings_pb2 import StorageUserSetToDtu

RATED_W: Final = 5000.0
PERMILLE: Final = 1000.0


class Mode(IntEnum):
    SELF_CONSUMPTION = 1
    ECONOMY = 2
    BACKUP = 3
    OFF_GRID = 4
    FORCED_CHARGE = 5
    FORCED_DISCHARGE = 6
    PEAK_SHAVING = 7
    TIME_OF_USE = 8


class Situation(msgspec.Struct, frozen=True):
    local: datetime
    """In the home's own time."""
    demand_w: float
    """What the home draws; negative when something else feeds in."""
    solar_w: float
    soc_pct: float


def wanted_w(settings: StorageUserSetToDtu, now: Situation) -> float:
    """Within what the settings leave of the battery: never below the reserve by discharging."""
    law = LAWS.get(settings.mode, _self_consumption)
    power_w = law(settings, now)
    if power_w > 0.0 and now.soc_pct <= settings.reserve_soc:
        return 0.0
    return power_w


def _self_consumption(_: StorageUserSetToDtu, now: Situation) -> float:
    return now.demand_w - now.solar_w


def _economy(settings: StorageUserSetToDtu, now: Situation) -> float:
    """Charge while it is cheap, never discharge then; at other times as by self-consumption."""
    for period in settings.economy_periods:
        for week in (period.week_1, period.week_2):
            if week.weekdays >> now.local.weekday() & 1 and is_within(week.valley_time, now.local):
                return -RATED_W
    return _self_consumption(settings, now)


def _backup(settings: StorageUserSetToDtu, now: Situation) -> float:
    """Charge from anything up to the reserve; above it only what the panels leave."""
    if now.soc_pct < settings.reserve_soc:
        return -RATED_W
    return min(0.0, _self_consumption(settings, now))


def _forced_charge(settings: StorageUserSetToDtu, _: Situation) -> float:
    return -RATED_W * settings.max_power / PERMILLE


def _forced_discharge(settings: StorageUserSetToDtu, _: Situation) -> float:
    return RATED_W * settings.max_power / PERMILLE


def _peak_shaving(settings: StorageUserSetToDtu, now: Situation) -> float:
    """Discharge what is above the peak; below it keep the baseline charged."""
    above_w = now.demand_w - now.solar_w - settings.peak_meter_power
    if above_w > 0.0:
        return above_w
    if now.soc_pct < settings.peak_soc:
        return max(-RATED_W, above_w)
    return min(0.0, now.demand_w - now.solar_w)


def _time_of_use(settings: StorageUserSetToDtu, now: Situation) -> float:
    for slot in settings.time_of_use:
        if is_within(slot.charge_time, now.local) and now.soc_pct < slot.max_soc:
            return -RATED_W * slot.charge_power / 100.0
        if is_within(slot.discharge_time, now.local) and now.soc_pct > slot.min_soc:
            return RATED_W * slot.discharge_power / 100.0
    return min(0.0, _self_consumption(settings, now))


LAWS: Final[Mapping[int, Callable[[StorageUserSetToDtu, Situation], float]]] = MappingProxyType(
    {
        Mode.SELF_CONSUMPTION: _self_consumption,
        Mode.ECONOMY: _economy,
        Mode.BACKUP: _backup,
        Mode.OFF_GRID: _self_consumption,
        Mode.FORCED_CHARGE: _forced_charge,
        Mode.FORCED_DISCHARGE: _forced_discharge,
        Mode.PEAK_SHAVING: _peak_shaving,
        Mode.TIME_OF_USE: _time_of_use,
    }
)


def is_within(packed: int, local: datetime) -> bool:
    """Whether a time of day lies in a packed range: from hour and minute, to hour and minute; past midnight too."""
    start, end = (_minutes(part) for part in (packed >> 16 & 0xFFFF, packed & 0xFFFF))
    now = local.hour * 60 + local.minute
    return start <= now < end if start <= end else now >= start or now < end


def _minutes(packed: int) -> int:
    return (packed >> 8) * 60 + (packed & 0xFF)


def complaints(settings: StorageUserSetToDtu) -> Iterable[str]:
    """Why settings cannot be stored."""
    if settings.mode not in LAWS:
        yield f"no mode {settings.mode}"
    if not 0 <= settings.reserve_soc <= 100:
        yield f"a reserve of {settings.reserve_soc} %"
    if not 0 <= settings.max_power <= PERMILLE:
        yield f"a power of {settings.max_power} permille"
    if settings.mode == Mode.ECONOMY and not settings.economy_periods:
        yield "economy without periods"
