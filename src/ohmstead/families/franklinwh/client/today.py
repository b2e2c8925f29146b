"""What counters of a lifetime counted today: the difference since the gateway's own midnight, or since they were first seen
that day.
"""

from __future__ import annotations

from datetime import date

import msgspec


class SinceMidnight(msgspec.Struct, frozen=True):
    """One counter's day."""

    day: date
    start: float
    last: float

    @property
    def counted(self) -> float:
        return self.last - self.start


def advanced(book: SinceMidnight | None, day: date, value: float) -> SinceMidnight:
    """The book with a new reading. A day begins where the one before ended; a counter that fell begins anew."""
    if book is None or value < book.last:
        return SinceMidnight(day, value, value)
    return SinceMidnight(day, book.start if day == book.day else book.last, value)
