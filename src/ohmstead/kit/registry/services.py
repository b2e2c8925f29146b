"""The services a library user gets without a gateway: real clock, budgets and memory as long as
the process lives, secrets from the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from ohmstead.kit.budget import Budgets, MemoryStore
from ohmstead.kit.shared import Shared
from ohmstead.model import Clock, ConfigError, RealClock, Tap

T = TypeVar("T")


class LocalServices:
    def __init__(
        self, clock: Clock | None = None, tap: Tap | None = None, *, password: str | None = None
    ) -> None:
        """`password`: the answer to every secret that the environment does not have, as for a simulator."""
        self.clock: Clock = clock or RealClock()
        self._tap = tap
        self._password = password
        self._budgets = Budgets(MemoryStore(), self.clock)
        self._shared = Shared()
        self._memory: dict[str, str] = {}
        self._secrets: dict[str, str] = {}

    def tap(self, name: str) -> Tap | None:
        return self._tap

    async def spend(self, key: str, amount: int, limit: int, window_s: float) -> bool:
        return await self._budgets.spend(key, amount, limit, window_s)

    def shared(self, key: str, make: Callable[[], T]) -> T:
        return self._shared.get(key, make)

    def secret(self, reference: str) -> str:
        """From the environment variable `OHMSTEAD_SECRET_<REFERENCE>`."""
        variable = "OHMSTEAD_SECRET_" + "".join(c if c.isalnum() else "_" for c in reference).upper()
        try:
            return os.environ[variable]
        except KeyError:
            if self._password is not None:
                return self._password
            raise ConfigError(f"no secret for {reference!r}.", example=f"{variable}=… ohmstead …") from None

    async def remember(self, key: str, text: str) -> None:
        self._memory[key] = text

    async def recall(self, key: str) -> str | None:
        return self._memory.get(key)

    async def remember_secret(self, key: str, text: str) -> None:
        self._secrets[key] = text

    async def recall_secret(self, key: str) -> str | None:
        return self._secrets.get(key)
