"""A little room on the disk, kept for the day on which there is none: even giving up old samples has to be written."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

SIZE: Final = 4 << 20
"""Enough for the log of giving up a day of samples."""
PLENTY: Final = 16 * SIZE
"""Room that must be free before any is reserved."""


class Reserve:
    """A file of nothing beside the history."""

    def __init__(self, history: Path) -> None:
        self.path = history.with_name(f"{history.name}.reserve")

    def lay_up(self) -> None:
        """If there is room enough; where it cannot be had, there is none."""
        with suppress(OSError):
            if self.path.exists() or shutil.disk_usage(self.path.parent).free < PLENTY:
                return
            with self.path.open("wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(file.fileno(), 0, SIZE)
                else:
                    file.write(bytes(SIZE))

    def give_up(self) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
