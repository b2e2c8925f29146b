"""Disks that are full, that cannot be read or written, or only read."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from beneath import Act, Operation

from ohmstead.history.reserve import SIZE

READ_ERROR: Final = sqlite3.SQLITE_IOERR_READ
WRITE_ERROR: Final = sqlite3.SQLITE_IOERR_WRITE
CHANGING: Final = (Act.WRITE, Act.TRUNCATE, Act.SYNC, Act.REMOVE)


class Quota:
    """A disk with so much room, for all its files together. None: as much as they want.

    What lies there as a reserve takes its part of it.
    """

    def __init__(self, reserve: Path) -> None:
        self.room_bytes: int | None = None
        self._reserve = reserve
        self._sizes: dict[str, int] = {}

    @property
    def used_bytes(self) -> int:
        return sum(self._sizes.values()) + (SIZE if self._reserve.exists() else 0)

    def __call__(self, operation: Operation) -> int:
        before = self._sizes.get(operation.path, 0)
        if operation.act is Act.WRITE:
            after = max(before, operation.offset + len(operation.data))
        elif operation.act is Act.TRUNCATE:
            after = operation.offset
        else:
            after = 0 if operation.act is Act.REMOVE else before
        if (
            self.room_bytes is not None
            and after > before
            and self.used_bytes - before + after > self.room_bytes
        ):
            return sqlite3.SQLITE_FULL
        self._sizes[operation.path] = after
        return 0


class Failing:
    """Answers some acts with an error while it is told to."""

    def __init__(self) -> None:
        self.code = 0
        self.acts: tuple[Act, ...] = ()
        self.bad_file: int | None = None
        """The inode of the only database that fails, whatever it is called; None: all do."""

    def __call__(self, operation: Operation) -> int:
        return self.code if operation.act in self.acts and self._is_bad(operation.path) else 0

    def _is_bad(self, path: str) -> bool:
        if self.bad_file is None:
            return True
        database = Path(path.removesuffix("-wal").removesuffix("-journal"))
        return database.exists() and database.stat().st_ino == self.bad_file
