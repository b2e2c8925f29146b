"""A store of texts in a folder of the user's, for commands that run without a gateway."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ohmstead.model import ConfigError


def state_folder() -> Path:
    """Where this system wants programs to keep what they learnt."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "ohmstead" / "tesla-wall-connector"


class FolderStore:
    """One file a key. Written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def remember(self, key: str, text: str) -> None:
        """Raises `ConfigError` where it cannot be written: a wear that is not counted must not happen."""
        path = self._path(key)
        draft = path.with_suffix(".draft")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error}.") from error

    async def recall(self, key: str) -> str | None:
        try:
            return self._path(key).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigError(f"{self._path(key)} cannot be read: {error}.") from error

    def _path(self, key: str) -> Path:
        """Keys hold serial numbers: a file's name does not."""
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"
