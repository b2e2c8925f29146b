"""Reads stored hours: hot polls laid over sealed blocks.

A hot poll replaces whatever was sealed for its device and instant. That is all there is to late samples and repeated
ones, before and after sealing.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import ParamSpec, TypeVar

from ohmstead.history.blocks import Block, unpack_block, unpack_ticks
from ohmstead.history.errors import DamagedBlob
from ohmstead.history.polls import Entry, unpack_poll
from ohmstead.history.rollups import Summary, unpack_minutes
from ohmstead.history.times import HOUR_MS, key, keys, tick_of

_log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")

Dated = tuple[int, float, int]
"""Millisecond, value, quality number."""


class Hours:
    """Skips what fails its checksum, says so once, and remembers how much it was."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.damaged: set[tuple[str, int]] = set()

    def hot(self, device: int, first_hour: int, end_hour: int) -> list[int]:
        """The hours with hot polls: what is sealed or rolled up for them is not the last word."""
        hours: list[int] = []
        start, end = keys(device, first_hour * HOUR_MS, end_hour * HOUR_MS)
        while (found := self._first_hot(start, end)) is not None:
            hours.append(tick_of(found) // HOUR_MS)
            start = key(device, (hours[-1] + 1) * HOUR_MS)
        return hours

    def polls(self, device: int, hour: int) -> dict[int, list[Entry]]:
        """The hot ones of an hour by millisecond, in order."""
        reach = keys(device, hour * HOUR_MS, (hour + 1) * HOUR_MS)
        rows = self._connection.execute(
            "SELECT key, body FROM hot WHERE key BETWEEN ? AND ? ORDER BY key", reach
        )
        opened = ((tick_of(row), self._open("hot", row, unpack_poll, body)) for row, body in rows)
        return {at_ms: entries for at_ms, entries in opened if entries is not None}

    def entire(self, device: int, hour: int, signals: Iterable[int]) -> dict[int, list[Entry]]:
        """Everything of an hour by millisecond, in order."""
        whole: dict[int, list[Entry]] = {}
        for signal in signals:
            for ats, block in self._sealed(device, signal, hour, hour + 1):
                for place, value, quality in zip(block.places, block.values, block.qualities, strict=True):
                    whole.setdefault(ats[place], []).append((signal, value, quality))
        for at_ms in self._ticks(device, hour):
            whole.setdefault(at_ms, [])
        return dict(sorted((whole | self.polls(device, hour)).items()))

    def samples(self, device: int, signal: int, first_hour: int, end_hour: int) -> Iterator[list[Dated]]:
        """One signal's samples, an hour at a time. The hours come in no promised order."""
        hot = {hour: self.polls(device, hour) for hour in self.hot(device, first_hour, end_hour)}
        for polls in hot.values():
            yield [
                (at_ms, value, quality)
                for at_ms, entries in polls.items()
                for number, value, quality in entries
                if number == signal
            ]
        for ats, block in self._sealed(device, signal, first_hour, end_hour):
            replaced = hot.get(ats[0] // HOUR_MS, {})
            dated = zip((ats[place] for place in block.places), block.values, block.qualities, strict=True)
            yield [sample for sample in dated if sample[0] not in replaced] if replaced else list(dated)

    def minutes(self, signal: int, first_hour: int, end_hour: int) -> Iterator[tuple[int, list[Summary]]]:
        """Rolled-up minutes of sealed hours, each with its hour."""
        rows = self._connection.execute(
            "SELECT key, body FROM minutes WHERE key BETWEEN ? AND ?", keys(signal, first_hour, end_hour)
        )
        for row, body in rows:
            summaries = self._open("minutes", row, unpack_minutes, body)
            if summaries is not None:
                yield tick_of(row), summaries

    def _sealed(
        self, device: int, signal: int, first_hour: int, end_hour: int
    ) -> Iterator[tuple[list[int], Block]]:
        """The device's instants of an hour, and the signal's block over them."""
        rows = self._connection.execute(
            """SELECT ticks.key, moments.key, moments.body, block.body FROM ticks
            JOIN moments ON moments.key = ticks.moments JOIN block ON block.key = ticks.key + ?
            WHERE ticks.key BETWEEN ? AND ?""",
            (key(signal, 0) - key(device, 0), *keys(device, first_hour, end_hour)),
        )
        for row, moments, ticks, body in rows:
            offsets = self._open("moments", moments, unpack_ticks, ticks)
            if offsets is None:
                continue
            hour = tick_of(row)
            block = self._open("block", key(signal, hour), unpack_block, body, len(offsets))
            if block is not None:
                yield [hour * HOUR_MS + offset for offset in offsets], block

    def _ticks(self, device: int, hour: int) -> list[int]:
        row = self._connection.execute(
            "SELECT moments.key, body FROM ticks JOIN moments ON moments.key = moments WHERE ticks.key = ?",
            (key(device, hour),),
        ).fetchone()
        offsets = None if row is None else self._open("moments", row[0], unpack_ticks, row[1])
        return [hour * HOUR_MS + offset for offset in offsets or ()]

    def _first_hot(self, start: int, end: int) -> int | None:
        found = self._connection.execute("SELECT min(key) FROM hot WHERE key BETWEEN ? AND ?", (start, end))
        first: int | None = found.fetchone()[0]
        return first

    def _open(
        self, table: str, row: int, unpack: Callable[P, T], *blob: P.args, **also: P.kwargs
    ) -> T | None:
        try:
            return unpack(*blob, **also)
        except DamagedBlob as error:
            if (table, row) not in self.damaged:
                self.damaged.add((table, row))
                _log.warning("history: row %d of %s is skipped: %s", row, table, error)
            return None
