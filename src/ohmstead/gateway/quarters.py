"""The closed quarter-hours on the disk, and the books as they stood after the last one.

Beside them stands, for each whole hour, the sum of everything before it, as a meter would count: a day, a month or a year is
the difference of two such standings, so that a year by day asks for 366 rows and not for 35,040. Hours and not days, for the
reason the history has (decision 8): nobody's day begins within a quarter, and few begin within an hour.
"""

from __future__ import annotations

import logging
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from itertools import groupby, pairwise
from typing import Final

import msgspec

from ohmstead.accounting import Books, Entry, Sink, Source, Value

log = logging.getLogger(__name__)

HOUR_S: Final = 3600
LEAST_WH: Final = 0.0005
"""Half of what is stored: less is nothing."""


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """A quarter-hour that is closed, or several of them as one."""

    at: datetime
    """Its start."""
    entry: Entry


class _Kept(msgspec.Struct, array_like=True, frozen=True):
    """An entry as it is stored: small, since there are 35,000 a year."""

    flows: tuple[tuple[Source, Sink, float], ...]
    by_sink: dict[Sink, tuple[float, float]]
    earned: float
    unaccounted_wh: float


_DECODER: Final = msgspec.json.Decoder(_Kept)
NOTHING: Final = _Kept((), {}, 0.0, 0.0)


def write_quarters(
    connection: sqlite3.Connection, *, quarters: Sequence[Stretch], books: Books, until: datetime
) -> None:
    """Inside a transaction of the caller's: entries and books belong together."""
    rows = [(_second(quarter.at), _told(_kept(quarter.entry))) for quarter in quarters]
    connection.executemany("INSERT OR REPLACE INTO quarters VALUES (?, ?)", rows)
    _keep_books(connection, books, until)
    add_up(connection)


def reopen(connection: sqlite3.Connection, *, books: Books, until: datetime) -> None:
    """Forget what was closed from an instant on, because that time has not yet come."""
    connection.execute("DELETE FROM quarters WHERE at_s >= ?", (_second(until),))
    connection.execute("DELETE FROM standings WHERE at_s > ?", (_second(until),))
    _keep_books(connection, books, until)


def _keep_books(connection: sqlite3.Connection, books: Books, until: datetime) -> None:
    state = msgspec.json.encode(books).decode()
    connection.execute("INSERT OR REPLACE INTO books VALUES (1, ?, ?)", (_second(until), state))


def read_books(connection: sqlite3.Connection) -> tuple[Books, datetime | None]:
    """The books, and up to when they are closed; fresh ones if there are none yet, or none that can be read."""
    row = connection.execute("SELECT until_s, books FROM books").fetchone()
    if row is None:
        return Books(), None
    until = datetime.fromtimestamp(row[0], UTC)
    try:
        return msgspec.json.decode(row[1], type=Books), until
    except msgspec.DecodeError as error:
        log.warning("what the battery's energy had cost cannot be read, and is learnt anew: %s", error)
        return Books(), until


# --- standings ---


def add_up(connection: sqlite3.Connection) -> None:
    """Make the standings of all hours that are closed and have none: the last one, or all after an update."""
    _, until = read_books(connection)
    if until is not None:
        connection.executemany(
            "INSERT OR REPLACE INTO standings VALUES (?, ?)", list(_missing(connection, _second(until)))
        )


def _missing(connection: sqlite3.Connection, until_s: int) -> Iterator[tuple[int, str]]:
    """Hours in which nothing flowed have none of their own."""
    last_s, standing = _last(connection, until_s)
    quarters = connection.execute(
        "SELECT at_s, CAST(entry AS BLOB) FROM quarters WHERE at_s >= ? AND at_s < ? ORDER BY at_s",
        (last_s, until_s // HOUR_S * HOUR_S),
    )
    for hour, group in groupby(quarters, key=lambda row: row[0] // HOUR_S):
        standing = _kept(_total([standing, *_legible(group)]))
        yield (hour + 1) * HOUR_S, _told(standing)


def _last(connection: sqlite3.Connection, at_s: int) -> tuple[int, _Kept]:
    """The last standing up to an instant, and of when it is. One that cannot be read is added up from the one before."""
    query = "SELECT at_s, CAST(entry AS BLOB) FROM standings WHERE at_s <= ? ORDER BY at_s DESC"
    for last_s, text in connection.execute(query, (at_s,)):
        for standing in _legible([(last_s, text)]):
            return last_s, standing
    return 0, NOTHING


# --- reading ---


def read_stretches(connection: sqlite3.Connection, *, edges: Sequence[datetime]) -> tuple[Stretch, ...]:
    """One of all quarters that begin between each edge and the next, but none where nothing flowed."""
    standing = cache(partial(_standing, connection))
    found: list[Stretch] = []
    for start, end in pairwise(edges):
        first_s, end_s = _second(start), _second(end)
        if end_s - first_s <= HOUR_S:
            entry = _total(_quarters(connection, first_s, end_s))
        else:
            entry = _total(standing(end_s), standing(first_s))
        if entry.matrix or entry.unaccounted_wh:
            found.append(Stretch(at=start, entry=entry))
    return tuple(found)


def _standing(connection: sqlite3.Connection, at_s: int) -> list[_Kept]:
    """What adds up to everything before an instant."""
    last_s, standing = _last(connection, at_s)
    return [standing, *_quarters(connection, last_s, at_s)] if last_s < at_s else [standing]


def _quarters(connection: sqlite3.Connection, first_s: int, end_s: int) -> list[_Kept]:
    query = "SELECT at_s, CAST(entry AS BLOB) FROM quarters WHERE at_s >= ? AND at_s < ?"
    return list(_legible(connection.execute(query, (first_s, end_s))))


def _total(several: Iterable[_Kept], without: Iterable[_Kept] = ()) -> Entry:
    """Several as one, without others that are among them."""
    matrix: dict[tuple[Source, Sink], float] = defaultdict(float)
    cost: dict[Sink, float] = defaultdict(float)
    emitted_g: dict[Sink, float] = defaultdict(float)
    earned = unaccounted_wh = 0.0
    for sign, some in ((1, several), (-1, without)):
        for kept in some:
            for source, sink, wh in kept.flows:
                matrix[source, sink] += sign * wh
            for sink, (its_cost, its_g) in kept.by_sink.items():
                cost[sink] += sign * its_cost
                emitted_g[sink] += sign * its_g
            earned += sign * kept.earned
            unaccounted_wh += sign * kept.unaccounted_wh
    flowed = {pair: wh for pair, wh in matrix.items() if wh >= LEAST_WH}
    return Entry(
        matrix=flowed,
        by_sink={
            sink: Value(cost[sink], emitted_g[sink]) for sink in dict.fromkeys(sink for _, sink in flowed)
        },
        earned=earned,
        unaccounted_wh=unaccounted_wh if unaccounted_wh >= LEAST_WH else 0.0,
    )


# --- as they are stored ---


def _kept(entry: Entry) -> _Kept:
    """A thousandth of a Wh and a millionth of the currency are beyond any meter."""
    return _Kept(
        flows=tuple((source, sink, round(wh, 3)) for (source, sink), wh in entry.matrix.items()),
        by_sink={sink: (round(v.cost, 6), round(v.emitted_g, 3)) for sink, v in entry.by_sink.items()},
        earned=round(entry.earned, 6),
        unaccounted_wh=round(entry.unaccounted_wh, 3),
    )


def _legible(rows: Iterable[tuple[int, bytes]]) -> Iterator[_Kept]:
    """What can be read of them: a disk may spoil a row and leave the file in order, and the others still count.

    As bytes: SQLite would refuse the whole answer over a text that is no UTF-8.
    """
    for at_s, text in rows:
        try:
            yield _DECODER.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            log.warning(
                "the energy account of %s cannot be read: %s", datetime.fromtimestamp(at_s, UTC), error
            )


def _told(kept: _Kept) -> str:
    return msgspec.json.encode(kept).decode()


def _second(at: datetime) -> int:
    return int(at.timestamp())
