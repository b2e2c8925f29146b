"""Files that a command is to write."""

from __future__ import annotations

from pathlib import Path

from ohmstead.model import ConfigError


def require_new(file: Path) -> None:
    """Before a device is asked anything. Raises `ConfigError`."""
    if file.exists():
        raise ConfigError("exists already, and is never overwritten.", file=str(file))
