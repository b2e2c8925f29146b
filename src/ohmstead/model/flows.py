"""The power balance of a home at one instant.

On the AC bus: solar + grid + battery + generator = home + chargers + v2l + losses (+ unaccounted). A role the site has
no device for flows nothing and is 0, except the grid, which every home has: unmetered, it is unknown (`None`). A role
whose device says nothing, or said it too long ago, is `None`. The home's own load is metered where a meter is, else it
is the residual; a residual below zero is clamped to 0 and its remainder shown as `unaccounted_w`. While a source has
not spoken yet, roles that nobody has told of are unknown too, and there is no residual: what that source does would be
charged to the home.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from ohmstead.model.reading import (
    BatteryReading,
    ChargerReading,
    GeneratorReading,
    GridReading,
    LoadReading,
    Reading,
    SolarReading,
    VehiclePortReading,
)
from ohmstead.model.site import Site

ROLES: dict[type[Reading], str] = {
    SolarReading: "solar",
    GridReading: "grid",
    BatteryReading: "battery",
    GeneratorReading: "generator",
    LoadReading: "load",
    ChargerReading: "chargers",
    VehiclePortReading: "v2l",
}


class Flows(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    solar_w: float | None
    grid_w: float | None
    battery_w: float | None
    generator_w: float | None
    home_w: float | None
    chargers_w: float | None
    v2l_w: float | None
    losses_w: float | None
    unaccounted_w: float | None
    oldest_s: float | None = None
    """Age of the oldest reading the flows were taken from."""


def flows(
    readings: Iterable[Reading],
    site: Site,
    at: datetime,
    longest_age: timedelta | None = None,
    *,
    is_complete: bool = True,
) -> Flows:
    """The balance at `at` from the newest reading of each device and role.

    A reading older than `longest_age` is not known any more. `is_complete`: every source has said what it measures.
    `losses_w` is what devices lose that measure both their sides; the losses of all others are part of the home's load.
    """
    by_role: dict[str, list[Reading]] = {role: [] for role in ROLES.values()}
    for reading in readings:
        role = ROLES[type(reading)]
        if site.counts(role, reading.device.partition("/")[0]):
            by_role[role].append(reading)

    def total_w(role: str) -> float | None:
        if not by_role[role] and not is_complete:
            return None
        powers = [None if longest_age and at - r.at > longest_age else r.power_w for r in by_role[role]]
        return None if None in powers else sum(p for p in powers if p is not None)

    solar_w, battery_w, generator_w = total_w("solar"), total_w("battery"), total_w("generator")
    grid_w = total_w("grid") if by_role["grid"] else None
    chargers_w, v2l_w = total_w("chargers"), total_w("v2l")
    losses_w = sum(
        r.losses_w or 0.0
        for found in by_role.values()
        for r in found
        if isinstance(r, SolarReading | BatteryReading) and not (longest_age and at - r.at > longest_age)
    )
    metered_w = total_w("load") if by_role["load"] else None
    home_w, unaccounted_w = _home(
        (solar_w, grid_w, battery_w, generator_w),
        (chargers_w, v2l_w, losses_w),
        metered_w,
        is_metered=bool(by_role["load"]),
        is_complete=is_complete,
    )
    ages = [(at - r.at).total_seconds() for found in by_role.values() for r in found]
    return Flows(
        at=at,
        solar_w=solar_w,
        grid_w=grid_w,
        battery_w=battery_w,
        generator_w=generator_w,
        home_w=home_w,
        chargers_w=chargers_w,
        v2l_w=v2l_w,
        losses_w=losses_w,
        unaccounted_w=unaccounted_w,
        oldest_s=max(ages, default=None),
    )


def _home(
    sources: tuple[float | None, ...],
    sinks: tuple[float | None, ...],
    metered_w: float | None,
    *,
    is_metered: bool,
    is_complete: bool,
) -> tuple[float | None, float | None]:
    """The home's load and what the balance cannot account for."""
    fed, drawn = [p for p in sources if p is not None], [p for p in sinks if p is not None]
    if not is_complete or len(fed) < len(sources) or len(drawn) < len(sinks):
        return metered_w, None
    residual_w = sum(fed) - sum(drawn)
    if not is_metered:
        return max(residual_w, 0.0), min(residual_w, 0.0)
    return metered_w, None if metered_w is None else residual_w - metered_w
