"""The control law, pure: what the settings, the time of day and the state of charge make of a battery.

Every second the unit sees what its PV makes and what the house draws, and chooses the power of its battery:

- Nothing special set: surplus charges, and the battery covers what the house lacks ("eco").
- With timed discharge, the battery only discharges in its windows: to cover the house, or with all it has when the
  power mode is export.
- In a charge window the battery charges with all it may, from the grid where PV does not suffice, up to the target,
  and does not discharge.
- Pause, reserve and limits have the last word.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import msgspec

from ohmstead.families.givenergy.types import BatteryPauseMode, ExportPriority

FULL_PCT: Final = 100.0
MOST_C: Final = 0.5
"""Whatever a limit says, a battery takes and gives half its capacity an hour at most."""


class Window(msgspec.Struct, frozen=True):
    """A daily window in minutes of the day; may wrap midnight. Equal ends: never."""

    start_min: int
    end_min: int
    target_pct: float | None = None
    """Where charging or discharging ends, if not at the general limit."""

    def covers(self, minute: int) -> bool:
        if self.start_min <= self.end_min:
            return self.start_min <= minute < self.end_min
        return minute >= self.start_min or minute < self.end_min


class Order(Enum):
    """What the battery is told."""

    FOLLOW = "follow"
    """Take surplus, cover demand."""
    SAVE = "save"
    """Take surplus, give nothing."""
    CHARGE = "charge"
    DISCHARGE = "discharge"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The registers, in words."""

    charges_in_windows: bool = False
    charge_windows: tuple[Window, ...] = ()
    charge_target_pct: float = FULL_PCT
    discharges_in_windows: bool = False
    discharge_windows: tuple[Window, ...] = ()
    is_export_mode: bool = False
    """In a discharge window, give all there is."""
    reserve_pct: float = 4.0
    charge_limit: float = 1.0
    """Share of the most there is."""
    discharge_limit: float = 1.0
    charge_limit_c: float = MOST_C
    discharge_limit_c: float = MOST_C
    pause: BatteryPauseMode = BatteryPauseMode.DISABLED
    pause_window: Window | None = None
    """None: all day."""
    priority: ExportPriority = ExportPriority.LOAD_FIRST
    rate: float = 1.0
    """Share of the rating that may leave the inverter."""
    force_charge: bool = False
    force_discharge: bool = False
    export_limit_w: float | None = None


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    minute: int
    """Of the inverter's day."""
    soc_pct: float
    pv_w: float
    """On the AC side."""
    load_w: float
    most_charge_w: float
    most_discharge_w: float
    capacity_wh: float


class Decision(msgspec.Struct, frozen=True):
    order: Order
    floor_pct: float
    ceiling_pct: float
    """What CHARGE aims at."""


def decide(settings: Settings, minute: int, soc_pct: float) -> Decision:
    """What holds at that minute of the inverter's day."""
    floor_pct = settings.reserve_pct
    if settings.force_charge:
        return Decision(Order.CHARGE, floor_pct, FULL_PCT)
    if settings.force_discharge:
        return Decision(Order.DISCHARGE, floor_pct, FULL_PCT)
    charge = _open(settings.charge_windows, minute) if settings.charges_in_windows else None
    if charge is not None:
        ceiling_pct = min(settings.charge_target_pct, charge.target_pct or FULL_PCT)
        order = Order.CHARGE if soc_pct < ceiling_pct else Order.SAVE
        return Decision(order, floor_pct, ceiling_pct)
    if not settings.discharges_in_windows:
        return Decision(Order.FOLLOW, floor_pct, FULL_PCT)
    discharge = _open(settings.discharge_windows, minute)
    if discharge is None:
        return Decision(Order.SAVE, floor_pct, FULL_PCT)
    floor_pct = max(floor_pct, discharge.target_pct or 0.0)
    return Decision(Order.DISCHARGE if settings.is_export_mode else Order.FOLLOW, floor_pct, FULL_PCT)


def battery_w(settings: Settings, now: Situation) -> float:
    """What the battery is asked for, discharging +. The cells themselves may still give or take less."""
    decision = decide(settings, now.minute, now.soc_pct)
    charge_w = min(
        now.most_charge_w * settings.charge_limit,
        now.capacity_wh * min(settings.charge_limit_c, MOST_C),
    )
    discharge_w = min(
        now.most_discharge_w * settings.discharge_limit,
        now.capacity_wh * min(settings.discharge_limit_c, MOST_C),
    )
    wanted_w = _wanted_w(decision.order, settings, now, charge_w, discharge_w)
    if now.soc_pct <= decision.floor_pct or _pauses(settings, now.minute, discharging=True):
        wanted_w = min(wanted_w, 0.0)
    if _pauses(settings, now.minute, discharging=False):
        wanted_w = max(wanted_w, 0.0)
    return min(max(wanted_w, -charge_w), discharge_w)


def _wanted_w(order: Order, settings: Settings, now: Situation, charge_w: float, discharge_w: float) -> float:
    if order is Order.CHARGE:
        return -charge_w
    if order is Order.DISCHARGE:
        if settings.export_limit_w is None:
            return discharge_w
        return min(discharge_w, max(0.0, now.load_w + settings.export_limit_w - now.pv_w))
    if settings.priority is ExportPriority.BATTERY_FIRST and now.pv_w > 0.0 and now.soc_pct < FULL_PCT:
        return -min(now.pv_w, charge_w)
    lacking_w = now.load_w - now.pv_w
    if lacking_w < 0.0:
        return 0.0 if settings.priority is ExportPriority.GRID_FIRST else lacking_w
    return lacking_w if order is Order.FOLLOW else 0.0


def _open(windows: tuple[Window, ...], minute: int) -> Window | None:
    return next((window for window in windows if window.covers(minute)), None)


def _pauses(settings: Settings, minute: int, *, discharging: bool) -> bool:
    if settings.pause_window is not None and not settings.pause_window.covers(minute):
        return False
    own = BatteryPauseMode.PAUSE_DISCHARGE if discharging else BatteryPauseMode.PAUSE_CHARGE
    return settings.pause in (own, BatteryPauseMode.PAUSE_BOTH)
