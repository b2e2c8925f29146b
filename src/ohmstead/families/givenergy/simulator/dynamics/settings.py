"""What the holding registers of a plant say, in the words of the control law."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.givenergy import slots
from ohmstead.families.givenergy.registers.ems import EmsTable
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable as Single
from ohmstead.families.givenergy.registers.three_phase import ThreePhaseTable as Three
from ohmstead.families.givenergy.simulator.dynamics.control import FULL_PCT, MOST_C, Settings, Window
from ohmstead.families.givenergy.simulator.profiles import Kind
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.families.givenergy.types import Bank, BatteryPauseMode, BatteryPowerMode, ExportPriority
from ohmstead.kit.wire.tables import Field

LOWEST_SOC_PCT: Final = 4.0
CHARGE_TARGETS: Final = 242
DISCHARGE_TARGETS: Final = 272
PER_SLOT: Final = 3


def single_phase(sheet: Sheet) -> Settings:
    """Also those of a gateway."""
    return Settings(
        charges_in_windows=sheet.is_on(Single.enable_charge),
        charge_windows=_windows(sheet, slots.EXTENDED.charge, CHARGE_TARGETS),
        charge_target_pct=_target(sheet, Single.charge_target_soc),
        discharges_in_windows=sheet.is_on(Single.enable_discharge),
        discharge_windows=_windows(sheet, slots.EXTENDED.discharge, DISCHARGE_TARGETS),
        is_export_mode=sheet.get(Single.battery_power_mode) is BatteryPowerMode.EXPORT,
        reserve_pct=_highest(sheet, Single.battery_soc_reserve, Single.battery_discharge_min_power_reserve),
        charge_limit=_share(sheet, Single.battery_charge_limit_ac),
        discharge_limit=_share(sheet, Single.battery_discharge_limit_ac),
        charge_limit_c=_c(sheet, Single.battery_charge_limit),
        discharge_limit_c=_c(sheet, Single.battery_discharge_limit),
        pause=_pause(sheet),
        pause_window=_window(sheet, slots.PAUSE) or None,
        priority=sheet.get(Single.export_priority) or ExportPriority.LOAD_FIRST,
        rate=sheet.number(Single.active_power_rate) / 100.0,
    )


def three_phase(sheet: Sheet) -> Settings:
    return Settings(
        charges_in_windows=sheet.is_on(Three.ac_charge_enable),
        charge_windows=_windows(sheet, slots.THREE_PHASE.charge, CHARGE_TARGETS),
        charge_target_pct=_target(sheet, Three.charge_target_soc),
        discharges_in_windows=sheet.is_on(Three.enable_discharge),
        discharge_windows=_windows(sheet, slots.THREE_PHASE.discharge, DISCHARGE_TARGETS),
        is_export_mode=sheet.get(Three.battery_power_mode) is BatteryPowerMode.EXPORT,
        reserve_pct=_highest(
            sheet,
            Three.battery_soc_reserve,
            Three.battery_reserve_soc,
            Three.battery_discharge_min_power_reserve,
        ),
        charge_limit=_share(sheet, Three.battery_charge_limit_ac),
        discharge_limit=_share(sheet, Three.battery_discharge_limit_ac),
        charge_limit_c=_c(sheet, Three.battery_charge_limit),
        discharge_limit_c=_c(sheet, Three.battery_discharge_limit),
        rate=sheet.number(Three.active_power_rate) / 100.0,
        force_charge=sheet.is_on(Three.force_charge_enable),
        force_discharge=sheet.is_on(Three.force_discharge_enable),
    )


def ems(sheet: Sheet) -> Settings:
    """The plant's schedule for all managed inverters; while it is off, each follows its house."""
    if not sheet.store.get(sheet.device, Bank.HR, EmsTable.plant_status.address):
        return Settings()
    export = _targeted(sheet, slots.EMS_EXPORT)
    now_exporting = tuple(window for window in export if window.start_min != window.end_min)
    discharge = _targeted(sheet, slots.EMS_DISCHARGE)
    return Settings(
        charges_in_windows=True,
        charge_windows=_targeted(sheet, slots.EMS_CHARGE),
        discharges_in_windows=bool(now_exporting)
        or any(window.start_min != window.end_min for window in discharge),
        discharge_windows=now_exporting or discharge,
        is_export_mode=bool(now_exporting),
        export_limit_w=sheet.number(EmsTable.export_power_limit),
    )


SETTINGS: Final[Mapping[Kind, Callable[[Sheet], Settings]]] = MappingProxyType(
    {
        Kind.SINGLE_PHASE: single_phase,
        Kind.GATEWAY: single_phase,
        Kind.THREE_PHASE: three_phase,
        Kind.EMS: ems,
    }
)


def _windows(sheet: Sheet, pairs: tuple[slots.Pair, ...], targets: int) -> tuple[Window, ...]:
    found = []
    for number, pair in enumerate(pairs):
        target = sheet.store.get(sheet.device, Bank.HR, targets + PER_SLOT * number) or 0
        valid = target if LOWEST_SOC_PCT <= target <= FULL_PCT else None
        if window := _window(sheet, pair, valid):
            found.append(window)
    return tuple(found)


def _targeted(sheet: Sheet, pairs: tuple[slots.Pair, ...]) -> tuple[Window, ...]:
    """Of an EMS: each slot's end is followed by its state of charge."""
    found = []
    for pair in pairs:
        target = sheet.store.get(sheet.device, Bank.HR, pair[1] + 1)
        if window := _window(sheet, pair, target):
            found.append(window)
    return tuple(found)


def _window(sheet: Sheet, pair: slots.Pair, target_pct: float | None = None) -> Window | None:
    """None for a slot that is unset, cleared or absent."""
    start, end = (_minute(sheet.store.get(sheet.device, Bank.HR, register)) for register in pair)
    return None if start is None or end is None or start == end else Window(start, end, target_pct)


def _minute(hhmm: int | None) -> int | None:
    if hhmm is None:
        return None
    hour, minute = divmod(hhmm, 100)
    return 60 * hour + minute if hour < 24 and minute < 60 else None


def _target(sheet: Sheet, soc: Field[float]) -> float:
    """Charging ends at the target while it is switched on."""
    is_on = sheet.is_on(Single.enable_charge_target)
    return sheet.number(soc) or FULL_PCT if is_on else FULL_PCT


def _highest(sheet: Sheet, *fields: Field[float]) -> float:
    return max(LOWEST_SOC_PCT, *(sheet.number(field) for field in fields))


def _share(sheet: Sheet, field: Field[float]) -> float:
    """A limit in percent of the rating; where there is none, all of it."""
    return (sheet.number(field) or 100.0) / 100.0


def _c(sheet: Sheet, field: Field[float]) -> float:
    """A limit in hundredths of C."""
    limit = sheet.get(field)
    return MOST_C if limit is None else min(limit / 100.0, MOST_C)


def _pause(sheet: Sheet) -> BatteryPauseMode:
    raw = sheet.store.get(sheet.device, Bank.HR, Single.battery_pause_mode.address) or 0
    return (
        BatteryPauseMode(raw) if raw in BatteryPauseMode.__members__.values() else BatteryPauseMode.DISABLED
    )
