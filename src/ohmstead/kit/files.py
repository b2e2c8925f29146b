"""Replaces files so that a power cut leaves the old one or the new one, and never a mixture."""

from __future__ import annotations

import os
import tempfile
import time
from glob import escape
from pathlib import Path
from typing import Final

ONLY_THE_OWNER: Final = 0o600
"""For secrets: nobody else on this machine may read them."""
SUFFIX: Final = ".part"
"""Of what is being written."""
LONGEST_WRITE_S: Final = 60.0
"""What is older was left by a process that is gone."""


def replace_file(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Atomic and durable: written beside, synced, renamed over, and the folder synced. Without a `mode` a file keeps its
    own, and a new one gets 0644.
    """
    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    _clear_away(path)
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=SUFFIX, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _clear_away(path: Path) -> None:
    """What writers of this file left that were killed at it."""
    for left in path.parent.glob(f".{escape(path.name)}.*{SUFFIX}"):
        try:
            if time.time() - left.stat().st_mtime > LONGEST_WRITE_S:
                left.unlink()
        except OSError:
            continue  # gone meanwhile, or not ours: it is in nobody's way
