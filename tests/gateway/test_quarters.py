"""Stretches of closed quarter-hours, which are differences of standings."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from ohmstead.accounting import Books, Entry, Sink, Source, Value, total
from ohmstead.gateway.disk import Disk, open_disk
from ohmstead.gateway.quarters import Stretch, read_books, read_stretches, reopen, write_quarters
from ohmstead.testing import warped

NOON = datetime(2026, 6, 25, 12, tzinfo=UTC)
QUARTER, HOUR, DAY = timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
EDGES = {
    "days": [NOON + number * DAY for number in range(4)],
    "days that begin within an hour": [NOON + number * DAY + 2 * QUARTER for number in range(3)],
    "all of it, and more": [NOON - DAY, NOON + 5 * DAY],
    "hours": [NOON + number * HOUR for number in range(30)],
    "odd moments": [NOON + timedelta(minutes=minutes) for minutes in (7, 100, 333, 2000, 4319)],
}
SPOIL_QUARTER = "UPDATE quarters SET entry = CAST(? AS TEXT) WHERE at_s = ?"
SPOIL_STANDING = "UPDATE standings SET entry = CAST(? AS TEXT) WHERE at_s = ?"


def quarter(number: int) -> Stretch:
    """In every third nothing flows into the battery."""
    chance = Random(number)
    solar_wh, grid_wh = round(chance.uniform(0, 900), 3), round(chance.uniform(0, 300), 3)
    matrix = {(Source.SOLAR, Sink.BATTERY): solar_wh, (Source.GRID, Sink.HOME): grid_wh}
    if number % 3 == 0:
        del matrix[Source.SOLAR, Sink.BATTERY]
    by_sink = {sink: Value(round(wh * 0.0003, 6), round(wh * 0.4, 3)) for (_, sink), wh in matrix.items()}
    entry = Entry(matrix=matrix, by_sink=by_sink, earned=round(solar_wh / 1e4, 6), unaccounted_wh=0.125)
    return Stretch(at=NOON + number * QUARTER, entry=entry)


QUARTERS = [quarter(number) for number in range(3 * 96 + 1) if not 40 <= number < 80]
"""Three days and a quarter-hour, ten hours of which nothing flowed."""


async def write(disk: Disk, quarters: list[Stretch]) -> None:
    """As they are closed: one at a time."""
    for one in quarters:
        await disk.run(partial(write_quarters, quarters=[one], books=Books(), until=one.at + QUARTER))


def expected(edges: list[datetime]) -> Iterator[Stretch]:
    for start, end in pairwise(edges):
        if entries := [one.entry for one in QUARTERS if start <= one.at < end]:
            yield Stretch(at=start, entry=total(entries))


def same(found: Entry, wanted: Entry) -> bool:
    """To a tenth of what is stored."""
    near: Callable[[object], object] = partial(pytest.approx, abs=1e-4)
    money: Callable[[object], object] = partial(pytest.approx, abs=1e-7)
    return (
        found.matrix == near(wanted.matrix)
        and {sink: value.cost for sink, value in found.by_sink.items()}
        == money({sink: value.cost for sink, value in wanted.by_sink.items()})
        and {sink: value.emitted_g for sink, value in found.by_sink.items()}
        == near({sink: value.emitted_g for sink, value in wanted.by_sink.items()})
        and found.earned == money(wanted.earned)
        and found.unaccounted_wh == near(wanted.unaccounted_wh)
    )


@pytest.mark.parametrize("edges", EDGES.values(), ids=EDGES)
@warped
async def test_a_stretch_is_the_sum_of_its_quarters(tmp_path: Path, edges: list[datetime]) -> None:
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        await write(disk, QUARTERS)
        found = await disk.run(partial(read_stretches, edges=edges))
    wanted = list(expected(edges))
    assert [one.at for one in found] == [one.at for one in wanted]
    assert all(same(one.entry, other.entry) for one, other in zip(found, wanted, strict=True))


@warped
async def test_what_was_made_anew_counts_once(tmp_path: Path) -> None:
    """The clock went back into the middle of an hour."""
    until = NOON + DAY + 2 * QUARTER
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        await write(disk, QUARTERS)
        await disk.run(partial(reopen, books=Books(), until=until))
        (left,) = await disk.run(partial(read_stretches, edges=[NOON, NOON + 5 * DAY]))
        await write(disk, [one for one in QUARTERS if one.at >= until])
        (whole,) = await disk.run(partial(read_stretches, edges=[NOON, NOON + 5 * DAY]))
    assert same(left.entry, total([one.entry for one in QUARTERS if one.at < until]))
    assert same(whole.entry, total([one.entry for one in QUARTERS]))


@warped
async def test_books_that_cannot_be_read_are_told_and_begin_anew_where_they_ended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        await disk.run(partial(write_quarters, quarters=[], books=Books(stored_wh=5.0), until=NOON))
        await disk.run(lambda c: c.execute("UPDATE books SET books = '{'"))
        assert await disk.run(read_books) == (Books(), NOON)
    assert "what the battery's energy had cost cannot be read, and is learnt anew: Input data" in caplog.text


@pytest.mark.parametrize("spoilt", [b"{", b"\xff", b'[[["solar","home","\xff"]],{},0,0]'])
@warped
async def test_a_spoilt_quarter_is_told_and_the_others_count(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spoilt: bytes
) -> None:
    quarters = QUARTERS[:3]
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        await write(disk, quarters)
        await disk.run(partial(spoil, query=SPOIL_QUARTER, at=quarters[1].at, entry=spoilt))
        (found,) = await disk.run(partial(read_stretches, edges=[NOON, NOON + HOUR]))
    assert same(found.entry, total([quarters[0].entry, quarters[2].entry]))
    assert "the energy account of 2026-06-25 12:15:00+00:00 cannot be read: " in caplog.text


@warped
async def test_a_spoilt_standing_is_added_up_again(tmp_path: Path) -> None:
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        await write(disk, QUARTERS[:8])
        await disk.run(partial(spoil, query=SPOIL_STANDING, at=NOON + 2 * HOUR, entry=b"\xff"))
        (spoilt,) = await disk.run(partial(read_stretches, edges=[NOON, NOON + DAY]))
        await write(disk, QUARTERS[8:])
        (whole,) = await disk.run(partial(read_stretches, edges=[NOON, NOON + 5 * DAY]))
    assert same(spoilt.entry, total([one.entry for one in QUARTERS[:8]]))
    assert same(whole.entry, total([one.entry for one in QUARTERS]))


def spoil(connection: sqlite3.Connection, *, query: str, at: datetime, entry: bytes) -> None:
    assert connection.execute(query, (entry, int(at.timestamp()))).rowcount == 1
