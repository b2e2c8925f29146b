"""Instants as whole milliseconds, and row keys that hold a number and an instant.

A row's key is one integer, so that it can be SQLite's rowid: rows of one device or signal lie side by side in time
order, and no second index is stored.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000

EARLIEST: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Before this there was no program to record anything. A machine without a clock of its own starts in 1970."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_TICK_BITS: Final = 42
"""Enough milliseconds for any instant from 1970 to 2109."""
LATEST_MS: Final = (1 << _TICK_BITS) - 1
END_HOUR: Final = -(-LATEST_MS // HOUR_MS)


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970, rounded down. The instant is aware, and lies between 1970 and 2109."""
    if at.tzinfo is None:
        raise ValueError(f"history needs an aware instant, not {at.isoformat()}")
    at_ms = (at - _EPOCH) // _MILLISECOND
    if not 0 <= at_ms <= LATEST_MS:
        raise ValueError(f"history keeps 1970 to 2109, not {at.isoformat()}")
    return at_ms


def from_ms(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def key(number: int, tick: int) -> int:
    """The row of a device or signal at a tick, which is a millisecond or an hour as the table has it."""
    return (number << _TICK_BITS) + tick


def tick_of(row_key: int) -> int:
    return row_key & LATEST_MS


def keys(number: int, first: int, end: int) -> tuple[int, int]:
    """The first and the last key of ticks `first` up to, not including, `end`: for SQL's BETWEEN."""
    return key(number, first), key(number, min(end, LATEST_MS + 1)) - 1
