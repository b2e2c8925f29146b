"""F36: the disk cannot be read, cannot be written, is suddenly read-only, or gives a damaged page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from beneath import Act, beneath_sqlite
from failing import CHANGING, READ_ERROR, WRITE_ERROR, Failing

from ohmstead.history import History, HistoryError, Stats, open_history, rows
from ohmstead.history import store as store_module
from ohmstead.model import DeviceId, GridReading, Sample, ScaledClock
from ohmstead.testing import warped

START = datetime(2026, 6, 21, tzinfo=UTC)
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
METER = DeviceId("meter/1")


@pytest.fixture
def disk() -> Iterator[Failing]:
    found = Failing()
    with beneath_sqlite(found):
        yield found


class Life:
    """A history that gets a sample each second."""

    def __init__(self, history: History, clock: ScaledClock) -> None:
        self.history = history
        self.clock = clock
        self._number = 0

    async def go_on(self, seconds: int) -> Stats:
        for _ in range(seconds):
            at = START + self._number * SECOND
            self.history.record(
                Sample(at=at, readings=(GridReading(device=METER, at=at, power_w=float(self._number)),))
            )
            self._number += 1
            await self.clock.sleep_until(START + self._number * SECOND)
        return self.history.stats()

    async def stored(self) -> list[float]:
        await self.history.flush()
        series = await self.history.series(METER, "grid.power_w", START, START + HOUR, 0)
        return [point.mean for point in series.points]


@pytest.mark.parametrize(("code", "acts"), [(READ_ERROR, (Act.READ,)), (WRITE_ERROR, CHANGING)])
@warped
async def test_f36_a_file_that_fails_for_a_moment_loses_nothing(
    tmp_path: Path, disk: Failing, code: int, acts: tuple[Act, ...]
) -> None:
    clock = ScaledClock(START)
    async with open_history(tmp_path / "history.sqlite", clock, threads=False) as history:
        life = Life(history, clock)
        await life.go_on(20)
        disk.code, disk.acts = code, acts
        await life.go_on(2)
        disk.acts = ()
        stats = await life.go_on(10)
        assert (stats.set_aside, stats.last_error) == ((), "")
        assert await life.stored() == [float(second) for second in range(32)]


@warped
async def test_f36_a_file_that_cannot_be_written_any_more_is_put_aside_within_five_seconds(
    tmp_path: Path, disk: Failing
) -> None:
    path, clock = tmp_path / "history.sqlite", ScaledClock(START)
    async with open_history(path, clock, threads=False) as history:
        life = Life(history, clock)
        await life.go_on(20)
        disk.code, disk.acts, disk.bad_file = WRITE_ERROR, CHANGING, path.stat().st_ino
        await life.go_on(5)
        stats = await life.go_on(1)
        assert stats.last_error == ""
        (aside,) = stats.set_aside
        assert await life.stored() == [float(second) for second in range(20, 26)]
    disk.acts = ()
    assert [row.value for row in rows(aside)] == [float(second) for second in range(20)]


@warped
async def test_f36_on_a_disk_that_is_suddenly_read_only_all_waits_and_nothing_is_put_aside(
    tmp_path: Path, disk: Failing, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, clock = tmp_path / "history.sqlite", ScaledClock(START)
    async with open_history(path, clock, threads=False) as history:
        life = Life(history, clock)
        await life.go_on(20)
        disk.code, disk.acts = WRITE_ERROR, CHANGING
        monkeypatch.setattr(store_module, "can_write", lambda _: False)
        stats = await life.go_on(60)
        assert (stats.pending, stats.set_aside) == (60, ())
        disk.acts = ()
        stats = await life.go_on(10)
        assert (stats.set_aside, stats.last_error) == ((), "")
        assert await life.stored() == [float(second) for second in range(90)]


@warped
async def test_f36_a_damaged_page_that_is_found_by_a_question_makes_room_for_a_fresh_file(
    tmp_path: Path,
) -> None:
    path, clock = tmp_path / "history.sqlite", ScaledClock(START)
    async with open_history(path, clock, threads=False) as history:
        await Life(history, clock).go_on(1000)
    damage(path, "hot")
    clock = ScaledClock(START + HOUR / 2)
    async with open_history(path, clock, threads=False) as history:
        with pytest.raises(HistoryError, match="malformed"):
            await history.series(METER, "grid.power_w", START, START + HOUR, 0)
        history.record(
            Sample(at=clock.now(), readings=(GridReading(device=METER, at=clock.now(), power_w=1.0),))
        )
        await clock.sleep_until(START + HOUR / 2 + 5 * SECOND)
        assert (len(history.stats().set_aside), history.stats().pending) == (1, 0)


def damage(path: Path, table: str) -> None:
    """The root page of a table in a closed file."""
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
