"""Settings of any inverter that stand in one place whatever its type, and the single-phase form of the others."""

from __future__ import annotations

import warnings
from datetime import datetime

from ohmstead.families.givenergy.commands import places
from ohmstead.families.givenergy.commands.checking import Requests, member, switch, whole, write
from ohmstead.families.givenergy.commands.places import (
    BATTERY_POWER_MODE,
    DEFAULT_EVENING,
    ENABLE_DISCHARGE,
    LOWEST_SOC,
    SINGLE_PHASE,
)
from ohmstead.families.givenergy.slots import SINGLE, SlotMap
from ohmstead.families.givenergy.types import ExportPriority, TimeSlot


def replaced(name: str, successor: str, *, levels: int = 3) -> None:
    """Warn whoever calls a name that goes."""
    warnings.warn(
        f"{name} will be removed with the next major version; call {successor} instead.",
        DeprecationWarning,
        stacklevel=levels,
    )


def set_charge_target_enabled(soc: int) -> Requests:
    """Charge up to `soc` (4 to 100 %) and stop there; 100 switches the limit off."""
    return places.charge_target_enabled(SINGLE_PHASE, soc)


def set_charge_target(soc: int) -> Requests:
    """Deprecated: `set_charge_target_enabled`."""
    replaced("set_charge_target", "set_charge_target_enabled")
    return places.charge_target_enabled(SINGLE_PHASE, soc)


def set_charge_target_soc(soc: int) -> Requests:
    """Only the target, 4 to 100 %; whether it is in force stays as it is."""
    return places.charge_target_soc(SINGLE_PHASE, soc)


def disable_charge_target() -> Requests:
    return places.no_charge_target(SINGLE_PHASE)


def set_enable_charge(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    """Whether the charge slots are in force."""
    return places.enable_charge(SINGLE_PHASE, enabled)


def set_enable_discharge(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    """Whether the discharge slots are in force."""
    return [write(ENABLE_DISCHARGE, switch("enabled", enabled))]


def set_battery_charge_limit(val: int, *, beyond_documented: bool = False) -> Requests:
    """Hundredths of the capacity per hour: 0 to 50, on some models up to 100 with `beyond_documented`."""
    return [write(111, _limit(val, beyond_documented=beyond_documented))]


def set_battery_discharge_limit(val: int, *, beyond_documented: bool = False) -> Requests:
    """As `set_battery_charge_limit`."""
    return [write(112, _limit(val, beyond_documented=beyond_documented))]


def _limit(val: int, *, beyond_documented: bool) -> int:
    return whole("val", val, 0, 100 if switch("beyond_documented", beyond_documented) else 50)


def set_battery_soc_reserve(val: int) -> Requests:
    """What the battery keeps, 4 to 100 %."""
    return places.soc_reserve(SINGLE_PHASE, val)


def set_shallow_charge(val: int) -> Requests:
    """Deprecated: `set_battery_soc_reserve`."""
    replaced("set_shallow_charge", "set_battery_soc_reserve")
    return places.soc_reserve(SINGLE_PHASE, val)


def set_battery_power_reserve(val: int) -> Requests:
    """Where discharging stops, 4 to 100 %."""
    return [write(114, whole("val", val, LOWEST_SOC, 100))]


def set_mode_dynamic() -> Requests:
    """Eco: the battery follows the house."""
    return places.dynamic(SINGLE_PHASE)


def set_mode_storage(
    discharge_slot_1: TimeSlot | None = DEFAULT_EVENING,
    discharge_slot_2: TimeSlot | None = None,
    discharge_for_export: bool = False,  # noqa: FBT001, FBT002 - as documented
    *,
    slot_map: SlotMap = SINGLE,
) -> Requests:
    """Discharge within the slots only: as the house needs, or at full power with `discharge_for_export`."""
    return places.storage(slot_map, discharge_slot_1, discharge_slot_2, for_export=discharge_for_export)


def set_discharge_mode_max_power() -> Requests:
    return [write(BATTERY_POWER_MODE, 0)]


def set_discharge_mode_to_match_demand() -> Requests:
    return [write(BATTERY_POWER_MODE, 1)]


def set_calibrate_battery_soc(val: int = 1) -> Requests:
    """0 stops, 1 starts, 3 charges only."""
    if whole("val", val, 0, 3) == 2:
        raise ValueError("val is 2; it may be 0 (stop), 1 (start) or 3 (charge only)")
    return [write(29, int(val))]


def set_active_power_rate(target: int) -> Requests:
    """The inverter's output, 0 to 100 % of its rating."""
    return [write(50, whole("target", target, 0, 100))]


def set_system_date_time(dt: datetime) -> Requests:
    """The inverter's clock, which keeps local time: `dt` is written as its hands stand."""
    if not isinstance(dt, datetime):
        raise ValueError(f"dt is a datetime, not {dt!r}")  # noqa: TRY004 - one error for every bad argument
    year = whole("the year of dt", dt.year, 2000, 2099) - 2000
    fields = (year, dt.month, dt.day, dt.hour, dt.minute, dt.second)
    return [write(35 + n, value) for n, value in enumerate(fields)]


def set_enable_rtc(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    """Sources disagree on what this means for the wear of the inverter's memory: change it only if you know."""
    return [write(166, switch("enabled", enabled))]


def set_inverter_reboot() -> Requests:
    """The inverter is away for one to three minutes."""
    return [write(163, 100)]


def set_export_priority(priority: ExportPriority) -> Requests:
    """Where surplus goes first. For AC-coupled plants."""
    return [write(311, member("priority", priority, ExportPriority))]


def set_enable_eps(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    """Emergency supply. For AC-coupled plants."""
    return [write(317, switch("enabled", enabled))]
