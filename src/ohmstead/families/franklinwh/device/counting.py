"""Never-falling totals from counters that begin anew at the gateway's midnight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import msgspec

BEGUN_ANEW: Final = 0.5
"""Within a day, a counter below this share of what it had has begun anew all the same; smaller falls are answers of
different age."""
LATE_S: Final = 600.0
"""Into a day, in which a counter may still be that of the day before: it begins anew some seconds before or after."""


class Tally(msgspec.Struct, frozen=True):
    """One counter: what earlier days came to, and what this one has so far."""

    earlier_wh: float = 0.0
    today_wh: float = 0.0

    @property
    def total_wh(self) -> float:
        return self.earlier_wh + self.today_wh


class Tallies(msgspec.Struct, frozen=True, kw_only=True):
    """All counters of a gateway, kept over restarts."""

    day: str = ""
    """The gateway's own, of the last answer."""
    counters: Mapping[str, Tally] = {}
    home_wh: float | None = None

    def total_wh(self, name: str) -> float | None:
        found = self.counters.get(name)
        return None if found is None else found.total_wh


def counted(before: Tallies, told_wh: Mapping[str, float | None], day: date, unheard_s: float) -> Tallies:
    """The next state. What is not known, or falls a little within a day, leaves its counter where it was.

    `unheard_s`: how much of that day went by without an answer; 0 where that is not sure.
    """
    is_new_day = "" < before.day < day.isoformat()
    begun_anew = 1.0 if is_new_day else BEGUN_ANEW
    counters = dict(before.counters)
    if is_new_day and unheard_s >= LATE_S:
        counters = {name: Tally(tally.total_wh) for name, tally in counters.items()}
    for name, value_wh in told_wh.items():
        if value_wh is not None:
            counters[name] = _advanced(counters.get(name, Tally()), value_wh, begun_anew)
    after = Tallies(day=day.isoformat(), counters=counters)
    return msgspec.structs.replace(after, home_wh=_home_wh(before, after))


def _advanced(tally: Tally, value_wh: float, begun_anew: float) -> Tally:
    if value_wh < begun_anew * tally.today_wh:
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
