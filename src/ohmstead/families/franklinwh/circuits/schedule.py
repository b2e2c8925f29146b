"""When a circuit switches by itself: at most two spans of a day, repeated every so many days from a base date.

Everything is local time of the gateway. Some firmware acknowledges a schedule and drops it: read back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final

Times = Sequence[tuple[str, str]]
"""Pairs of start and end, `HH:MM`."""

UNSET_DATES: Final = ("2000-01-01", "1970-01-01")
"""Stand where nobody has given a date (captures)."""
MOST_SPANS: Final = 2
ARMED: Final = [1, 0, 1, 0]
UNUSED: Final = ("00:00", "23:59")
"""What the record of a gateway without schedules shows, about."""
_CLOCK: Final = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def checked_spans(spans: Times, most: int) -> list[tuple[str, str]]:
    """Sorted; touching is allowed. Raises `ValueError` for what is no time, too many, turned round or overlapping."""
    if len(spans) > most:
        raise ValueError(f"at most {most} windows are possible, not {len(spans)}")
    for start, end in spans:
        if not (_CLOCK.fullmatch(start) and _CLOCK.fullmatch(end)):
            raise ValueError(f"a window is HH:MM to HH:MM, not {start!r} to {end!r}")
        if start >= end:
            raise ValueError(f"a window ends after it starts and not past midnight: {start} to {end}")
    ordered = sorted(spans)
    for (_, earlier_end), (later_start, _) in pairwise(ordered):
        if later_start < earlier_end:
            raise ValueError(f"windows overlap: one ends at {earlier_end}, the next starts at {later_start}")
    return ordered


def schedule_fields(
    present: Sequence[str], spans: Times, cycle_days: int, base_date: date | None
) -> Mapping[str, Any]:  # Any: the vendor's fields, of any type
    """`SwnTime`, `SwnTimeEn`, `SwnTimeSet`, `SwnFreq` without their number. `present`: `SwnTime` as it was read.

    Without a base date the dates that stand are kept; where none stands, one must be given. Raises `ValueError`.
    """
    ordered = checked_spans(spans, MOST_SPANS)
    if not ordered:
        raise ValueError("a schedule has one or two windows")
    if not 0 <= cycle_days <= 365:
        raise ValueError(f"the cycle is 0 (once) to 365 days, not {cycle_days}")
    dates = [_date(present, slot, base_date, is_used=slot < len(ordered)) for slot in range(MOST_SPANS)]
    filled = [*ordered, *[UNUSED] * (MOST_SPANS - len(ordered))]
    return {
        "Time": [f"{day} {clock}" for day, span in zip(dates, filled, strict=True) for clock in span],
        "TimeEn": [int(slot < len(ordered)) for slot in range(MOST_SPANS) for _ in range(2)],
        "TimeSet": list(ARMED),
        "Freq": cycle_days,
    }


def _date(present: Sequence[str], slot: int, base_date: date | None, *, is_used: bool) -> str:
    if base_date is not None and is_used:
        return base_date.isoformat()
    stands = present[2 * slot][:10] if len(present) > 2 * slot else UNSET_DATES[0]
    if is_used and stands in UNSET_DATES:
        raise ValueError("this circuit has no date yet; give the date from which its schedule counts")
    return stands
