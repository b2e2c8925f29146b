"""Secrets: from the environment or a file only its owner can read; never from the site file."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ohmstead.kit.files import ONLY_THE_OWNER, replace_file
from ohmstead.kit.libraries import brought_by
from ohmstead.model import ConfigError

FILE_NAME = "secrets.toml"
LINE: Final = re.compile(r"\(at line (\d+),")
"""Where a parser of TOML stopped."""


class Secrets:
    def __init__(self, directory: Path) -> None:
        self.path: Final = directory / FILE_NAME

    def secret(self, reference: str) -> str:
        """`OHMSTEAD_SECRET_<REFERENCE>` of the environment, else the line `"<reference>" = "…"` of the secrets file."""
        variable = "OHMSTEAD_SECRET_" + "".join(c if c.isalnum() else "_" for c in reference).upper()
        if variable in os.environ:
            return os.environ[variable]
        if (found := self.kept(reference)) is not None:
            return found
        raise ConfigError(
            f"no secret for {reference!r}: set {variable}, or write it to this file.",
            file=str(self.path),
            example=f'"{reference}" = "…"',
        )

    def kept(self, reference: str) -> str | None:
        """What `keep` has written; None for nothing. Raises `ConfigError` for a file that cannot be read."""
        found = self._file().get(reference)
        return found if isinstance(found, str) else None

    def keep(self, secrets: Mapping[str, str]) -> None:
        """Write them to the file, in place of what these references held, for its owner's eyes only. Raises `ConfigError`
        if the file as it stands cannot be read.
        """
        if not secrets:
            return
        with brought_by("site", "Keeping a secret"):
            import tomlkit  # noqa: PLC0415 - only where a person keeps one

        self._file()
        document = tomlkit.parse(self.path.read_text("utf-8")) if self.path.exists() else tomlkit.document()
        document.update(secrets)
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(self.path, tomlkit.dumps(document).encode(), mode=ONLY_THE_OWNER)

    def _file(self) -> dict[str, object]:
        try:
            mode = stat.S_IMODE(self.path.stat().st_mode)
            if mode & 0o077:
                raise ConfigError(
                    f"others on this machine can read the secrets (mode {mode:o}).",
                    file=str(self.path),
                    example=f"chmod 600 {self.path}",
                )
            return tomllib.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ConfigError(
                f"the secrets file cannot be read: {error.strerror}.", file=str(self.path)
            ) from None
        except ValueError as error:
            # The parser's other words may quote the line, and with it the secret.
            where = LINE.search(str(error))
            raise ConfigError(
                "the secrets are not valid TOML here.",
                file=str(self.path),
                line=int(where[1]) if where else None,
                example='"mqtt" = "…"',
            ) from None
