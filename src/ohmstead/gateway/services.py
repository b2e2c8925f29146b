"""What one device's family is handed by the gateway."""

from __future__ import annotations

from ohmstead.gateway.secrets import Secrets
from ohmstead.kit.budget import Budgets
from ohmstead.model import Clock, Tap


class SiteServices:
    def __init__(self, clock: Clock, budgets: Budgets, secrets: Secrets, tap: Tap | None) -> None:
        self.clock = clock
        self._budgets = budgets
        self._secrets = secrets
        self._tap = tap

    def tap(self, name: str) -> Tap | None:
        return self._tap

    async def spend(self, key: str, amount: int, limit: int, window_s: float) -> bool:
        return await self._budgets.spend(key, amount, limit, window_s)

    def secret(self, reference: str) -> str:
        return self._secrets.secret(reference)
