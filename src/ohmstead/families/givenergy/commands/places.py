"""The same settings at the places of either inverter type, and what is written there."""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families.givenergy.commands.checking import Requests, slot, switch, whole, write
from ohmstead.families.givenergy.slots import SINGLE, THREE_PHASE, SlotMap
from ohmstead.families.givenergy.types import TimeSlot

ENABLE_CHARGE_TARGET: Final = 20
BATTERY_POWER_MODE: Final = 27
ENABLE_DISCHARGE: Final = 59
DEFAULT_EVENING: Final = TimeSlot.from_components(16, 0, 7, 0)
LOWEST_SOC: Final = 4


class Places(msgspec.Struct, frozen=True):
    """The registers that differ between the types."""

    enable_charge: int
    charge_target_soc: int
    soc_reserve: int
    slots: SlotMap


SINGLE_PHASE: Final = Places(96, 116, 110, SINGLE)
THREE_PHASES: Final = Places(1112, 1111, 1109, THREE_PHASE)


def charge_target_enabled(places: Places, soc: int) -> Requests:
    """A target of 100 switches the limit off instead."""
    soc = whole("soc", soc, LOWEST_SOC, 100)
    return [
        write(places.enable_charge, 1),
        write(ENABLE_CHARGE_TARGET, int(soc < 100)),
        write(places.charge_target_soc, soc),
    ]


def charge_target_soc(places: Places, soc: int) -> Requests:
    return [write(places.charge_target_soc, whole("soc", soc, LOWEST_SOC, 100))]


def no_charge_target(places: Places) -> Requests:
    return [write(ENABLE_CHARGE_TARGET, 0), write(places.charge_target_soc, 100)]


def enable_charge(places: Places, enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    return [write(places.enable_charge, switch("enabled", enabled))]


def soc_reserve(places: Places, val: int) -> Requests:
    return [write(places.soc_reserve, whole("val", val, LOWEST_SOC, 100))]


def dynamic(places: Places) -> Requests:
    return [write(BATTERY_POWER_MODE, 1), write(places.soc_reserve, LOWEST_SOC), write(ENABLE_DISCHARGE, 0)]


def storage(slots: SlotMap, first: TimeSlot | None, second: TimeSlot | None, *, for_export: bool) -> Requests:
    """The reserve is left alone: whoever keeps one means it in every mode."""
    export = switch("discharge_for_export", for_export)
    return [
        write(BATTERY_POWER_MODE, 1 - export),
        write(ENABLE_DISCHARGE, 1),
        *slot("discharge_slot_1", slots.discharge[0], first),
        *slot("discharge_slot_2", slots.discharge[1], second),
    ]
