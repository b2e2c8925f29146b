"""What each source gave and each sink took in one stretch of time."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec


class Source(StrEnum):
    SOLAR = "solar"
    GENERATOR = "generator"
    VEHICLE = "vehicle"
    """A car that feeds the home."""
    BATTERY = "battery"
    GRID = "grid"


class Sink(StrEnum):
    HOME = "home"
    CHARGERS = "chargers"
    V2L = "v2l"
    """What leaves through a vehicle-to-load port."""
    BATTERY = "battery"
    GRID = "grid"


SOURCES: Final = tuple(Source)
SINKS: Final = tuple(Sink)


class Amounts(msgspec.Struct, frozen=True, kw_only=True):
    """In Wh, none negative. Their sums are equal: what nobody meters is the home's."""

    given: Mapping[Source, float]
    taken: Mapping[Sink, float]
    unaccounted_wh: float = 0.0
    """What sinks took beyond what any source is known to have given; it is in no sum."""


def balanced(given: Mapping[Source, float], taken: Mapping[Sink, float], home_wh: float | None) -> Amounts:
    """Amounts that add up. `taken` are the metered sinks without the home; `home_wh` is its own meter, if it has one.

    An unmetered home took what is left over. Where meters contradict each other the home's gives way, down to zero;
    what even that does not explain is `unaccounted_wh`, and the sinks are scaled down to what was given.
    """
    supply_wh = sum(given.values())
    elsewhere_wh = sum(taken.values())
    left_wh = supply_wh - elsewhere_wh
    if left_wh < 0:
        scale = supply_wh / elsewhere_wh
        scaled = {sink: amount * scale for sink, amount in taken.items()}
        return Amounts(given=given, taken=scaled | {Sink.HOME: 0.0}, unaccounted_wh=-left_wh)
    lacking_wh = max(0.0, home_wh - left_wh) if home_wh is not None else 0.0
    return Amounts(given=given, taken=dict(taken) | {Sink.HOME: left_wh}, unaccounted_wh=lacking_wh)
