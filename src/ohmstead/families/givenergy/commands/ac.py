"""Settings that only some models have and that no view offers: the limits of AC-coupled units, pausing the battery."""

from __future__ import annotations

from datetime import time

from ohmstead.families.givenergy.commands.checking import Requests, member, moment, slot, whole, write
from ohmstead.families.givenergy.slots import PAUSE
from ohmstead.families.givenergy.types import BatteryPauseMode, TimeSlot


def set_battery_charge_limit_ac(val: int) -> Requests:
    """1 to 100 %; the hardware refuses 0."""
    return [write(313, whole("val", val, 1, 100))]


def set_battery_discharge_limit_ac(val: int) -> Requests:
    """1 to 100 %; the hardware refuses 0."""
    return [write(314, whole("val", val, 1, 100))]


def set_battery_pause_mode(val: BatteryPauseMode) -> Requests:
    return [write(318, member("val", val, BatteryPauseMode))]


def set_pause_slot(slot: TimeSlot | None) -> Requests:
    """When the pause holds; it may wrap midnight."""
    return _slot("slot", PAUSE, slot)


def set_pause_slot_start(t: time | None) -> Requests:
    return [write(PAUSE[0], moment("t", t))]


def set_pause_slot_end(t: time | None) -> Requests:
    return [write(PAUSE[1], moment("t", t))]


_slot = slot
"""Under a name that a parameter does not hide."""
