"""A copy of the history that is whole, made while the gateway writes; and back again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

from ohmstead.history.errors import HistoryError
from ohmstead.history.file import rename_aside
from ohmstead.history.reading import require_ours
from ohmstead.history.snapshots import sync

PAGES_A_STEP: Final = 256
"""One megabyte at a time: the writer gets its turn in between."""

Progress = Callable[[int, int], None]
"""Pages done, pages in all."""


def no_progress(_done: int, _total: int) -> None:
    """For whoever does not watch."""


def back_up(path: Path, target: Path, progress: Progress = no_progress) -> None:
    """Copy the history to `target`, which must not exist yet, and prove that the copy is sound.

    Raises `HistoryError`; then there is no target.
    """
    if not path.is_file():
        raise HistoryError(f"there is no history at {path}.")
    if target.exists():
        raise HistoryError(f"{target} exists already, and a backup is never overwritten.")
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        _copy(path, unfinished, progress)
        require_sound(unfinished)
        unfinished.replace(target)
        sync(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise HistoryError(f"the backup to {target} failed: {error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


def restore(backup: Path, path: Path, now: datetime, progress: Progress = no_progress) -> Path | None:
    """Put a backup in the place of the history, and say where that was put aside, if there was one.

    No gateway may have it open. Raises `HistoryError` for a backup that is not sound; then nothing has changed.
    """
    if not backup.is_file():
        raise HistoryError(f"there is no backup at {backup}.")
    arriving = path.with_name(f".{path.name}.arriving")
    try:
        require_sound(backup)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving.unlink(missing_ok=True)
        _copy(backup, arriving, progress)
        aside = rename_aside(path, f"replaced-{now:%Y%m%dT%H%M%S%fZ}") if path.exists() else None
        arriving.replace(path)
        sync(path.parent)
    except (sqlite3.Error, OSError) as error:
        raise HistoryError(f"{backup} could not be restored to {path}: {error}.") from error
    finally:
        arriving.unlink(missing_ok=True)
    return aside


def require_sound(path: Path) -> None:
    """Raises `HistoryError` unless SQLite finds the whole file in order."""
    with closing(sqlite3.connect(path)) as connection:
        require_ours(connection, path)
        (first,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if first != "ok":
        raise HistoryError(f"{path} is damaged: {first}.")


def _copy(source: Path, target: Path, progress: Progress) -> None:
    def told(_status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        require_ours(reading, source)
        reading.backup(writing, pages=PAGES_A_STEP, progress=told)
        # One file, without a log beside it, so that it can be carried away.
        writing.execute("PRAGMA journal_mode = DELETE")
    sync(target)
