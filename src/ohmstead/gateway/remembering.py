"""What else a restart must not forget: wear and call budgets, where each never-falling total stands, and what families
learnt of their devices.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from ohmstead.gateway.disk import Disk, LedgerError
from ohmstead.kit.budget import KEPT, Spending
from ohmstead.model import DeviceId, source_of
from ohmstead.polling import Counter, CounterKey

log = logging.getLogger(__name__)

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class DiskStore:
    """Spendings that survive a power cut, until no window reaches back to them. What the disk cannot take now counts all
    the same, and is written with the next that it can.
    """

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._waiting: list[tuple[str, int, int]] = []

    async def since(self, key: str, start: datetime) -> Sequence[Spending]:
        query = "SELECT at_us, amount FROM spendings WHERE key = ? AND at_us > ? ORDER BY at_us"
        wanted = (key, _microseconds(start))
        rows = await self._disk.run(lambda c: c.execute(query, wanted).fetchall())
        rows += [
            (at_us, amount) for name, at_us, amount in self._waiting if name == key and at_us > wanted[1]
        ]
        return tuple(Spending(EPOCH + timedelta(microseconds=at_us), amount) for at_us, amount in rows)

    async def add(self, key: str, spending: Spending) -> None:
        rows, self._waiting = [*self._waiting, (key, _microseconds(spending.at), spending.amount)], []
        over = (key, _microseconds(spending.at - KEPT))

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT INTO spendings VALUES (?, ?, ?)", rows)
            connection.execute("DELETE FROM spendings WHERE key = ? AND at_us <= ?", over)

        try:
            await self._disk.run(write)
        except LedgerError as error:
            self._waiting = rows + self._waiting
            log.error("%d spendings wait in memory: %s", len(rows), error)  # noqa: TRY400 - a trace says no more


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


async def read_counters(disk: Disk, source: str) -> dict[CounterKey, Counter]:
    """Of the source of that name. One that cannot be read begins anew."""
    rows = await disk.run(lambda c: c.execute("SELECT device, field, counter FROM counters").fetchall())
    found = {
        (DeviceId(d), field): _counter(d, field, text) for d, field, text in rows if source_of(d) == source
    }
    return {key: counter for key, counter in found.items() if counter is not None}


def _counter(device: str, field: str, text: str) -> Counter | None:
    try:
        return msgspec.json.decode(text, type=Counter)
    except msgspec.DecodeError as error:
        log.warning("what was remembered of %s of %s cannot be read: %s", field, device, error)
        return None


async def write_counters(disk: Disk, counters: Mapping[CounterKey, Counter]) -> None:
    rows = [(d, field, msgspec.json.encode(counter).decode()) for (d, field), counter in counters.items()]
    await disk.run(lambda c: c.executemany("INSERT OR REPLACE INTO counters VALUES (?, ?, ?)", rows))


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
