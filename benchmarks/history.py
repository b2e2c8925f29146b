"""The history against a table with one row a sample, in the same run.

    python benchmarks/history.py

The table is what a home automation recorder keeps: the state as text, its signal, its time, the rows it follows and
belongs to, an index over each of these, `synchronous=NORMAL`. It may lose its last commits at a power cut; the history may not. The floor is SQLite itself,
storing blobs of the same size with the history's own settings.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from history_home import Home

from ohmstead.history.flattening import role_of
from ohmstead.history.items import items_of
from ohmstead.history.store import Store
from ohmstead.model import DeviceId, LoadReading, Sample

START = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 1
INTERVAL_S = 10
YEAR_INTERVAL_S = 60
GROUP = 100
METER = DeviceId("meter/1")

Row = tuple[str, str, float]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        samples = list(Home(seed=1).days(START, DAYS, INTERVAL_S))
        rows = [list(flat(sample)) for sample in samples]
        count = sum(map(len, rows))
        ours = ingest_ours(Path(folder), samples, count)
        theirs = ingest_rows(Path(folder), rows, count)
        ingest_floor(Path(folder), samples, count)
        compare_sizes(ours, theirs, count)
        compare_days(ours, theirs)
        compare_years(Path(folder))
    print("run again with: python benchmarks/history.py")


def flat(sample: Sample) -> Iterator[Row]:
    for reading in sample.readings:
        role = role_of(type(reading))
        for field, value in zip(role.fields, role.values(reading), strict=True):
            if value is not None:
                yield f"{reading.device}:{role.name}.{field}", str(value), sample.at.timestamp()


def ingest_ours(folder: Path, samples: Sequence[Sample], count: int) -> Store:
    store = Store(folder / "ours.db", START)
    began_s = time.perf_counter()
    for group in range(0, len(samples), GROUP):
        items = [item for sample in samples[group : group + GROUP] for item in items_of(sample)]
        store.append(items, START)
    took_s = time.perf_counter() - began_s
    print(f"P14 ingest, history (FULL)     {count / took_s / 1000:8.0f} k samples/s   goal 100")
    return store


def ingest_rows(folder: Path, rows: Sequence[Sequence[Row]], count: int) -> sqlite3.Connection:
    connection = recorder(folder / "theirs.db")
    began_s = time.perf_counter()
    for group in range(0, len(rows), GROUP):
        insert_rows(connection, [row for sample in rows[group : group + GROUP] for row in sample])
    took_s = time.perf_counter() - began_s
    print(f"    ingest, row a sample (NORMAL){count / took_s / 1000:6.0f} k samples/s")
    return connection


def ingest_floor(folder: Path, samples: Sequence[Sample], count: int) -> None:
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE hot (key INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    blob = bytes(13 * count // len(samples))
    began_s = time.perf_counter()
    for group in range(0, len(samples), GROUP):
        connection.execute("BEGIN")
        keys = range(group, min(group + GROUP, len(samples)))
        connection.executemany("INSERT INTO hot VALUES (?, ?)", [(key, blob) for key in keys])
        connection.execute("COMMIT")
    took_s = time.perf_counter() - began_s
    connection.close()
    print(f"    floor, bare blobs (FULL)   {count / took_s / 1000:8.0f} k samples/s")


def recorder(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        """CREATE TABLE states (id INTEGER PRIMARY KEY, signal INTEGER, state TEXT, at REAL, before INTEGER,
        attributes INTEGER)"""
    )
    for columns in ("signal, at", "at", "before", "attributes"):
        connection.execute(f"CREATE INDEX [by {columns}] ON states ({columns})")
    connection.execute("CREATE TABLE signals (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
    return connection


def insert_rows(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    connection.execute("BEGIN")
    known = dict(connection.execute("SELECT name, id FROM signals"))
    for name, _, _ in rows:
        if name not in known:
            known[name] = connection.execute("INSERT INTO signals (name) VALUES (?)", (name,)).lastrowid
    last = connection.execute("SELECT max(id) FROM states").fetchone()[0] or 0
    connection.executemany(
        "INSERT INTO states (signal, state, at, before, attributes) VALUES (?, ?, ?, ?, ?)",
        [(known[name], state, at, last + place, known[name]) for place, (name, state, at) in enumerate(rows)],
    )
    connection.execute("COMMIT")


def compare_sizes(ours: Store, theirs: sqlite3.Connection, count: int) -> None:
    began_s, hours = time.perf_counter(), 0
    while ours.seal_next(START + (DAYS + 1) * DAY):
        hours += 1
    took_s = time.perf_counter() - began_s
    per_ours = used_bytes(sqlite3.connect(ours.path)) / count
    per_theirs = used_bytes(theirs) / count
    year_gb = per_ours * 100 * 8640 * 365 / 1e9
    print(
        f"    sealing                    {count / took_s / 1000:8.0f} k samples/s   {took_s / hours * 1000:.1f} ms a device hour"
    )
    print(
        f"P12 size, history              {per_ours:8.2f} B/sample      goal 1.5   {year_gb:.2f} GB for 100 signals a year"
    )
    print(
        f"    size, row a sample         {per_theirs:8.1f} B/sample      {per_theirs / per_ours:.0f}x   goal 40x"
    )


def used_bytes(connection: sqlite3.Connection) -> int:
    """Without pages that are free for what comes next."""
    pages, free, size = (
        connection.execute(f"PRAGMA {pragma}").fetchone()[0]
        for pragma in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def compare_days(ours: Store, theirs: sqlite3.Connection) -> None:
    device, signal = DeviceId("cellar/hybrid"), "battery.power_w"
    mine = best_ms(lambda: len(ours.series(device, signal, START, START + DAY, 60).points))
    query = """SELECT cast(at / 60 AS INTEGER) AS minute, avg(state), min(cast(state AS REAL)),
        max(cast(state AS REAL)), count(*) FROM states
        WHERE signal = (SELECT id FROM signals WHERE name = ?) AND at >= ? AND at < ? GROUP BY minute"""
    start_s = START.timestamp()
    wanted = (f"{device}:{signal}", start_s, start_s + 86400)
    peer = best_ms(lambda: len(theirs.execute(query, wanted).fetchall()))
    print(f"P13 a day by minute, history   {mine:8.2f} ms            goal 3")
    print(f"    a day by minute, rows      {peer:8.2f} ms            {peer / mine:.0f}x")


def compare_years(folder: Path) -> None:
    """At a minute's interval, to fit the benchmark's time: ten seconds change nothing for us and cost rows six-fold."""
    store, connection = Store(folder / "year.db", START), recorder(folder / "year-rows.db")
    for day in range(365):
        samples = [year_sample(day * 1440 + minute) for minute in range(1440)]
        store.append([item for sample in samples for item in items_of(sample)], START)
        insert_rows(connection, [row for sample in samples for row in flat(sample)])
    while store.seal_next(START + 366 * DAY):
        pass
    first, last = START.date(), date(2027, 5, 31)
    mine = best_ms(lambda: len(store.days(METER, "load.power_w", first, last, UTC).points))
    peer = best_ms(
        lambda: len(
            connection.execute(
                """SELECT cast(at / 86400 AS INTEGER) AS day, avg(state), min(cast(state AS REAL)),
                max(cast(state AS REAL)), count(*) FROM states WHERE signal = 1 GROUP BY day"""
            ).fetchall()
        ),
        times=2,
    )
    print(f"P13 a year by day, history     {mine:8.2f} ms            goal 5")
    print(f"    a year by day, rows        {peer:8.0f} ms            {peer / mine:.0f}x")


def year_sample(minute: int) -> Sample:
    at = START + timedelta(seconds=minute * YEAR_INTERVAL_S)
    return Sample(at=at, readings=(LoadReading(device=METER, at=at, power_w=300.0 + minute * 7919 % 1000),))


def best_ms(ask: Callable[[], int], times: int = 15) -> float:
    took = []
    for _ in range(times):
        began_s = time.perf_counter()
        assert ask()
        took.append(time.perf_counter() - began_s)
    return min(took) * 1000


if __name__ == "__main__":
    main()
