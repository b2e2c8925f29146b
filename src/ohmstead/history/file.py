"""Opens the history file, and puts a damaged one aside.

WAL with `synchronous=FULL` syncs the log at every commit, so a commit survives a power cut; with NORMAL the last ones
would be rolled back. The only connection is the writer, and it checkpoints as it commits: no second one can hold the
log open or race it.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from ohmstead.history.errors import HistoryError
from ohmstead.history.names import Names
from ohmstead.history.schema import APPLICATION, migrate
from ohmstead.history.transactions import is_damage

_log = logging.getLogger(__name__)
_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # the log shrinks back after a burst
    "PRAGMA journal_size_limit = 16777216",
    "PRAGMA foreign_keys = ON",
)
_OPENING_TIMEOUT_S: Final = 5.0
_LATER_TIMEOUT_MS: Final = 500
"""A lock that lasts longer is met by trying again a second later, so that questions get their turn in between."""


def open_file(path: Path, now: datetime) -> tuple[sqlite3.Connection, Names, Path | None]:
    """The connection, its names, and where a damaged file was put, if there was one. Raises `HistoryError`."""
    try:
        return *_connect(path), None
    except sqlite3.Error as error:
        if not is_damage(error):
            raise HistoryError(_advice(path, error)) from error
    aside = set_aside(path, now)
    try:
        return *_connect(path), aside
    except sqlite3.Error as error:
        raise HistoryError(_advice(path, error)) from error


def set_aside(path: Path, now: datetime) -> Path:
    """Put a damaged file away for salvage, and say where."""
    aside = rename_aside(path, f"damaged-{now:%Y%m%dT%H%M%S%fZ}")
    _log.error(
        "the history file %s is damaged; it was put aside as %s and a new one started. With the gateway stopped, "
        "`ohmstead history salvage` takes in what can still be read of it",
        path,
        aside.name,
    )
    return aside


def rename_aside(path: Path, stamp: str) -> Path:
    """Rename a file, with the log and index beside it. Nothing is deleted."""
    aside = path.with_name(f"{path.name}.{stamp}")
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def can_write(folder: Path) -> bool:
    """Whether other files there can be written: then the trouble is with ours, and not with the disk as a whole."""
    try:
        with TemporaryFile(dir=folder) as probe:
            probe.write(bytes(4096))
            os.fsync(probe.fileno())
    except OSError:
        return False
    return True


def _connect(path: Path) -> tuple[sqlite3.Connection, Names]:
    connection = sqlite3.connect(path, timeout=_OPENING_TIMEOUT_S, isolation_level=None)
    try:
        _refuse_other_programs(connection, path)
        for setting in _SETTINGS:
            connection.execute(setting)
        migrate(connection, path)
        connection.execute(f"PRAGMA busy_timeout = {_LATER_TIMEOUT_MS}")
        return connection, Names(connection)
    except BaseException:
        connection.close()
        raise


def _refuse_other_programs(connection: sqlite3.Connection, path: Path) -> None:
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if tables and owner != APPLICATION:
        raise HistoryError(f"{path} is a database of another program. Give the history a file of its own.")


def _advice(path: Path, error: sqlite3.Error) -> str:
    return (
        f"the history file {path} cannot be opened: {error}. Check that its folder exists and may be written."
    )
