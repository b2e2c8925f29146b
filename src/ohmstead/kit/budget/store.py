"""Where spendings are remembered. Every store passes the same suite; the gateway's lives beside its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec


class Spending(msgspec.Struct, frozen=True):
    at: datetime
    amount: int


class BudgetStore(Protocol):
    async def since(self, key: str, start: datetime) -> Sequence[Spending]: ...
    async def add(self, key: str, spending: Spending) -> None: ...


class MemoryStore:
    def __init__(self) -> None:
        self._spendings: dict[str, list[Spending]] = {}

    async def since(self, key: str, start: datetime) -> Sequence[Spending]:
        kept = [s for s in self._spendings.get(key, []) if s.at > start]
        return tuple(kept)

    async def add(self, key: str, spending: Spending) -> None:
        self._spendings.setdefault(key, []).append(spending)
