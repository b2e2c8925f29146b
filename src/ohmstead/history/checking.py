"""Looks at every byte of a history file: SQLite's own pages, and the checksum of everything stored in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.history.codec import unprotect
from ohmstead.history.copying import Progress, no_progress
from ohmstead.history.errors import DamagedBlob
from ohmstead.history.polls import unpack_poll
from ohmstead.history.reading import open_reader

MOST_FAULTS: Final = 100
"""Of SQLite's: more say nothing new."""
TELL_EVERY: Final = 1000
BLOBS: Final[tuple[tuple[str, Callable[[bytes], object]], ...]] = (
    ("hot", unpack_poll),
    ("moments", unprotect),
    ("minutes", unprotect),
    ("block", unprotect),
)
"""Each table with blobs, and what opens one."""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked at, and what is wrong with it."""

    rows: int
    file_faults: tuple[str, ...]
    """SQLite's words for damage to the file itself."""
    damaged: tuple[str, ...]
    """Rows that fail their checksum. They are skipped when reading; everything else is whole."""

    @property
    def is_sound(self) -> bool:
        return not self.file_faults and not self.damaged


def check(path: Path, progress: Progress = no_progress) -> Report:
    """May take minutes for years. Raises `HistoryError` for a file that cannot be read at all."""
    done, damaged = 0, list[str]()
    with open_reader(path) as reader:
        ask = reader.connection.execute
        faults = tuple(text for (text,) in ask(f"PRAGMA integrity_check({MOST_FAULTS})") if text != "ok")
        total = sum(ask(f"SELECT count(*) FROM {table}").fetchone()[0] for table, _ in BLOBS)  # noqa: S608 - ours
        for table, unpack in BLOBS:
            for row, body in ask(f"SELECT key, CAST(body AS BLOB) FROM {table}"):  # noqa: S608 - names of our own
                done += 1
                try:
                    unpack(body)
                except DamagedBlob as error:
                    damaged.append(f"row {row} of {table}: {error}")
                if not done % TELL_EVERY or done == total:
                    progress(done, total)
    return Report(rows=done, file_faults=faults, damaged=tuple(damaged))
