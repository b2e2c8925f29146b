"""What the programs of one user keep together: texts by key, in a folder of the user's."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ohmstead.kit.files import replace_file
from ohmstead.model import ConfigError


def state_folder(family: str) -> Path:
    """Where this system wants programs to keep what they learnt. Raises `ConfigError` for a user without a home."""
    try:
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    except RuntimeError as error:
        raise ConfigError(f"nothing can be kept: {error}", example="XDG_STATE_HOME=~/state") from error
    return Path(base) / "ohmstead" / family


class FolderStore:
    """One file a key. Written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def remember(self, key: str, text: str) -> None:
        """Raises `ConfigError` where it cannot be written: a wear that is not counted must not happen."""
        path = self._path(key)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, text.encode())
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error}.") from error

    async def recall(self, key: str) -> str | None:
        try:
            return self._path(key).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigError(f"{self._path(key)} cannot be read: {error}.") from error

    def _path(self, key: str) -> Path:
        """Keys hold serial numbers: a file's name does not."""
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"
