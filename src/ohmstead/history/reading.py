"""Reads a history file beside whoever writes it, and changes nothing in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from ohmstead.history.errors import HistoryError, NewerHistory
from ohmstead.history.hours import Hours
from ohmstead.history.names import Names
from ohmstead.history.schema import APPLICATION, STEPS, version_of
from ohmstead.history.times import END_HOUR, keys, tick_of


class Reader:
    """One state of the file, however long the reading takes."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.names = Names(connection)
        self.hours = Hours(connection)

    def hours_of(self, device: int, first_hour: int = 0, end_hour: int = END_HOUR) -> list[int]:
        """In which the device was polled, in order; sealed or not."""
        sealed = self.connection.execute(
            "SELECT key FROM ticks WHERE key BETWEEN ? AND ?", keys(device, first_hour, end_hour)
        )
        found = {tick_of(row) for (row,) in sealed} | set(self.hours.hot(device, first_hour, end_hour))
        return sorted(found)


@contextmanager
def open_reader(path: Path) -> Iterator[Reader]:
    """Raises `HistoryError` for a file that is missing, none of ours, or of another version."""
    if not path.is_file():
        raise HistoryError(f"there is no history at {path}; give the gateway's data folder with --data.")
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            require_ours(connection, path)
            connection.execute("BEGIN")  # one state from here on
            yield Reader(connection)
    except sqlite3.Error as error:
        raise HistoryError(f"the history file {path} cannot be read: {error}.") from error


def require_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raises `HistoryError` unless this program can read the file as it is."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise HistoryError(f"{path} is no history of ours.")
    version = version_of(connection)
    if version > len(STEPS):
        raise NewerHistory(f"{path} was written by a newer version of this program; use that one.")
    if version < len(STEPS):
        raise HistoryError(f"{path} is of an older version; `ohmstead run` brings it up to date first.")
