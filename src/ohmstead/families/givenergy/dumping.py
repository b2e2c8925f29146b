"""The parts of a plant as plain values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.views import Battery, BatteryModule, HvStack, Meter, View
from ohmstead.families.givenergy.views.following import dump
from ohmstead.kit.wire.tables import Pages

NOTHING: Final[Pages] = MappingProxyType({})

Part = View | list[Battery] | list[BatteryModule] | list[HvStack] | dict[int, Meter] | HvStack | None
"""What a dump has under one name."""

Show = Callable[[bool], object]
"""Says what a part says now; True: enumerations by name."""


def shower(part: Part, of: Callable[[View], Show]) -> Show:
    """How to show a part again and again, where `of` is how to show one device."""
    match part:
        case View():
            return of(part)
        case list():
            shows = [shower(entry, of) for entry in part]
            return lambda enum_names: [show(enum_names) for show in shows]
        case dict():
            named = {key: shower(view, of) for key, view in part.items()}
            return lambda enum_names: {key: show(enum_names) for key, show in named.items()}
        case HvStack():
            bcu, bmus = of(part.bcu), shower(list(part.bmus), of)
            return lambda enum_names: part.shown(bcu(enum_names), bmus(enum_names))
    return lambda _enum_names: None


def device_shower(caches: Mapping[int, RegisterCache], view: View) -> Show:
    """How to show one device, whatever its registers say by then."""
    cache, follower = caches.get(view.device_address), view.follower
    return lambda enum_names: dump(
        follower.at(NOTHING if cache is None else cache.pages()), enum_names=enum_names
    )


def frozen(value: object) -> object:
    """The same, so that nobody can change it: down to the values of each view."""
    if isinstance(value, list):
        return tuple(frozen(entry) for entry in value)
    return MappingProxyType(value) if isinstance(value, dict) else value
