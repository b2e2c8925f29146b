"""A home that writes both files of a gateway and knows what it was promised: the workload of the power cuts."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from beneath import Operation, beneath_sqlite, without_syncs

from ohmstead.accounting import Books, Entry, Sink, Source
from ohmstead.gateway import Order, Stretch
from ohmstead.gateway.disk import Disk, open_disk
from ohmstead.gateway.ledger import Ledger
from ohmstead.gateway.quarters import write_quarters
from ohmstead.gateway.remembering import Memory
from ohmstead.history import Retention, Store
from ohmstead.history.items import items_of
from ohmstead.model import DeviceId, GridReading, Outcome, Receipt, Sample

START: Final = datetime(2026, 6, 21, tzinfo=UTC)
TURN: Final = timedelta(minutes=20)
POLLS: Final = 4
"""Of each device in a turn: what one commit carries."""
DEVICES: Final = ("cellar/1", "roof/1", "roof/2")
TURNS: Final = 200
KEPT_DAYS: Final = 2
HISTORY: Final = "history.sqlite"
LEDGER: Final = "ledger.sqlite"


class Promise(msgspec.Struct, frozen=True):
    """From an operation on: turns committed to the history, orders and receipts to the ledger, quarters to the books."""

    after: int
    turns: int = 0
    orders: int = 0
    receipts: int = 0
    quarters: int = 0
    remembered: int = 0


class Home:
    """Lives `TURNS` turns, restarts now and then, and records what it does to its disk."""

    def __init__(self, folder: Path, seed: int, *, synchronous: str = "FULL") -> None:
        self._folder = folder
        self._synchronous = synchronous
        self._chance = random.Random(seed)
        self.operations: list[Operation] = []
        self.promises = [Promise(0)]

    def live(self) -> None:
        with beneath_sqlite(self._record):
            asyncio.run(self._live())

    async def _live(self) -> None:
        turn = 0
        while turn < TURNS:
            ends = min(TURNS, turn + self._chance.randint(20, 90))
            async with AsyncExitStack() as stack:
                disk = await stack.enter_async_context(open_disk(self._folder / LEDGER, threads=False))
                store = stack.enter_context(closing(Store(self._folder / HISTORY, at_turn(turn))))
                self._set_up(store._connection, self._chance.randint(4, 60))
                self._set_up(disk._connection, self._chance.randint(2, 30))
                for number in range(turn, ends):
                    self._remember(store, number)
                    await self._command(disk, number)
            turn = ends

    def _set_up(self, connection: sqlite3.Connection, pages: int) -> None:
        """So that a short life has as many checkpoints as a long one."""
        connection.execute(f"PRAGMA wal_autocheckpoint = {pages}")
        if self._synchronous != "FULL":
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")

    def _remember(self, store: Store, turn: int) -> None:
        now = at_turn(turn)
        store.append([item for sample in samples(turn) for item in items_of(sample)], now)
        self._promise(turns=turn + 1)
        while store.seal_next(now):
            pass
        if turn % 50 == 49:
            store.prune(now, Retention(raw_days=KEPT_DAYS))

    async def _command(self, disk: Disk, turn: int) -> None:
        ledger = Ledger(disk)
        entry_id = await ledger.intend(order(turn), at_turn(turn))
        self._promise(orders=turn + 1)
        if self._chance.random() < 0.8:
            await ledger.complete(entry_id, receipt(turn))
            self._promise(receipts=self.promises[-1].receipts + 1)
        await Memory(disk).remember("source/roof", str(turn))
        self._promise(remembered=turn)
        await disk.run(
            lambda c: write_quarters(
                c, quarters=[stretch(turn)], books=Books(stored_wh=float(turn)), until=at_turn(turn + 1)
            )
        )
        self._promise(quarters=turn + 1)

    def _record(self, operation: Operation) -> int:
        if not operation.path.endswith("-shm"):
            self.operations.append(operation)
        return without_syncs(operation)

    def _promise(self, **what: int) -> None:
        self.promises.append(msgspec.structs.replace(self.promises[-1], after=len(self.operations), **what))


def at_turn(turn: int) -> datetime:
    return START + turn * TURN


def samples(turn: int) -> list[Sample]:
    return [
        Sample(
            at=at_turn(turn) + poll * TURN / POLLS,
            readings=tuple(
                GridReading(
                    device=DeviceId(name),
                    at=at_turn(turn) + poll * TURN / POLLS,
                    power_w=float(turn * POLLS + poll),
                    imported_wh=1000.0 * (turn * POLLS + poll),
                )
                for name in DEVICES
            ),
        )
        for poll in range(POLLS)
    ]


def order(turn: int) -> Order:
    return Order(device=DeviceId("roof/1"), ability="limits_solar", value=float(turn), origin="test")


def receipt(turn: int) -> Receipt:
    return Receipt(
        device=DeviceId("roof/1"),
        ability="limits_solar",
        at=at_turn(turn),
        outcome=Outcome.CONFIRMED,
        asked=float(turn),
    )


def stretch(turn: int) -> Stretch:
    matrix = {(Source.SOLAR, Sink.HOME): 100.0 + turn}
    return Stretch(at=at_turn(turn), entry=Entry(matrix=matrix, by_sink={}, earned=0.0, unaccounted_wh=0.0))
