"""A file as an earlier version left it, in case that one must run again."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path


def keep_snapshot(connection: sqlite3.Connection, path: Path) -> None:
    """Write the whole file to `path`, durably, over an older snapshot. Interrupted, it leaves what was there before.

    Raises `sqlite3.Error` or `OSError`, as when there is no room.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    try:
        connection.execute("VACUUM INTO ?", (str(unfinished),))
        sync(unfinished)  # SQLite does not
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Of a file or a folder, to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
