"""Calls that a person keeps under a name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.kit.files import replace_file
from ohmstead.model import ConfigError

FILE: Final = "everest-calls.json"


class SavedCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    method: str
    params: Mapping[str, object] | None = None


def calls_file() -> Path:
    """Where this system wants programs to keep what people set."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "ohmstead" / FILE


def saved_calls(path: Path) -> dict[str, SavedCall]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, SavedCall])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"the saved calls cannot be read: {error}.", file=str(path)) from error


def save_call(path: Path, name: str, call: SavedCall | None) -> None:
    """Keep a call under a name, in place of what was there; None forgets it. Raises `ConfigError`."""
    calls = {other: kept for other, kept in saved_calls(path).items() if other != name}
    if call is not None:
        calls[name] = call
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, msgspec.json.format(msgspec.json.encode(calls)))
    except OSError as error:
        raise ConfigError(f"the calls cannot be saved: {error}.", file=str(path)) from error
