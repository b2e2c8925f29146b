"""All or nothing, and which errors mean that the file itself is broken."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Durable when left, or undone when left by an error."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        # a full disk or a broken file may have ended the transaction already
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def is_damage(error: sqlite3.Error | None) -> bool:
    """Whether trying again on the same file is of no use. A full disk, a lock or a read error may pass."""
    return _code(error) in _DAMAGE


def is_unreadable(error: sqlite3.Error | None) -> bool:
    """Whether the disk could not read or write what the file was asked for. It may pass, or the file lies badly."""
    return _code(error) == sqlite3.SQLITE_IOERR


def is_full(error: sqlite3.Error | None) -> bool:
    return _code(error) == sqlite3.SQLITE_FULL


def _code(error: sqlite3.Error | None) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)  # absent on errors of the Python module itself
    return code & 0xFF
