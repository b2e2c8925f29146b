"""The closed quarter-hours on the disk, and the books as they stood after the last one.

Whole hours are kept beside their quarters, so that a year by day adds up 8,760 rows and not 35,040: hours and not days,
for the reason the history has (decision 8), that nobody's day begins within a quarter and few begin within an hour.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

import msgspec

from ohmstead.accounting import Books, Entry, Sink, Source, Value

HOUR_S: Final = 3600
QUARTER_S: Final = 900


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


_DECODER: Final = msgspec.json.Decoder(_Kept)
Row = tuple[int, str]


def write_quarters(
    connection: sqlite3.Connection, *, quarters: Sequence[Stretch], books: Books, until: datetime
) -> None:
    """Inside a transaction of the caller's: entries and books belong together."""
    rows = [(_second(quarter.at), _told(quarter.entry)) for quarter in quarters]
    connection.executemany("INSERT OR REPLACE INTO quarters VALUES (?, ?)", rows)
    _keep_books(connection, books, until)
    _roll_up(connection, _second(until))


def reopen(connection: sqlite3.Connection, *, books: Books, until: datetime) -> None:
    """Forget what was closed from an instant on, because that time has not yet come."""
    for table, first_s in (("quarters", _second(until)), ("hours", _hour(_second(until)))):
        connection.execute(f"DELETE FROM {table} WHERE at_s >= ?", (first_s,))  # noqa: S608 - names of our own
    _keep_books(connection, books, until)


def _keep_books(connection: sqlite3.Connection, books: Books, until: datetime) -> None:
    state = msgspec.json.encode(books).decode()
    connection.execute("INSERT OR REPLACE INTO books VALUES (1, ?, ?)", (_second(until), state))


def _roll_up(connection: sqlite3.Connection, until_s: int) -> None:
    """All whole hours that are not yet added up."""
    quarters = connection.execute(
        "SELECT at_s, entry FROM quarters WHERE at_s >= ? AND at_s < ? ORDER BY at_s",
        (_rolled_up_to(connection), _hour(until_s)),
    ).fetchall()
    rows = [
        (hour_s, _told(_total(text for _, text in group)))
        for hour_s, group in groupby(quarters, key=lambda row: _hour(row[0]))
    ]
    connection.executemany("INSERT INTO hours VALUES (?, ?)", rows)


def _rolled_up_to(connection: sqlite3.Connection) -> int:
    last_s: int | None = connection.execute("SELECT max(at_s) FROM hours").fetchone()[0]
    return 0 if last_s is None else last_s + HOUR_S


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
    rows = list(_rows(connection, _second(start), _second(end), start_of))
    return tuple(
        Stretch(at=max(_at(rows[first][0]), start), entry=_total(text for _, text in rows[first:end_row]))
        for first, end_row in _groups(rows, start_of)
    )


def _rows(connection: sqlite3.Connection, start_s: int, end_s: int, start_of: StartOf) -> Iterator[Row]:
    """As few as there are: hours, and quarters where only a part of an hour is wanted."""
    first_s = -(-start_s // HOUR_S) * HOUR_S
    last_s = max(first_s, min(_hour(end_s), _rolled_up_to(connection)))
    yield from _ask(connection, "quarters", start_s, min(first_s, end_s))
    hours = _ask(connection, "hours", first_s, last_s)
    for begin, end in _groups(hours, start_of):
        yield from hours[begin : end - 1]
        at_s = hours[end - 1][0]
        is_cut = start_of(_at(at_s)) != start_of(_at(at_s + HOUR_S - QUARTER_S))
        yield from _ask(connection, "quarters", at_s, at_s + HOUR_S) if is_cut else hours[end - 1 : end]
    yield from _ask(connection, "quarters", last_s, end_s)


def _groups(rows: Sequence[Row], start_of: StartOf) -> Iterator[tuple[int, int]]:
    """First and end of the rows that begin a stretch together. Asks few of them, for calendars are slow."""
    first = 0
    while first < len(rows):
        stretch = start_of(_at(rows[first][0]))
        end = bisect_right(rows, stretch, lo=first, key=lambda row: start_of(_at(row[0])))
        yield first, end
        first = end


def _ask(connection: sqlite3.Connection, table: str, start_s: int, end_s: int) -> list[Row]:
    query = f"SELECT at_s, entry FROM {table} WHERE at_s >= ? AND at_s < ? ORDER BY at_s"  # noqa: S608 - as above
    return connection.execute(query, (start_s, end_s)).fetchall()


def _told(entry: Entry) -> str:
    """A thousandth of a Wh and a millionth of the currency are beyond any meter."""
    kept = _Kept(
        flows=tuple((source, sink, round(wh, 3)) for (source, sink), wh in entry.matrix.items()),
        by_sink={sink: (round(v.cost, 6), round(v.emitted_g, 3)) for sink, v in entry.by_sink.items()},
        earned=round(entry.earned, 6),
        unaccounted_wh=round(entry.unaccounted_wh, 3),
    )
    return msgspec.json.encode(kept).decode()


def _total(texts: Iterable[str]) -> Entry:
    """What `accounting.total` says, without an object for each of a year's rows."""
    matrix: dict[tuple[Source, Sink], float] = {}
    values: dict[Sink, tuple[float, float]] = {}
    earned = unaccounted_wh = 0.0
    for kept in map(_DECODER.decode, texts):
        for source, sink, wh in kept.flows:
            pair = (source, sink)
            matrix[pair] = matrix.get(pair, 0.0) + wh
        for sink, (cost, emitted_g) in kept.by_sink.items():
            before = values.get(sink, (0.0, 0.0))
            values[sink] = (before[0] + cost, before[1] + emitted_g)
        earned += kept.earned
        unaccounted_wh += kept.unaccounted_wh
    return Entry(
        matrix=matrix,
        by_sink={sink: Value(*value) for sink, value in values.items()},
        earned=earned,
        unaccounted_wh=unaccounted_wh,
    )


def _second(at: datetime) -> int:
    return int(at.timestamp())


def _hour(at_s: int) -> int:
    return at_s // HOUR_S * HOUR_S


def _at(at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
