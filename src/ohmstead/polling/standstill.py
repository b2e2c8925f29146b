"""Readings in which nothing lives: every value zero at once, or a power that stands still beside a counter that does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

BLANK_POLLS: Final = 3
"""So many in a row are kept aside; a device that goes on saying zero means it."""
STUCK_FOR: Final = timedelta(minutes=15)
STUCK_POLLS: Final = 10
STUCK_WH: Final = 100.0
STUCK_STEPS: Final = 10
"""By how many of its steps a counter must have failed to move."""
LEAST_VALUES: Final = 2


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How long one reading of a device has been the same."""

    values: Mapping[str, float]
    since: datetime
    at: datetime
    polls: int = 1
    blanks: int = 0


def next_standing(last: Standing | None, values: Mapping[str, float], at: datetime) -> Standing:
    """After one more poll with these known values."""
    blanks = last.blanks + 1 if last is not None and is_blank(values) else 0
    if last is None or values != last.values:
        return Standing(values=values, since=at, at=at, blanks=blanks)
    polls = last.polls + (at > last.at)
    return Standing(values=values, since=last.since, at=at, polls=polls, blanks=blanks)


def is_blank(values: Mapping[str, float]) -> bool:
    """Zeros only, where there is more than one value."""
    return len(values) >= LEAST_VALUES and not any(values.values())


def is_stuck(standing: Standing, power_w: float, step_wh: float) -> bool:
    """Whether energy must have been counted since the reading last changed, and was not."""
    lasted = standing.at - standing.since
    missing_wh = abs(power_w) * lasted.total_seconds() / 3600
    is_long = lasted >= STUCK_FOR and standing.polls >= STUCK_POLLS
    return is_long and missing_wh >= max(STUCK_WH, STUCK_STEPS * step_wh)
