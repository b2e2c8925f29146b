"""Whole sealed hours as they lie in the file: the way in and out for years at once.

A sample that comes through the front door is written twice, hot and sealed. What was sealed before, in another file or
by a program that makes years of a home, is put in its place as it is.
"""

from __future__ import annotations

import sqlite3

import msgspec

from ohmstead.history.names import Names
from ohmstead.history.rollups import Summary
from ohmstead.history.ticks import share_ticks
from ohmstead.history.times import key


class SealedSignal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One signal in one hour. Without a block only its roll-ups are left."""

    role: str
    field: str
    samples: int = 0
    first_ms: int = 0
    last_ms: int = 0
    block: bytes | None = None
    """By `pack_block`."""
    minutes: bytes | None = None
    """By `summarise`, like the next."""
    hour: Summary | None = None


class SealedHour(msgspec.Struct, frozen=True, kw_only=True):
    device: str
    hour: int
    """Since 1970."""
    moments: bytes | None
    """By `pack_ticks`; none where no samples are left."""
    signals: tuple[SealedSignal, ...]


def put_hour(connection: sqlite3.Connection, names: Names, sealed: SealedHour) -> None:
    """Inside a transaction of the caller's. The hour is not known yet."""
    device = names.device(sealed.device)
    if sealed.moments is not None:
        share_ticks(connection, device, sealed.hour, sealed.moments)
    for signal in sealed.signals:
        _put_signal(connection, names.signal(device, signal.role, signal.field), sealed.hour, signal)


def _put_signal(connection: sqlite3.Connection, number: int, hour: int, signal: SealedSignal) -> None:
    row = key(number, hour)
    if signal.block is not None:
        connection.execute("INSERT INTO block VALUES (?, ?, ?)", (row, signal.samples, signal.block))
        connection.execute(
            """UPDATE signal SET samples = samples + ?1, first_ms = min(coalesce(first_ms, ?2), ?2),
            last_ms = max(coalesce(last_ms, ?3), ?3) WHERE id = ?4""",
            (signal.samples, signal.first_ms, signal.last_ms, number),
        )
    if signal.minutes is not None:
        connection.execute("INSERT INTO minutes VALUES (?, ?)", (row, signal.minutes))
    if signal.hour is not None:
        connection.execute("INSERT INTO hour VALUES (?, ?, ?, ?, ?)", (row, *signal.hour[1:]))
