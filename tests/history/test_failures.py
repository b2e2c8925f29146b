"""What the disk may do, and what the history does then."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.history import HistoryError, NewerHistory, open_history
from ohmstead.history.file import open_file
from ohmstead.history.schema import STEPS, migrate, version_of
from ohmstead.model import DeviceId, Sample, ScaledClock
from ohmstead.testing import warped

ROOF = DeviceId("roof/1")
HOUR = timedelta(hours=1)


@warped
async def test_a_locked_file_delays_and_loses_nothing(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample], caplog: pytest.LogCaptureFixture
) -> None:
    clock = ScaledClock(noon)
    async with open_history(tmp_path / "history.db", clock, threads=False) as history:
        history.record(solar(0, 1.0))
        await history.flush()
        other = sqlite3.connect(tmp_path / "history.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        history.record(solar(1, 2.0))
        await clock.sleep_until(noon + timedelta(seconds=3.5))
        assert "locked" in history.stats().last_error
        assert history.stats().pending == 1
        other.execute("ROLLBACK")
        other.close()
        await history.flush()
        assert history.stats().last_error == ""
        series = await history.series(ROOF, "solar.power_w", noon, noon + HOUR, 0)
    assert [point.mean for point in series.points] == [1.0, 2.0]
    assert len([r for r in caplog.records if r.levelno == logging.ERROR]) == 1


@warped
async def test_a_full_disk_delays_and_loses_nothing(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    clock = ScaledClock(noon)
    async with open_history(tmp_path / "history.db", clock, threads=False) as history:
        history.record(solar(0, 1.0))
        await history.flush()
        connection = history._store._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        for second in range(1, 600):
            history.record(solar(second, float(second), device=f"roof/{second % 7}"))
        await clock.sleep_until(noon + timedelta(seconds=10))
        assert "full" in history.stats().last_error
        connection.execute("PRAGMA max_page_count = 1000000")
        await history.flush()
        stored = {signal.device: signal.samples for signal in await history.signals()}
    assert sum(stored.values()) == 600
    assert len(stored) == 7


@warped
async def test_a_file_that_is_no_database_is_put_aside(
    tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    path = tmp_path / "history.db"
    path.write_bytes(b"not a database, but somebody's letters" * 100)
    async with open_history(path, ScaledClock(noon), threads=False) as history:
        history.record(solar(0, 1.0))
        await history.flush()
        (aside,) = history.stats().set_aside
    assert aside.name == "history.db.damaged-20260621T120000000000Z"
    assert aside.read_bytes().startswith(b"not a database")


def break_page(path: Path, table: str) -> None:
    """Overwrite the first page of a table or index in a closed file."""
    connection = sqlite3.connect(path)
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()[0]
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)


@pytest.mark.parametrize("table", ["sqlite_autoindex_signal_1", "hot"])
@warped
async def test_a_damaged_page_makes_room_for_a_fresh_file(
    table: str, tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    """Names are read when the file is opened; damage elsewhere shows at the first write."""
    path = tmp_path / "history.db"
    async with open_history(path, ScaledClock(noon), threads=False) as history:
        for second in range(500):
            history.record(solar(second, float(second)))
    break_page(path, table)
    async with open_history(path, ScaledClock(noon), threads=False) as history:
        history.record(solar(600, 7.0))
        await history.flush()
        series = await history.series(ROOF, "solar.power_w", noon, noon + HOUR, 0)
        assert len(history.stats().set_aside) == 1
        assert history.stats().last_error == ""
    assert [point.mean for point in series.points] == [7.0]


@pytest.mark.parametrize("table", ["hot", "moments", "block", "minutes"])
@warped
async def test_a_damaged_blob_is_skipped_and_counted(
    table: str, tmp_path: Path, noon: datetime, solar: Callable[..., Sample]
) -> None:
    clock = ScaledClock(noon)
    async with open_history(tmp_path / "history.db", clock, threads=False) as history:
        for minute in range(150):
            history.record(solar(60 * minute, 1.0))
        await clock.sleep_until(noon + 2.1 * HOUR)
        history.record(solar(60 * 150, 1.0))
        await history.flush()
        connection = history._store._connection
        damage = f"UPDATE {table} SET body = zeroblob(40) WHERE key = (SELECT min(key) FROM {table})"  # noqa: S608
        connection.execute(damage)
        for step_s in (0, 60, 3600):
            series = await history.series(ROOF, "solar.power_w", noon, noon + 3 * HOUR, step_s)
            assert sum(point.count for point in series.points) >= 90
        assert history.stats().damaged == 1


@warped
async def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path, noon: datetime) -> None:
    path = tmp_path / "history.db"
    async with open_history(path, ScaledClock(noon), threads=False):
        pass
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(NewerHistory, match="has version 99"):
        async with open_history(path, ScaledClock(noon), threads=False):
            pass
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (99,)
    connection.close()


@warped
async def test_a_database_of_another_program_is_refused(tmp_path: Path, noon: datetime) -> None:
    connection = sqlite3.connect(tmp_path / "mail.db")
    connection.execute("CREATE TABLE letters (text)")
    connection.close()
    with pytest.raises(HistoryError, match="another program"):
        async with open_history(tmp_path / "mail.db", ScaledClock(noon), threads=False):
            pass


@warped
async def test_a_folder_that_is_not_there_is_said(tmp_path: Path, noon: datetime) -> None:
    with pytest.raises(HistoryError, match="Check that its folder exists"):
        async with open_history(tmp_path / "nowhere" / "history.db", ScaledClock(noon), threads=False):
            pass


def test_a_migration_takes_a_snapshot_first(tmp_path: Path, noon: datetime) -> None:
    connection, _, _ = open_file(tmp_path / "history.db", noon)
    connection.execute("INSERT INTO device (name) VALUES ('roof/1')")
    snapshot = tmp_path / f"history.db.version-{len(STEPS)}"
    migrate(connection, tmp_path / "history.db", [*STEPS, ["ALTER TABLE device ADD COLUMN colour TEXT"]])
    assert version_of(connection) == len(STEPS) + 1
    assert connection.execute("SELECT name, colour FROM device").fetchall() == [("roof/1", None)]
    connection.close()
    before = sqlite3.connect(snapshot)
    assert version_of(before) == len(STEPS)
    assert before.execute("SELECT * FROM device").fetchall() == [(1, "roof/1")]
    before.close()


def test_a_migration_that_fails_leaves_no_trace(tmp_path: Path, noon: datetime) -> None:
    connection, _, _ = open_file(tmp_path / "history.db", noon)
    broken = [*STEPS, ["CREATE TABLE half (a)", "CREATE TABLE half (a)"]]
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        migrate(connection, tmp_path / "history.db", broken)
    assert version_of(connection) == len(STEPS)
    assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").fetchone() == (0,)
    connection.close()


def test_the_log_is_synced_at_every_commit(tmp_path: Path, noon: datetime) -> None:
    connection, _, _ = open_file(tmp_path / "history.db", noon)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    connection.close()
