"""The closed quarter-hours on the disk, and the books as they stood after the last one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby

import msgspec

from ohmstead.accounting import Books, Entry, Sink, Source, Value, total


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A quarter-hour that is closed, or several of them as one."""

    at: datetime
    """Its start."""
    entry: Entry


StartOf = Callable[[datetime], datetime]
"""The start of the stretch to which the quarter at an instant belongs."""


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """An entry as it is stored: small, since there are 35,000 a year."""

    flows: tuple[tuple[Source, Sink, float], ...]
    by_sink: dict[Sink, tuple[float, float]]
    earned: float
    unaccounted_wh: float


def write_quarters(
    connection: sqlite3.Connection, *, quarters: Sequence[Stretch], books: Books, until: datetime
) -> None:
    """Inside a transaction of the caller's: entries and books belong together."""
    rows = [(_second(quarter.at), msgspec.json.encode(_kept(quarter.entry)).decode()) for quarter in quarters]
    connection.executemany("INSERT OR REPLACE INTO quarters VALUES (?, ?)", rows)
    state = msgspec.json.encode(books).decode()
    connection.execute("INSERT OR REPLACE INTO books VALUES (1, ?, ?)", (_second(until), state))


def read_books(connection: sqlite3.Connection) -> tuple[Books, datetime | None]:
    """The books, and up to when they are closed; fresh ones if there are none yet."""
    row = connection.execute("SELECT until_s, books FROM books").fetchone()
    if row is None:
        return Books(), None
    return msgspec.json.decode(row[1], type=Books), datetime.fromtimestamp(row[0], UTC)


def read_stretches(
    connection: sqlite3.Connection, *, start: datetime, end: datetime, start_of: StartOf
) -> tuple[Stretch, ...]:
    """Quarters that begin in between and begin a stretch together, as one. Those in which nothing flowed are left out."""
    rows = connection.execute(
        "SELECT at_s, entry FROM quarters WHERE at_s >= ? AND at_s < ? ORDER BY at_s",
        (_second(start), _second(end)),
    )
    entries = ((datetime.fromtimestamp(at_s, UTC), text) for at_s, text in rows)
    return tuple(
        Stretch(at=max(at, start), entry=total([_entry(text) for _, text in group]))
        for at, group in groupby(entries, key=lambda row: start_of(row[0]))
    )


def _kept(entry: Entry) -> _Kept:
    """A thousandth of a Wh and a millionth of the currency are beyond any meter."""
    return _Kept(
        flows=tuple((source, sink, round(wh, 3)) for (source, sink), wh in entry.matrix.items()),
        by_sink={sink: (round(v.cost, 6), round(v.emitted_g, 3)) for sink, v in entry.by_sink.items()},
        earned=round(entry.earned, 6),
        unaccounted_wh=round(entry.unaccounted_wh, 3),
    )


def _entry(text: str) -> Entry:
    kept = msgspec.json.decode(text, type=_Kept)
    return Entry(
        matrix={(source, sink): wh for source, sink, wh in kept.flows},
        by_sink={sink: Value(*value) for sink, value in kept.by_sink.items()},
        earned=kept.earned,
        unaccounted_wh=kept.unaccounted_wh,
    )


def _second(at: datetime) -> int:
    return int(at.timestamp())
