"""Never-falling totals from counters that begin anew at the gateway's midnight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

NEW_DAY: Final = 0.5
"""A counter below this share of what it had has begun anew: nothing else takes half a day's energy away. Smaller falls are
answers of different age."""


class Tally(msgspec.Struct, frozen=True):
    """One counter: what earlier days came to, and what this one has so far."""

    earlier_wh: float = 0.0
    today_wh: float = 0.0

    @property
    def total_wh(self) -> float:
        return self.earlier_wh + self.today_wh


class Tallies(msgspec.Struct, frozen=True, kw_only=True):
    """All counters of a gateway, kept over restarts."""

    counters: Mapping[str, Tally] = {}
    home_wh: float | None = None

    def total_wh(self, name: str) -> float | None:
        found = self.counters.get(name)
        return None if found is None else found.total_wh


def counted(before: Tallies, told_wh: Mapping[str, float | None]) -> Tallies:
    """The next state. What is not known, or falls a little, leaves its counter where it was."""
    counters = dict(before.counters)
    for name, value_wh in told_wh.items():
        if value_wh is not None:
            counters[name] = _advanced(counters.get(name, Tally()), value_wh)
    after = Tallies(counters=counters)
    return msgspec.structs.replace(after, home_wh=_home_wh(before, after))


def _advanced(tally: Tally, value_wh: float) -> Tally:
    if value_wh < NEW_DAY * tally.today_wh:
        return Tally(tally.total_wh, value_wh)
    return Tally(tally.earlier_wh, max(tally.today_wh, value_wh))


def _home_wh(before: Tallies, after: Tallies) -> float | None:
    """What the home itself used: the gateway's load holds the vehicle port's net energy too."""
    load_wh = after.total_wh("home_use")
    if load_wh is None or before.home_wh is None:
        return load_wh

    def step_wh(name: str) -> float:
        was_wh, is_wh = before.total_wh(name), after.total_wh(name)
        return 0.0 if was_wh is None or is_wh is None else is_wh - was_wh

    return before.home_wh + max(step_wh("home_use") - step_wh("v2l_export") + step_wh("v2l_import"), 0.0)
