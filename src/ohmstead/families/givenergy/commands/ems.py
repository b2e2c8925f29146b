"""What an EMS controller does with the inverters below it: three slots a day for each purpose."""

from __future__ import annotations

from datetime import time

from ohmstead.families.givenergy.commands.checking import (
    Requests,
    moment,
    numbered,
    slot,
    switch,
    whole,
    write,
)
from ohmstead.families.givenergy.slots import EMS_CHARGE, EMS_DISCHARGE, EMS_EXPORT, Pair
from ohmstead.families.givenergy.types import TimeSlot


def set_ems_plant(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    """Off: the managed inverters follow their own schedules."""
    return [write(2040, switch("enabled", enabled))]


def set_ems_charge_slot(idx: int, timeslot: TimeSlot | None) -> Requests:
    """None clears it."""
    return slot("timeslot", _charge(idx), timeslot)


def set_ems_charge_slot_start(idx: int, t: time | None) -> Requests:
    return [write(_charge(idx)[0], moment("t", t))]


def set_ems_charge_slot_end(idx: int, t: time | None) -> Requests:
    return [write(_charge(idx)[1], moment("t", t))]


def set_ems_charge_target_soc(idx: int, soc: int) -> Requests:
    """0 to 100 %."""
    return [write(_charge(idx)[1] + 1, whole("soc", soc, 0, 100))]


def _charge(idx: int) -> Pair:
    return numbered(EMS_CHARGE, idx, "EMS charge slot")


def set_ems_discharge_slot(idx: int, timeslot: TimeSlot | None) -> Requests:
    """None clears it."""
    return slot("timeslot", _discharge(idx), timeslot)


def set_ems_discharge_slot_start(idx: int, t: time | None) -> Requests:
    return [write(_discharge(idx)[0], moment("t", t))]


def set_ems_discharge_slot_end(idx: int, t: time | None) -> Requests:
    return [write(_discharge(idx)[1], moment("t", t))]


def set_ems_discharge_target_soc(idx: int, soc: int) -> Requests:
    """0 to 100 %."""
    return [write(_discharge(idx)[1] + 1, whole("soc", soc, 0, 100))]


def _discharge(idx: int) -> Pair:
    return numbered(EMS_DISCHARGE, idx, "EMS discharge slot")


def set_ems_export_slot(idx: int, timeslot: TimeSlot | None) -> Requests:
    """None clears it."""
    return slot("timeslot", _export(idx), timeslot)


def set_ems_export_slot_start(idx: int, t: time | None) -> Requests:
    return [write(_export(idx)[0], moment("t", t))]


def set_ems_export_slot_end(idx: int, t: time | None) -> Requests:
    return [write(_export(idx)[1], moment("t", t))]


def set_ems_export_target_soc(idx: int, soc: int) -> Requests:
    """0 to 100 %."""
    return [write(_export(idx)[1] + 1, whole("soc", soc, 0, 100))]


def _export(idx: int) -> Pair:
    return numbered(EMS_EXPORT, idx, "EMS export slot")


def set_export_slot(idx: int, slot: TimeSlot | None) -> Requests:
    """The export slots of an EMS under their other name."""
    return set_ems_export_slot(idx, slot)


def set_export_slot_start(idx: int, t: time | None) -> Requests:
    return set_ems_export_slot_start(idx, t)


def set_export_slot_end(idx: int, t: time | None) -> Requests:
    return set_ems_export_slot_end(idx, t)


def set_ems_export_power_limit(watts: int) -> Requests:
    """0 to 65,535 W."""
    return [write(2071, whole("watts", watts, 0, 0xFFFF))]
