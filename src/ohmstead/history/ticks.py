"""When a device was polled in a sealed hour. Devices of one source are polled together and share what is stored.

A stored list of moments is never changed, since others may share it: a device that got late samples takes another
list, and a list nobody has any more is removed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from ohmstead.history.blocks import pack_ticks
from ohmstead.history.times import key, keys


def store_ticks(
    connection: sqlite3.Connection, devices: Iterable[int], device: int, hour: int, offsets_ms: Sequence[int]
) -> None:
    """Inside a transaction of the caller's. `devices` are all that could share with this one."""
    row = key(device, hour)
    before = connection.execute("SELECT moments FROM ticks WHERE key = ?", (row,)).fetchone()
    if offsets_ms:
        share_ticks(connection, device, hour, pack_ticks(offsets_ms))
    if before is not None and not _is_shared(connection, devices, hour, before[0]):
        connection.execute("DELETE FROM moments WHERE key = ?", before)


def share_ticks(connection: sqlite3.Connection, device: int, hour: int, packed: bytes) -> None:
    """By `pack_ticks`; inside a transaction of the caller's."""
    moments = _moments(connection, hour, packed)
    connection.execute(
        "INSERT OR REPLACE INTO ticks (key, moments) VALUES (?, ?)", (key(device, hour), moments)
    )


def _moments(connection: sqlite3.Connection, hour: int, body: bytes) -> int:
    """The row of this list among those of the hour."""
    reach = keys(hour, 0, 1 << 20)
    find = "SELECT key FROM moments WHERE key BETWEEN ? AND ? AND body = ?"
    if (found := connection.execute(find, (*reach, body)).fetchone()) is not None:
        return int(found[0])
    last = connection.execute("SELECT max(key) FROM moments WHERE key BETWEEN ? AND ?", reach).fetchone()[0]
    fresh = reach[0] if last is None else int(last) + 1
    connection.execute("INSERT INTO moments (key, body) VALUES (?, ?)", (fresh, body))
    return fresh


def _is_shared(connection: sqlite3.Connection, devices: Iterable[int], hour: int, moments: int) -> bool:
    find = "SELECT 1 FROM ticks WHERE key = ? AND moments = ?"
    return any(connection.execute(find, (key(device, hour), moments)).fetchone() for device in devices)
