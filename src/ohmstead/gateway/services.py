"""What one device's family is handed by the gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from ohmstead.gateway.remembering import Memory
from ohmstead.gateway.secrets import Secrets
from ohmstead.kit.budget import Budgets
from ohmstead.kit.shared import Shared
from ohmstead.model import Clock, Tap

T = TypeVar("T")

SESSION: Final = "session/"
"""Before the keys of what families keep among the secrets: nobody has to write these there."""


class SiteServices:
    def __init__(
        self,
        clock: Clock,
        budgets: Budgets,
        memory: Memory,
        secrets: Secrets,
        tap: Callable[[], Tap],
        *,
        shared: Shared,
    ) -> None:
        """`tap` makes one for each connection; `shared` is the whole house's, as budgets, memory and secrets are."""
        self.clock = clock
        self._budgets = budgets
        self._memory = memory
        self._secrets = secrets
        self._tap = tap
        self._shared = shared

    def tap(self, name: str) -> Tap | None:
        return self._tap()

    async def spend(self, key: str, amount: int, limit: int, window_s: float) -> bool:
        return await self._budgets.spend(key, amount, limit, window_s)

    def shared(self, key: str, make: Callable[[], T]) -> T:
        return self._shared.get(key, make)

    def secret(self, reference: str) -> str:
        return self._secrets.secret(reference)

    async def remember(self, key: str, text: str) -> None:
        await self._memory.remember(key, text)

    async def recall(self, key: str) -> str | None:
        return await self._memory.recall(key)

    async def remember_secret(self, key: str, text: str) -> None:
        self._secrets.keep({SESSION + key: text})

    async def recall_secret(self, key: str) -> str | None:
        return self._secrets.kept(SESSION + key)
