"""Changes the site file for its owner, who may be nowhere near a text editor; and takes the last change back.

What a person wrote beside the settings stays. The file before the change, and the secrets before it, are kept with the
gateway's data for one step back, which is there until the file is changed by hand: what a person wrote is never undone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.site_file import SiteFile, read_site_file
from ohmstead.gateway.site_writing import write_site_file
from ohmstead.kit.files import ONLY_THE_OWNER, replace_file
from ohmstead.model import ConfigError

BEFORE: Final = "before-"
"""Begins the names of the files that are kept for the step back."""
AFTER: Final = "after-"
"""Begins the name of the copy that tells whether anybody else has changed the file since."""
NO_FILE: Final = b""
"""What is kept for a file that there was not."""

Edit = Callable[[SiteFile], SiteFile]


class Edited(Protocol):
    """The gateway, as far as it matters here."""

    site_file: SiteFile
    secrets: Secrets

    async def follow(self, site_file: SiteFile) -> None: ...


class SiteEditor:
    """One for a gateway: changes come one after another."""

    def __init__(self, gateway: Edited) -> None:
        self._gateway = gateway
        self._one_at_a_time = asyncio.Lock()

    @property
    def can_undo(self) -> bool:
        path = self._gateway.site_file.path
        after = self._kept(path, AFTER)
        return after.exists() and _content(after) == _content(path)

    async def save(self, edit: Edit, secrets: Mapping[str, str]) -> None:
        """Write what `edit` makes of the file as it stands now, and follow it. Raises `ConfigError`, and changes nothing,
        if the file as it stands or what becomes of it is not valid.
        """
        async with self._one_at_a_time:
            before = {path: _content(path) for path in self._files()}
            edited = edit(self._read())
            with self._writable():
                self._keep(before)
                self._gateway.secrets.keep(secrets)
                try:
                    write_site_file(edited)
                except BaseException:
                    self._put_back(self._gateway.secrets.path, before[self._gateway.secrets.path])
                    raise
                replace_file(self._kept(edited.path, AFTER), _content(edited.path), mode=ONLY_THE_OWNER)
            await self._gateway.follow(self._read())

    async def undo(self) -> bool:
        """Put back what was there before the last `save`. False: there is nothing to take back. Raises `ConfigError`, and can
        be tried again, if it cannot be written.
        """
        async with self._one_at_a_time:
            if not self.can_undo:
                return False
            with self._writable():
                for path in self._files():
                    self._put_back(path, _content(self._kept(path)))
                for path in self._files():
                    self._kept(path).unlink(missing_ok=True)
                self._kept(self._gateway.site_file.path, AFTER).unlink()
            await self._gateway.follow(self._read())
            return True

    def _keep(self, contents: Mapping[Path, bytes]) -> None:
        """Before anything is changed: a disk that takes no copy takes no change either. No step back leads past this."""
        self._kept(self._gateway.site_file.path, AFTER).unlink(missing_ok=True)
        for path, content in contents.items():
            replace_file(self._kept(path), content, mode=ONLY_THE_OWNER)

    @contextmanager
    def _writable(self) -> Iterator[None]:
        """Says what the system says against writing."""
        try:
            yield
        except OSError as error:
            path = self._gateway.site_file.path
            raise ConfigError(f"the change cannot be written: {error.strerror}.", file=str(path)) from error

    def _files(self) -> tuple[Path, Path]:
        return self._gateway.secrets.path, self._gateway.site_file.path

    def _kept(self, path: Path, prefix: str = BEFORE) -> Path:
        return self._gateway.secrets.path.with_name(prefix + path.name)

    def _put_back(self, path: Path, content: bytes) -> None:
        if content == NO_FILE:
            path.unlink(missing_ok=True)
        else:
            replace_file(path, content, mode=ONLY_THE_OWNER if path == self._gateway.secrets.path else None)

    def _read(self) -> SiteFile:
        """The file may be newer than what is followed; without a file, what it would say."""
        now = self._gateway.site_file
        try:
            return read_site_file(now.path, faces=now.faces)
        except ConfigError:
            if now.path.exists():
                raise
            return SiteFile(path=now.path, faces=now.faces)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return NO_FILE
