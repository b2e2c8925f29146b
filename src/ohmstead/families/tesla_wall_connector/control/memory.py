"""What is kept of one unit over restarts: the installer's ceiling, the wear, and what its firmware takes."""

from __future__ import annotations

import contextlib
from typing import Final, Protocol

import msgspec

from ohmstead.families.tesla_wall_connector.control.wear import Wear

KEY: Final = "tesla_wall_connector.limits."


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    ceiling_a: int | None = None
    """What was stored at first contact: the installer's."""
    is_lowered: bool = False
    """We stored less than the ceiling."""
    takes_temporary: bool | None = None
    """Temporary parameters; None: not tried yet."""
    firmware: str = ""
    """That of which this is known; another one is tried anew."""
    wear: Wear = Wear()


class Store(Protocol):
    """Texts by key, over restarts: what the house offers its families."""

    async def remember(self, key: str, text: str) -> None: ...
    async def recall(self, key: str) -> str | None: ...


class Memory:
    """One unit's, by its DIN."""

    def __init__(self, store: Store, din: str) -> None:
        self._store = store
        self._key = KEY + din
        self._kept: Kept | None = None

    @property
    def kept(self) -> Kept:
        """As last loaded or saved."""
        return self._kept or Kept()

    async def load(self) -> Kept:
        if self._kept is None:
            text = await self._store.recall(self._key)
            self._kept = Kept()
            if text:
                with contextlib.suppress(msgspec.DecodeError):
                    self._kept = msgspec.json.decode(text, type=Kept)
        return self._kept

    async def save(self, kept: Kept) -> Kept:
        self._kept = kept
        await self._store.remember(self._key, msgspec.json.encode(kept).decode())
        return kept
