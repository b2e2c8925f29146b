"""Takes whatever can still be read out of a file that was put aside, and puts it into a history."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import msgspec

from ohmstead.history.copying import Progress, no_progress
from ohmstead.history.errors import HistoryError
from ohmstead.history.hours import Hours
from ohmstead.history.names import Names
from ohmstead.history.polls import Entry, pack_poll
from ohmstead.history.reading import require_ours
from ohmstead.history.times import END_HOUR, HOUR_MS, key, keys, tick_of

T = TypeVar("T")


class SalvagedHour(msgspec.Struct, frozen=True):
    """One hour of one device."""

    device: str
    polls: Mapping[int, list[Entry]]
    """By millisecond; the signals' numbers are those of the damaged file."""


class Wreck:
    """A damaged file, read hour by hour: what a hole swallows is left out, and what lies behind it is found."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.names = Names(connection)
        self._hours = Hours(connection)
        self.lost = 0
        """Hours of devices that could not be read."""

    def hours(self, progress: Progress = no_progress) -> Iterator[SalvagedHour]:
        devices = self.names.devices()
        for done, (name, number) in enumerate(sorted(devices.items()), 1):
            signals = self.names.signals(number)
            for hour in self._known(number):
                try:
                    polls = self._hours.entire(number, hour, signals)
                except sqlite3.DatabaseError:
                    self.lost += 1
                    continue
                if polls:
                    yield SalvagedHour(name, polls)
            progress(done, len(devices))

    def _known(self, device: int) -> list[int]:
        """The hours in which the device was polled, as far as two of the tables tell."""
        found = {row // HOUR_MS for row in self._ticks("hot", device, END_HOUR * HOUR_MS)}
        return sorted(found | set(self._ticks("ticks", device, END_HOUR)))

    def _ticks(self, table: str, device: int, end: int) -> Iterator[int]:
        """From both ends, to whatever hole there is between."""
        seen: set[int] = set()
        for order in ("ASC", "DESC"):
            query = f"SELECT key FROM {table} WHERE key BETWEEN ? AND ? ORDER BY key {order}"  # noqa: S608 - ours
            try:
                for (row,) in self._connection.execute(query, keys(device, 0, end)):
                    if row in seen:
                        return
                    seen.add(row)
                    yield tick_of(row)
            except sqlite3.DatabaseError:
                continue
            return


def open_wreck(path: Path) -> closing[sqlite3.Connection]:
    """Raises `HistoryError` for a file that is missing or none of ours."""
    if not path.is_file():
        raise HistoryError(f"there is no file {path}.")
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    try:
        require_ours(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise HistoryError(f"nothing of {path} can be read: {error}.") from error
    except HistoryError:
        connection.close()
        raise
    return closing(connection)


def put_in(connection: sqlite3.Connection, names: Names, wreck: Names, hour: SalvagedHour) -> int:
    """As hot polls, inside a transaction of the caller's. What the history has at the same instant stays.

    Says how many values.
    """
    device, count = names.device(hour.device), 0
    fields = wreck.signals(wreck.devices()[hour.device])
    numbers = {old: names.signal(device, *field) for old, field in fields.items()}
    words = {old: wreck.words(old) for old in fields}
    for at_ms, entries in hour.polls.items():
        told = [
            (value if (text := words[old].get(int(value))) is None else float(names.word(numbers[old], text)))
            for old, value, _ in entries
        ]
        qualities = [quality for _, _, quality in entries]
        body = pack_poll(told, [numbers[old] for old, _, _ in entries], qualities)
        connection.execute("INSERT OR IGNORE INTO hot (key, body) VALUES (?, ?)", (key(device, at_ms), body))
        count += len(entries)
    return count
