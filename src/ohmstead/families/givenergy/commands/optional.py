"""Settings whose support is unproven on most models: they need `allow_gated=True` where they are sent."""

from __future__ import annotations

from ohmstead.families.givenergy.commands.checking import Requests, numbered, slot, switch, whole, write
from ohmstead.families.givenergy.commands.places import ENABLE_CHARGE_TARGET, LOWEST_SOC
from ohmstead.families.givenergy.slots import SMART_LOAD
from ohmstead.families.givenergy.types import TimeSlot


def set_enable_charge_target(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    """Not gated: the switch alone, the target stays."""
    return [write(ENABLE_CHARGE_TARGET, switch("enabled", enabled))]


def set_charge_slot_target_soc(idx: int, soc: int) -> Requests:
    """Where charge slot 1 to 10 stops, 4 to 100 %."""
    return [write(242 + 3 * (whole("idx", idx, 1, 10) - 1), whole("soc", soc, LOWEST_SOC, 100))]


def set_discharge_slot_target_soc(idx: int, soc: int) -> Requests:
    """Where discharge slot 1 to 10 stops, 4 to 100 %."""
    return [write(272 + 3 * (whole("idx", idx, 1, 10) - 1), whole("soc", soc, LOWEST_SOC, 100))]


def set_smart_load_slot(idx: int, timeslot: TimeSlot | None) -> Requests:
    return slot("timeslot", numbered(SMART_LOAD, idx, "smart load slot"), timeslot)


def set_ems_car_charge_boost(watts: int) -> Requests:
    """0 to 22,000 W."""
    return [write(2073, whole("watts", watts, 0, 22000))]


def set_force_off_grid(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    """Lasts until it is taken back: the house stays without the grid."""
    return [write(331, switch("enabled", enabled))]
