"""Where spendings are remembered. Every store passes the same suite; the gateway's lives beside its ledger."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

DAY: Final = timedelta(days=1)


class Spending(msgspec.Struct, frozen=True):
    at: datetime
    amount: int


class BudgetStore(Protocol):
    async def since(self, key: str, start: datetime) -> Sequence[Spending]: ...
    async def add(self, key: str, spending: Spending) -> None: ...


class MemoryStore:
    """Forgets what is older than a day and than the widest window it was asked about, so that it does not grow for ever."""

    def __init__(self) -> None:
        self._spendings: dict[str, list[Spending]] = {}
        """In the order of their time."""
        self._asked: dict[str, datetime] = {}
        self._widest: dict[str, timedelta] = {}

    async def since(self, key: str, start: datetime) -> Sequence[Spending]:
        self._asked[key] = start
        kept = self._spendings.get(key, [])
        return tuple(kept[bisect_right(kept, start, key=_at) :])

    async def add(self, key: str, spending: Spending) -> None:
        kept = self._spendings.setdefault(key, [])
        insort(kept, spending, key=_at)
        window = spending.at - self._asked.get(key, spending.at)
        self._widest[key] = widest = max(window, self._widest.get(key, DAY))
        if kept[0].at < spending.at - 2 * widest:  # not for each single one
            del kept[: bisect_right(kept, spending.at - widest, key=_at)]


def _at(spending: Spending) -> datetime:
    return spending.at
