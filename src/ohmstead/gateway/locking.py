"""One gateway to a folder: two would ask the same devices, and each would miss what the other writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from ohmstead.model import ConfigError

FILE_NAME: Final = "lock"


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Make the folder, and hold it. Raises `ConfigError` if a gateway or another command does, or if nothing can be kept there.

    SQLite's lock, because it works everywhere and goes with the process, however that ends.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(directory / FILE_NAME, timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise _unusable(directory, error) from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            raise _unusable(directory, error) from error
        yield


def _unusable(directory: Path, error: Exception) -> ConfigError:
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_BUSY:
        return ConfigError(
            f"another Ohmstead, most likely the gateway, is at work in {directory}. Stop it first, or name another folder.",
            example="--data FOLDER",
        )
    if code == sqlite3.SQLITE_NOTADB:
        lock = directory / FILE_NAME
        return ConfigError(f"{lock} is damaged, and nothing is kept in it.", example=f"rm {lock}")
    why = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return ConfigError(
        f"data cannot be kept in {directory}: {why}.", example="ohmstead run --data ~/ohmstead-data"
    )
