"""Values that storage settings pack into one integer: ranges of times and of dates, days of the week, prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Final

DAYS: Final = range(1, 8)
"""1 is Monday."""


def packed_times(start: time, end: time) -> int:
    """06:00 to 08:00 is 0x06000800."""
    return _packed(start.hour, start.minute, end.hour, end.minute)


def packed_dates(start: tuple[int, int], end: tuple[int, int]) -> int:
    """Day and month each, as they are written: 01.01 to 31.03. Raises `ValueError` for what is no day of a year."""
    for day, month in (start, end):
        if not (1 <= day <= 31 and 1 <= month <= 12):
            raise ValueError(f"{day:02}.{month:02} is no day and month")
    return _packed(*start, *end)


def unpacked(number: int) -> tuple[int, int, int, int]:
    """The four numbers of a range."""
    first, second, third, fourth = number.to_bytes(4, "big")
    return first, second, third, fourth


def packed_weekdays(days: Iterable[int]) -> int:
    """A bit for each day. Raises `ValueError` for what is none of 1 to 7."""
    found = set(days)
    if not found <= set(DAYS):
        raise ValueError(f"days of the week are 1 (Monday) to 7, not {sorted(found - set(DAYS))}")
    return sum(1 << day - 1 for day in found)


def weekdays(mask: int) -> tuple[int, ...]:
    return tuple(day for day in DAYS if mask & 1 << day - 1)


def packed_price(price: float) -> int:
    """In hundredths, cut off and not rounded. The small amount keeps 0.29 from being 28."""
    return int(price * 100 + 1e-9)


def _packed(first: int, second: int, third: int, fourth: int) -> int:
    return int.from_bytes(bytes((first, second, third, fourth)), "big")
