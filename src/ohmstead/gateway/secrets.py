"""Secrets: from the environment or a file only its owner can read; never from the site file."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path

from ohmstead.model import ConfigError

FILE_NAME = "secrets.toml"


class Secrets:
    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE_NAME

    def secret(self, reference: str) -> str:
        """`OHMSTEAD_SECRET_<REFERENCE>` of the environment, else the line `"<reference>" = "…"` of the secrets file."""
        variable = "OHMSTEAD_SECRET_" + "".join(c if c.isalnum() else "_" for c in reference).upper()
        if variable in os.environ:
            return os.environ[variable]
        found = self._file().get(reference)
        if isinstance(found, str):
            return found
        raise ConfigError(
            f"no secret for {reference!r}: set {variable}, or write it to this file.",
            file=str(self._path),
            example=f'"{reference}" = "…"',
        )

    def _file(self) -> dict[str, object]:
        try:
            mode = stat.S_IMODE(self._path.stat().st_mode)
            if mode & 0o077:
                raise ConfigError(
                    f"others on this machine can read the secrets (mode {mode:o}).",
                    file=str(self._path),
                    example=f"chmod 600 {self._path}",
                )
            return tomllib.loads(self._path.read_text())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            # The parser's words may quote the line, and with it the secret.
            raise ConfigError("the secrets file cannot be read.", file=str(self._path)) from None
