"""What is kept for how long: every sample, then every minute, and what each hour came to for ever.

An hour of one signal is some hundred bytes in full and thirty as a total, so that years of days stay cheap.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.history.names import Names
from ohmstead.history.times import END_HOUR, HOUR_MS, key, keys, tick_of, to_ms
from ohmstead.model import ConfigError

SHORTEST_DAYS: Final = 2
"""Today and yesterday are what people look at."""


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[history]` table of the site file."""

    raw_days: int | None = None
    """Days for which every sample is kept; for ever if not given."""
    minute_days: int | None = None
    """Days for which every minute is kept; for ever if not given."""
    raw_days_when_full: int = 30
    """Days for which every sample is kept even when the disk is full. Older ones go then, oldest first; their minutes
    and hours stay.
    """

    @property
    def keeps_all(self) -> bool:
        """As long as there is room."""
        return self.raw_days is None and self.minute_days is None

    def __post_init__(self) -> None:
        for name in ("raw_days", "minute_days", "raw_days_when_full"):
            days = getattr(self, name)
            if days is not None and days < SHORTEST_DAYS:
                raise ConfigError(
                    f"{name} is to be at least {SHORTEST_DAYS}, not {days}.", example=f"{name} = 730"
                )


def prune(connection: sqlite3.Connection, names: Names, now: datetime, retention: Retention) -> int:
    """Inside a transaction of the caller's. Says how many blobs went."""
    gone = 0
    if retention.raw_days is not None:
        gone += _drop_samples(connection, names, _horizon(now, retention.raw_days))
    if retention.minute_days is not None:
        end_hour = _horizon(now, retention.minute_days)
        for number in names.devices().values():
            gone += sum(_drop(connection, "minutes", signal, end_hour) for signal in names.signals(number))
    return gone


def make_room(connection: sqlite3.Connection, names: Names, now: datetime, retention: Retention) -> int:
    """For a full disk, inside a transaction of the caller's: the oldest day of samples, if it is old enough to go."""
    firsts = [_first_hour(connection, number) for number in names.devices().values()]
    oldest = min((hour for hour in firsts if hour is not None), default=None)
    if oldest is None:
        return 0
    return _drop_samples(connection, names, min(oldest + 24, _horizon(now, retention.raw_days_when_full)))


def is_pruned(connection: sqlite3.Connection, signal: int, hour: int) -> bool:
    """Whether only the total of this hour is left: late samples would stand for all of it, and are left out."""
    row = key(signal, hour)
    return (
        connection.execute(
            "SELECT 1 FROM hour WHERE key = ?1 AND NOT EXISTS (SELECT 1 FROM block WHERE key = ?1)", (row,)
        ).fetchone()
        is not None
    )


def _horizon(now: datetime, days: int) -> int:
    return max(0, to_ms(now) - timedelta(days=days) // timedelta(milliseconds=1)) // HOUR_MS


def _drop_samples(connection: sqlite3.Connection, names: Names, end_hour: int) -> int:
    gone = 0
    for number in names.devices().values():
        gone += sum(_drop(connection, "block", signal, end_hour) for signal in names.signals(number))
        _drop(connection, "ticks", number, end_hour)
    connection.execute("DELETE FROM moments WHERE key < ?", (key(end_hour, 0),))
    return gone


def is_usual(connection: sqlite3.Connection, names: Names, now: datetime) -> bool:
    """Whether something was recorded half a day to a day ago. A clock that jumped years ahead gives nothing up."""
    hour = to_ms(now) // HOUR_MS
    reach = hour - 24, hour - 12
    return any(_first_hour(connection, number, *reach) is not None for number in names.devices().values())


def _first_hour(
    connection: sqlite3.Connection, device: int, first_hour: int = 0, end_hour: int = END_HOUR
) -> int | None:
    """Of the sealed ones in between."""
    find = "SELECT min(key) FROM ticks WHERE key BETWEEN ? AND ?"
    row: int | None = connection.execute(find, keys(device, max(0, first_hour), max(0, end_hour))).fetchone()[
        0
    ]
    return None if row is None else tick_of(row)


def _drop(connection: sqlite3.Connection, table: str, number: int, end_hour: int) -> int:
    statement = f"DELETE FROM {table} WHERE key BETWEEN ? AND ?"  # noqa: S608 - names of our own
    return connection.execute(statement, keys(number, 0, end_hour)).rowcount
