"""What only three-phase inverters have."""

from __future__ import annotations

from ohmstead.families.givenergy.commands.checking import Requests, switch, whole, write
from ohmstead.families.givenergy.commands.places import LOWEST_SOC


def set_ac_charge(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    return [write(1112, switch("enabled", enabled))]


def set_force_charge(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    return [write(1123, switch("enabled", enabled))]


def set_force_discharge(enabled: bool) -> Requests:  # noqa: FBT001 - as documented
    return [write(1122, switch("enabled", enabled))]


def set_battery_reserve_soc(val: int) -> Requests:
    """4 to 100 %."""
    return [write(1078, whole("val", val, LOWEST_SOC, 100))]
