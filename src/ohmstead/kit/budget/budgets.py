"""Books spendings against limits."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from ohmstead.kit.budget.store import BudgetStore, Spending
from ohmstead.model import Clock


class Budgets:
    def __init__(self, store: BudgetStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._lock = asyncio.Lock()

    async def spend(self, key: str, amount: int, limit: int, window_s: float) -> bool:
        """Book `amount` if the last `window_s` civil seconds leave room for it; else book nothing and say False."""
        if amount < 0:
            raise ValueError(f"a spending is not negative, got {amount}")
        async with self._lock:
            now, window = self._clock.now(), timedelta(seconds=window_s)
            # What lies further ahead was booked by a clock that has been set back since: it would count for years.
            spent = sum(s.amount for s in await self._store.since(key, now - window) if s.at <= now + window)
            if spent + amount > limit:
                return False
            await self._store.add(key, Spending(now, amount))
            return True
