"""Spendings among the texts that somebody keeps: what one program wears counts for the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from ohmstead.kit.budget.store import Spending
from ohmstead.model import ConfigError

KEPT: Final = timedelta(days=31)
"""More than any window: what is kept does not grow for ever."""


class Texts(Protocol):
    """By key, over restarts: `kit.keeping.FolderStore`, or what the house offers its families."""

    async def remember(self, key: str, text: str) -> None: ...
    async def recall(self, key: str) -> str | None: ...


class KeptStore:
    """Two programs that book in the very same moment may miss one of the two."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    async def since(self, key: str, start: datetime) -> Sequence[Spending]:
        return tuple(spending for spending in await self._kept(key) if spending.at > start)

    async def add(self, key: str, spending: Spending) -> None:
        kept = await self.since(key, spending.at - KEPT)
        await self._texts.remember(key, msgspec.json.encode((*kept, spending)).decode())

    async def _kept(self, key: str) -> tuple[Spending, ...]:
        """Raises `ConfigError` for a damaged text: nothing is forgiven because it cannot be read."""
        try:
            return msgspec.json.decode(await self._texts.recall(key) or "[]", type=tuple[Spending, ...])
        except msgspec.DecodeError as error:
            raise ConfigError(f"what {key} has spent is damaged: {error}.") from error
