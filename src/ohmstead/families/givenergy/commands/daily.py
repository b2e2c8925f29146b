"""Charge and discharge slots. Their registers depend on the unit, so each function must be told its `slot_map`:
an index that is right on one family would reach other registers on another.
"""

from __future__ import annotations

from datetime import time

from ohmstead.families.givenergy.commands.checking import Requests, moment, numbered, slot, write
from ohmstead.families.givenergy.slots import Pair, SlotMap
from ohmstead.families.givenergy.types import TimeSlot


def set_charge_slot(idx: int, timeslot: TimeSlot | None, slot_map: SlotMap) -> Requests:
    """None clears it."""
    return slot("timeslot", _charge(idx, slot_map), timeslot)


def set_charge_slot_start(idx: int, t: time | None, slot_map: SlotMap) -> Requests:
    return [write(_charge(idx, slot_map)[0], moment("t", t))]


def set_charge_slot_end(idx: int, t: time | None, slot_map: SlotMap) -> Requests:
    return [write(_charge(idx, slot_map)[1], moment("t", t))]


def reset_charge_slot(idx: int, slot_map: SlotMap) -> Requests:
    return slot("timeslot", _charge(idx, slot_map), None)


def set_discharge_slot(idx: int, timeslot: TimeSlot | None, slot_map: SlotMap) -> Requests:
    """None clears it."""
    return slot("timeslot", _discharge(idx, slot_map), timeslot)


def set_discharge_slot_start(idx: int, t: time | None, slot_map: SlotMap) -> Requests:
    return [write(_discharge(idx, slot_map)[0], moment("t", t))]


def set_discharge_slot_end(idx: int, t: time | None, slot_map: SlotMap) -> Requests:
    return [write(_discharge(idx, slot_map)[1], moment("t", t))]


def reset_discharge_slot(idx: int, slot_map: SlotMap) -> Requests:
    return slot("timeslot", _discharge(idx, slot_map), None)


def _charge(idx: int, slot_map: SlotMap) -> Pair:
    return numbered(_given(slot_map).charge, idx, f"charge slot of the {slot_map.name} map")


def _discharge(idx: int, slot_map: SlotMap) -> Pair:
    return numbered(_given(slot_map).discharge, idx, f"discharge slot of the {slot_map.name} map")


def _given(slot_map: SlotMap) -> SlotMap:
    if not isinstance(slot_map, SlotMap):
        raise TypeError(f"slot_map is the SlotMap of the unit, not {slot_map!r}")
    return slot_map
