"""F45: an upgrade that is interrupted at any step is taken again, a newer file is refused, and backups come back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from beneath import Act, Operation, beneath_sqlite, without_syncs
from home import HISTORY, LEDGER, START, at_turn, order, samples

from ohmstead.gateway.disk import STEPS as LEDGER_STEPS
from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.ledger import Ledger
from ohmstead.history import NewerHistory, Store, back_up, check, restore, rows
from ohmstead.history.items import items_of
from ohmstead.history.schema import STEPS, migrate, version_of
from ohmstead.model import ConfigError, OhmsteadError

TURNS = 6
NEXT_STEPS = (
    *STEPS,
    ("ALTER TABLE device ADD COLUMN colour TEXT", "UPDATE device SET colour = 'red'"),
    ("CREATE TABLE shelf (id INTEGER PRIMARY KEY) STRICT", "INSERT INTO shelf VALUES (7)"),
)


class Dying:
    """A process that is gone from an operation on: nothing that it does after that reaches the disk."""

    def __init__(self, dies_at: int) -> None:
        self._dies_at = dies_at
        self.done = 0

    def __call__(self, operation: Operation) -> int:
        if operation.act is Act.READ:
            return 0
        self.done += 1
        return without_syncs(operation) if self.done <= self._dies_at else sqlite3.SQLITE_IOERR


def die_at_every_step(
    begin: Callable[[], None], upgrade: Callable[[], None], require: Callable[[], None]
) -> int:
    """Say at how many."""
    moment, is_over = 0, False
    while not is_over:
        begin()
        dying = Dying(moment)
        with beneath_sqlite(dying), suppress(sqlite3.Error, OhmsteadError):
            upgrade()
        is_over = dying.done <= moment
        require()
        moment += 1
    return moment


def clear(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def remember(path: Path) -> None:
    with closing(Store(path, START)) as store:
        for turn in range(TURNS):
            store.append([item for sample in samples(turn) for item in items_of(sample)], at_turn(turn))
            while store.seal_next(at_turn(turn)):
                pass


def test_f45_a_history_whose_upgrade_dies_at_any_step_is_upgraded_by_the_next_start(tmp_path: Path) -> None:
    path, backup = tmp_path / "home" / HISTORY, tmp_path / "backup"
    (tmp_path / "home").mkdir()
    remember(path)
    back_up(path, backup)

    def begin() -> None:
        clear(path.parent)
        path.write_bytes(backup.read_bytes())

    def upgrade() -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection, path, NEXT_STEPS)

    def require() -> None:
        upgrade()
        with closing(sqlite3.connect(path)) as connection:
            assert version_of(connection) == len(NEXT_STEPS)
            assert connection.execute("SELECT DISTINCT colour FROM device").fetchall() == [("red",)]
            assert connection.execute("SELECT id FROM shelf").fetchall() == [(7,)]
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        snapshot = path.with_name(f"{HISTORY}.version-{len(STEPS)}")
        assert not snapshot.exists() or list(rows(snapshot)) == before

    before = list(rows(backup))
    assert die_at_every_step(begin, upgrade, require) > 20


@pytest.mark.long
@pytest.mark.parametrize("version", range(len(LEDGER_STEPS)))
def test_f45_a_ledger_whose_upgrade_dies_at_any_step_is_upgraded_by_the_next_start(
    tmp_path: Path, version: int
) -> None:
    path = tmp_path / LEDGER

    def begin() -> None:
        clear(tmp_path)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for step in LEDGER_STEPS[:version]:
                connection.executescript(step)
            connection.execute(f"PRAGMA user_version = {version}")

    async def open_and_order() -> None:
        async with open_disk(path, threads=False) as disk:
            await Ledger(disk).intend(order(1), START)

    async def look() -> None:
        async with open_disk(path, threads=False) as disk:
            assert await disk.run(version_of) == len(LEDGER_STEPS)
            await Ledger(disk).intend(order(2), START)
            (newest,) = await Ledger(disk).newest(1)
            assert newest.asked == 2.0

    def upgrade() -> None:
        asyncio.run(open_and_order())

    def require() -> None:
        asyncio.run(look())

    assert die_at_every_step(begin, upgrade, require) > 10


def test_f45_files_of_a_newer_version_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    remember(tmp_path / HISTORY)
    asyncio.run(touch(tmp_path / LEDGER))
    for name in (HISTORY, LEDGER):
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.execute("PRAGMA user_version = 99")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(NewerHistory, match="has version 99"):
        Store(tmp_path / HISTORY, START)
    with pytest.raises(ConfigError, match="a newer Ohmstead wrote this ledger"):
        asyncio.run(touch(tmp_path / LEDGER))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


async def touch(path: Path) -> None:
    async with open_disk(path, threads=False):
        pass


def test_f45_a_backup_is_proved_by_restoring_it_where_nothing_was(tmp_path: Path) -> None:
    remember(tmp_path / HISTORY)
    back_up(tmp_path / HISTORY, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "machine" / HISTORY, START)
    restored = tmp_path / "machine" / HISTORY
    assert check(restored).is_sound
    assert list(rows(restored)) == list(rows(tmp_path / HISTORY))
    assert len(list(rows(restored))) == TURNS * 4 * 3 * 2
