"""Replaces files so that a power cut leaves the old one or the new one, and never a mixture."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

ONLY_THE_OWNER: Final = 0o600
"""For secrets: nobody else on this machine may read them."""


def replace_file(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Atomic and durable: written beside, synced, renamed over, and the folder synced. Without a `mode` a file keeps its
    own, and a new one gets 0644.
    """
    if mode is None:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
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
