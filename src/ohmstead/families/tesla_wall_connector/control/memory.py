"""What is kept of one unit over restarts: the installer's ceiling, the wear, and what its firmware takes."""

from __future__ import annotations

import contextlib
import logging
from typing import Final, Protocol

import msgspec

from ohmstead.families.tesla_wall_connector.control import wear
from ohmstead.families.tesla_wall_connector.control.wear import Wear
from ohmstead.model import ConfigError

log = logging.getLogger(__name__)

KEY: Final = "tesla_wall_connector.limits."


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    ceiling_a: int | None = None
    """What was stored at first contact: the installer's."""
    stored_a: int | None = None
    """What was stored when that was last read; None while nobody knows, as between a write and its reading back."""
    network_a: int | None = None
    """What the whole group of units may draw, as last read; None of a unit in no group."""
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


def together(own: Kept, other: Kept) -> Kept:
    """What two programs know of one unit: the lower ceiling, and all wear. Of its firmware only `own` is asked; what is
    stored `other` knows last, since each program keeps there what it reads.
    """
    ceilings_a = [kept.ceiling_a for kept in (own, other) if kept.ceiling_a is not None]
    return msgspec.structs.replace(
        own,
        ceiling_a=min(ceilings_a, default=None),
        stored_a=own.stored_a if other == Kept() else other.stored_a,
        is_lowered=own.is_lowered or other.is_lowered,
        wear=wear.together(own.wear, other.wear),
    )


class Memory:
    """One unit's, by its DIN."""

    def __init__(self, store: Store, din: str, *, shared: Store | None = None) -> None:
        """`shared` is what other programs keep of the unit too: one that cannot be used is done without."""
        self._store = store
        self._shared = shared
        self._key = KEY + din
        self._kept: Kept | None = None

    @property
    def kept(self) -> Kept:
        """As last loaded or saved."""
        return self._kept or Kept()

    async def load(self) -> Kept:
        if self._kept is None:
            own = _decoded(await self._store.recall(self._key))
            self._kept = together(own, await self._recall_shared())
        return self._kept

    async def save(self, kept: Kept) -> Kept:
        self._kept = kept
        text = msgspec.json.encode(kept).decode()
        await self._store.remember(self._key, text)
        if self._shared is not None:
            try:
                await self._shared.remember(self._key, text)
            except ConfigError as error:
                self._do_without(error)
        return kept

    async def _recall_shared(self) -> Kept:
        if self._shared is not None:
            try:
                return _decoded(await self._shared.recall(self._key))
            except ConfigError as error:
                self._do_without(error)
        return Kept()

    def _do_without(self, error: ConfigError) -> None:
        log.info("what is written to this unit is not told to commands: %s", error)
        self._shared = None


def _decoded(text: str | None) -> Kept:
    with contextlib.suppress(msgspec.DecodeError):
        return msgspec.json.decode(text or "{}", type=Kept)
    return Kept()
