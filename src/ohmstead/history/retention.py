"""What is kept for how long: every sample, then every minute, and what each hour came to for ever.

An hour of one signal is some hundred bytes in full and thirty as a total, so that years of days stay cheap.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.history.names import Names
from ohmstead.history.times import HOUR_MS, key, keys, to_ms
from ohmstead.model import ConfigError

SHORTEST_DAYS: Final = 2
"""Today and yesterday are what people look at."""


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `[history]` table of the site file."""

    raw_days: int | None = None
    """Days for which every sample is kept; for ever if not given."""
    minute_days: int | None = None
    """Days for which every minute is kept; for ever if not given."""

    def __post_init__(self) -> None:
        for name in ("raw_days", "minute_days"):
            days = getattr(self, name)
            if days is not None and days < SHORTEST_DAYS:
                raise ConfigError(
                    f"{name} is to be at least {SHORTEST_DAYS}, not {days}.", example=f"{name} = 730"
                )


def prune(connection: sqlite3.Connection, names: Names, now: datetime, retention: Retention) -> int:
    """Inside a transaction of the caller's. Says how many blobs went."""
    gone = 0
    if retention.raw_days is not None:
        end_hour = _horizon(now, retention.raw_days)
        for number in names.devices().values():
            gone += sum(_drop(connection, "block", signal, end_hour) for signal in names.signals(number))
            _drop(connection, "ticks", number, end_hour)
        connection.execute("DELETE FROM moments WHERE key < ?", (key(end_hour, 0),))
    if retention.minute_days is not None:
        end_hour = _horizon(now, retention.minute_days)
        for number in names.devices().values():
            gone += sum(_drop(connection, "minutes", signal, end_hour) for signal in names.signals(number))
    return gone


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


def _drop(connection: sqlite3.Connection, table: str, number: int, end_hour: int) -> int:
    statement = f"DELETE FROM {table} WHERE key BETWEEN ? AND ?"  # noqa: S608 - names of our own
    return connection.execute(statement, keys(number, 0, end_hour)).rowcount
