"""The power balance of a home at one instant.

On the AC bus: solar + grid + battery + generator = home + chargers + v2l + losses (+ unaccounted). A role the site has
no device for flows nothing and is 0, except the grid, which every home has: unmetered, it is unknown (`None`). A role
whose device says nothing, or said it too long ago, is `None`. The home's own load is metered where a meter is, else it
is the residual; a residual below zero is clamped to 0 and its remainder shown as `unaccounted_w`. While a source has
not spoken yet, roles that nobody has told of are unknown too, and there is no residual: what that source does would be
charged to the home.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

import msgspec

from ohmstead.model.device import source_of
from ohmstead.model.reading import (
    BatteryReading,
    Reading,
    SolarReading,
)
from ohmstead.model.site import ROLES, Site


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
    told = _Told(readings, site, at, longest_age)
    nobody_w = 0.0 if is_complete else None
    solar_w = told.power_w("solar", nobody_w)
    battery_w = told.power_w("battery", nobody_w)
    generator_w = told.power_w("generator", nobody_w)
    chargers_w = told.power_w("chargers", nobody_w)
    v2l_w = told.power_w("v2l", nobody_w)
    grid_w = told.power_w("grid", None)
    losses_w = told.losses_w()
    rest_w = _rest_w((solar_w, grid_w, battery_w, generator_w), (chargers_w, v2l_w, losses_w))
    metered_w = told.power_w("load", None)
    home_w, unaccounted_w = _home(rest_w if is_complete else None, metered_w, is_metered=told.has("load"))
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
        oldest_s=told.oldest_s(),
    )


class _Told:
    """What the devices say that count at the site, role by role."""

    def __init__(
        self, readings: Iterable[Reading], site: Site, at: datetime, longest_age: timedelta | None
    ) -> None:
        self._at = at
        self._longest_age = longest_age
        self._by_role: dict[str, list[Reading]] = {}
        for reading in readings:
            role = ROLES[type(reading)]
            if site.counts(role, source_of(reading.device)):
                self._by_role.setdefault(role, []).append(reading)

    def has(self, role: str) -> bool:
        return role in self._by_role

    def power_w(self, role: str, nobody_w: float | None) -> float | None:
        """Of all its devices together, None if one of them is not known; `nobody_w` if there is none."""
        if not self.has(role):
            return nobody_w
        return _sum_w([self._power_w(reading) for reading in self._by_role[role]])

    def losses_w(self) -> float:
        return sum(
            reading.losses_w or 0.0
            for reading in self._all()
            if isinstance(reading, SolarReading | BatteryReading) and self._is_fresh(reading)
        )

    def oldest_s(self) -> float | None:
        return max(((self._at - reading.at).total_seconds() for reading in self._all()), default=None)

    def _all(self) -> Iterable[Reading]:
        return chain.from_iterable(self._by_role.values())

    def _power_w(self, reading: Reading) -> float | None:
        return reading.power_w if self._is_fresh(reading) else None

    def _is_fresh(self, reading: Reading) -> bool:
        return not self._longest_age or self._at - reading.at <= self._longest_age


def _sum_w(powers_w: Sequence[float | None]) -> float | None:
    """None if one of them is."""
    known_w = [power_w for power_w in powers_w if power_w is not None]
    return sum(known_w) if len(known_w) == len(powers_w) else None


def _rest_w(sources_w: Sequence[float | None], sinks_w: Sequence[float | None]) -> float | None:
    """What comes in and does not go to any of these sinks."""
    fed_w, drawn_w = _sum_w(sources_w), _sum_w(sinks_w)
    return None if fed_w is None or drawn_w is None else fed_w - drawn_w


def _home(
    rest_w: float | None, metered_w: float | None, *, is_metered: bool
) -> tuple[float | None, float | None]:
    """The home's load and what the balance cannot account for."""
    if rest_w is None:
        return metered_w, None
    if not is_metered:
        return max(rest_w, 0.0), min(rest_w, 0.0)
    return metered_w, None if metered_w is None else rest_w - metered_w
