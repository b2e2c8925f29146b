"""The tables, and how a file of an earlier version gets them: one step a version, each in a transaction of its own.

Never edit a step that was released; append the next one. Before the first step on a file with content, a snapshot is
taken beside it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ohmstead.history.errors import NewerHistory
from ohmstead.history.snapshots import keep_snapshot
from ohmstead.history.transactions import transaction

APPLICATION: Final = 0x6F686D73
"""SQLite's application id of our files: "ohms"."""

_FIRST: Final = (
    "CREATE TABLE device (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    # samples, first_ms and last_ms count what is sealed
    """CREATE TABLE signal (
        id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES device, role TEXT NOT NULL, field TEXT NOT NULL,
        samples INTEGER NOT NULL DEFAULT 0, first_ms INTEGER, last_ms INTEGER, UNIQUE (device, role, field))""",
    # a signal that is said in words stores the id of the word
    """CREATE TABLE word (
        id INTEGER PRIMARY KEY, signal INTEGER NOT NULL REFERENCES signal, text TEXT NOT NULL, UNIQUE (signal, text))""",
    # device and millisecond: one poll
    "CREATE TABLE hot (key INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    # device and hour: when it was polled; a list of moments, which is kept under its hour and a running number
    "CREATE TABLE ticks (key INTEGER PRIMARY KEY, moments INTEGER NOT NULL)",
    "CREATE TABLE moments (key INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    # signal and hour, three times: its values; its minutes and what it comes to, both without suspect values
    "CREATE TABLE block (key INTEGER PRIMARY KEY, samples INTEGER NOT NULL, body BLOB NOT NULL)",
    "CREATE TABLE minutes (key INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    """CREATE TABLE hour (
        key INTEGER PRIMARY KEY, count INTEGER NOT NULL, total REAL NOT NULL, low REAL NOT NULL, high REAL NOT NULL)""",
    """CREATE TABLE gap (
        id INTEGER PRIMARY KEY, source TEXT NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,
        polls INTEGER NOT NULL, reason TEXT NOT NULL)""",
    "CREATE INDEX gap_by_source ON gap (source, last_ms)",
    f"PRAGMA application_id = {APPLICATION}",
)

STEPS: Final[Sequence[Sequence[str]]] = (_FIRST,)
"""Step n makes version n + 1 out of version n."""


def version_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: Path, steps: Sequence[Sequence[str]] = STEPS) -> None:
    """Bring the file at `path` to the newest version. An interrupted step leaves no trace, and is taken again next time."""
    version = version_of(connection)
    if version > len(steps):
        raise NewerHistory(
            f"the history file has version {version}, and this program knows versions up to {len(steps)}. "
            "Start the newer program again, or move the file away to begin a new history."
        )
    if 0 < version < len(steps):
        keep_snapshot(connection, path.with_name(f"{path.name}.version-{version}"))
    for number in range(version, len(steps)):
        with transaction(connection):
            for statement in steps[number]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number + 1}")
