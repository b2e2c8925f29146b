"""Turns the hot polls of an hour into blocks and roll-ups, in one transaction: before it or after it, never both.

An hour that is sealed already and got late samples is put together again and sealed anew; nothing is added up in
place, so nothing can count twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from ohmstead.history.blocks import Block, pack_block
from ohmstead.history.hours import Hours
from ohmstead.history.items import Item, Poll
from ohmstead.history.names import Names
from ohmstead.history.polls import SUSPECT, Entry
from ohmstead.history.retention import is_pruned
from ohmstead.history.rollups import summarise
from ohmstead.history.ticks import store_ticks
from ohmstead.history.times import HOUR_MS, key, keys, tick_of

Due = tuple[int, int]
"""Device and hour."""


class Backlog:
    """Which device hours are due. All devices are looked through once when an hour has ended, and after a late sample:
    to ask the file for each of thousands every second costs more than to store what they say.
    """

    def __init__(self) -> None:
        self._end_hour = 0
        self._left: list[int] = []
        """Devices that may have hot polls before the end hour, the next one last."""

    def note(self, items: Iterable[Item]) -> None:
        """These are being stored."""
        end_ms = self._end_hour * HOUR_MS
        if any(isinstance(item, Poll) and item.at_ms < end_ms for item in items):
            self._end_hour = 0

    def due(self, connection: sqlite3.Connection, devices: Iterable[int], end_hour: int) -> Due | None:
        """A device and hour before `end_hour` that has hot polls."""
        if end_hour != self._end_hour:
            self._end_hour, self._left = end_hour, sorted(devices, reverse=True)
        while self._left:
            reach = keys(self._left[-1], 0, end_hour * HOUR_MS)
            row = connection.execute("SELECT min(key) FROM hot WHERE key BETWEEN ? AND ?", reach).fetchone()[
                0
            ]
            if row is not None:
                return self._left[-1], tick_of(row) // HOUR_MS
            self._left.pop()
        return None


def seal(connection: sqlite3.Connection, hours: Hours, names: Names, device: int, hour: int) -> None:
    """For one device and hour, inside a transaction of the caller's."""
    signals = names.signals(device)
    reach = keys(device, hour * HOUR_MS, (hour + 1) * HOUR_MS)
    if any(is_pruned(connection, signal, hour) for signal in signals):
        connection.execute("DELETE FROM hot WHERE key BETWEEN ? AND ?", reach)
        return
    polls = hours.entire(device, hour, signals)
    for signal in signals:
        _clear(connection, signal, hour)
    offsets = [at_ms - hour * HOUR_MS for at_ms in polls]
    store_ticks(connection, names.devices().values(), device, hour, offsets)
    for signal, block in blocks_of(polls).items():
        _store(connection, signal, hour, offsets, block)
    connection.execute("DELETE FROM hot WHERE key BETWEEN ? AND ?", reach)


def blocks_of(polls: Mapping[int, Sequence[Entry]]) -> dict[int, Block]:
    """Rows to columns: polls in order of time become a block for each signal in them."""
    columns: dict[int, tuple[list[int], list[float], bytearray]] = {}
    for place, entries in enumerate(polls.values()):
        for signal, value, quality in entries:
            places, values, qualities = columns.setdefault(signal, ([], [], bytearray()))
            places.append(place)
            values.append(value)
            qualities.append(quality)
    return {signal: Block(column[0], column[1], bytes(column[2])) for signal, column in columns.items()}


def _clear(connection: sqlite3.Connection, signal: int, hour: int) -> None:
    """As if the hour had never been sealed."""
    row = key(signal, hour)
    sealed = connection.execute("SELECT samples FROM block WHERE key = ?", (row,)).fetchone()
    if sealed is None:
        return
    connection.execute("UPDATE signal SET samples = samples - ? WHERE id = ?", (sealed[0], signal))
    connection.execute("DELETE FROM block WHERE key = ?", (row,))
    connection.execute("DELETE FROM minutes WHERE key = ?", (row,))
    connection.execute("DELETE FROM hour WHERE key = ?", (row,))


def _store(
    connection: sqlite3.Connection, signal: int, hour: int, offsets: Sequence[int], block: Block
) -> None:
    row, samples = key(signal, hour), len(block.places)
    connection.execute("INSERT INTO block VALUES (?, ?, ?)", (row, samples, pack_block(block, len(offsets))))
    start_ms = hour * HOUR_MS
    reach = (start_ms + offsets[block.places[0]], start_ms + offsets[block.places[-1]])
    connection.execute(
        """UPDATE signal SET samples = samples + ?1, first_ms = min(coalesce(first_ms, ?2), ?2),
        last_ms = max(coalesce(last_ms, ?3), ?3) WHERE id = ?4""",
        (samples, *reach, signal),
    )
    _roll_up(connection, row, offsets, block)


def _roll_up(connection: sqlite3.Connection, row: int, offsets: Sequence[int], block: Block) -> None:
    placed = zip(block.places, block.values, block.qualities, strict=True)
    trusted = [(offsets[place], value) for place, value, quality in placed if quality != SUSPECT]
    if not trusted:
        return
    minutes, hour = summarise([offset for offset, _ in trusted], [value for _, value in trusted])
    connection.execute("INSERT INTO minutes VALUES (?, ?)", (row, minutes))
    connection.execute("INSERT INTO hour VALUES (?, ?, ?, ?, ?)", (row, *hour[1:]))
