"""What else a restart must not forget: wear and call budgets, where each never-falling total stands, and what families
learnt of their devices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from ohmstead.gateway.disk import Disk
from ohmstead.kit.budget import Spending
from ohmstead.model import DeviceId
from ohmstead.polling import Counter, CounterKey

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class DiskStore:
    """Spendings that survive a power cut."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def since(self, key: str, start: datetime) -> Sequence[Spending]:
        query = "SELECT at_us, amount FROM spendings WHERE key = ? AND at_us > ? ORDER BY at_us"
        rows = await self._disk.run(lambda c: c.execute(query, (key, _microseconds(start))).fetchall())
        return tuple(Spending(EPOCH + timedelta(microseconds=at_us), amount) for at_us, amount in rows)

    async def add(self, key: str, spending: Spending) -> None:
        row = (key, _microseconds(spending.at), spending.amount)
        await self._disk.run(lambda c: c.execute("INSERT INTO spendings VALUES (?, ?, ?)", row))


class Memory:
    """Texts of the families, each under a key of its own."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk

    async def remember(self, key: str, text: str) -> None:
        await self._disk.run(
            lambda c: c.execute("INSERT OR REPLACE INTO memories VALUES (?, ?)", (key, text))
        )

    async def recall(self, key: str) -> str | None:
        row = await self._disk.run(
            lambda c: c.execute("SELECT text FROM memories WHERE key = ?", (key,)).fetchone()
        )
        return None if row is None else str(row[0])


async def read_counters(disk: Disk) -> dict[CounterKey, Counter]:
    rows = await disk.run(lambda c: c.execute("SELECT device, field, counter FROM counters").fetchall())
    return {(DeviceId(d), field): msgspec.json.decode(text, type=Counter) for d, field, text in rows}


async def write_counters(disk: Disk, counters: Mapping[CounterKey, Counter]) -> None:
    rows = [(d, field, msgspec.json.encode(counter).decode()) for (d, field), counter in counters.items()]
    await disk.run(lambda c: c.executemany("INSERT OR REPLACE INTO counters VALUES (?, ?, ?)", rows))


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
