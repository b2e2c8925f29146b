"""Every command, for ever: what was asked is durable before the device is touched, what became of it after; on a disk
that takes nothing both wait in memory.

Append-only. An order without a receipt is under way; if the gateway died meanwhile its fate is unknown, and the next
start says so.
"""

from __future__ import annotations

import asyncio
import logging
import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.gateway.disk import HAS_NEXT_TRY, Disk, LedgerError
from ohmstead.gateway.orders import Entry, Order
from ohmstead.gateway.waiting import Waiting
from ohmstead.model import Outcome, Receipt

LONGEST_TEXT: Final = 200
INTERRUPTED: Final = "the gateway stopped before the outcome was known; read the device"
SELECT: Final = """
SELECT orders.id, at, device, ability, asked, origin, reason, receipt
FROM orders LEFT JOIN receipts ON receipts.order_id = orders.id
"""
HELD_BACK: Final = f"""
{SELECT} WHERE orders.id IN (
    SELECT max(order_id) FROM receipts JOIN orders ON orders.id = order_id WHERE {HAS_NEXT_TRY} GROUP BY device, ability
)
"""  # noqa: S608 - of constants
SINCE: Final = f"{SELECT} WHERE orders.id > ? AND device = ? AND ability = ? ORDER BY orders.id"
log = logging.getLogger(__name__)

_Row = tuple[int, str, str, str, str, str, str, str | None]


class Ledger:
    """What the disk cannot take now waits in memory, and is written with the next entry that it can."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._waiting = Waiting()
        self._one_at_a_time = asyncio.Lock()

    async def intend(self, order: Order, at: datetime) -> int:
        """Write down what is about to be tried. Returns the entry's id. Raises `LedgerError`: then do not try it."""
        try:
            return await self._disk.run(lambda connection: _insert_order(connection, order, at))
        except LedgerError as error:
            return self._waiting.intend(order, at, plain(order.value), error)

    async def complete(self, entry_id: int, receipt: Receipt) -> None:
        if entry_id in self._waiting:
            self._waiting.complete(entry_id, receipt)
            await self._store_waiting()
            return
        try:
            await self._disk.run(lambda connection: _insert_receipt(connection, entry_id, receipt))
        except LedgerError as error:
            self._waiting.complete(entry_id, receipt)
            log.error("a receipt waits in memory: %s", error)  # noqa: TRY400 - a trace says no more

    async def refuse(self, order: Order, receipt: Receipt) -> None:
        """Both steps at once, for an order that never reaches its device."""

        def write(connection: sqlite3.Connection) -> None:
            _insert_receipt(connection, _insert_order(connection, order, receipt.at), receipt)

        try:
            await self._disk.run(write)
        except LedgerError as error:
            # What has happened has happened: whoever asked is told so, also when it cannot be written down.
            log.error("a refusal is missing in the ledger: %s", error)  # noqa: TRY400 - a trace says no more

    async def newest(self, limit: int) -> tuple[Entry, ...]:
        """Newest first."""
        await self._store_waiting()
        query = f"{SELECT} ORDER BY orders.id DESC LIMIT ?"
        rows = await self._disk.run(lambda connection: connection.execute(query, (limit,)).fetchall())
        return (*self._waiting.newest(), *_entries(rows))[:limit]

    async def held_back(self, settles: Callable[[Entry], bool]) -> tuple[Entry, ...]:
        """Of each device and ability the newest order with a next try, unless `settles` is true of one since."""

        def still_waits(connection: sqlite3.Connection, entry: Entry) -> bool:
            since = connection.execute(SINCE, (entry.id, entry.device, entry.ability))
            return not any(map(settles, _entries(since)))

        def read(connection: sqlite3.Connection) -> tuple[Entry, ...]:
            newest = _entries(connection.execute(HELD_BACK).fetchall())
            return tuple(entry for entry in newest if still_waits(connection, entry))

        return await self._disk.run(read)

    async def _store_waiting(self) -> None:
        async with self._one_at_a_time:
            await self._store_finished()

    async def _store_finished(self) -> None:
        entries, receipts = self._waiting.finished(), dict(self._waiting.receipts)
        if not entries and not receipts:
            return

        def write(connection: sqlite3.Connection) -> None:
            for entry_id, receipt in receipts.items():
                _insert_receipt(connection, entry_id, receipt)
            for entry in entries:
                _insert_entry(connection, entry)

        try:
            await self._disk.run(write)
        except LedgerError as error:
            log.error("receipts wait in memory: %s", error)  # noqa: TRY400 - a trace says no more
        else:
            self._waiting.drop(entries, receipts)

    async def settle_interrupted(self, at: datetime) -> int:
        """Give what the last run left open the receipt "unknown". Returns how many there were."""

        def settle(connection: sqlite3.Connection) -> int:
            rows = connection.execute(f"{SELECT} WHERE receipt IS NULL").fetchall()
            interrupted = tuple(_entries(rows))
            for entry in interrupted:
                _insert_receipt(connection, entry.id, _interrupted(entry, at))
            return len(interrupted)

        return await self._disk.run(settle)


def plain(value: object) -> float | str:
    """A value as JSON can carry it: what is no finite number becomes text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            return "a number beyond all limits"
        return number if math.isfinite(number) else str(number)
    return (value if isinstance(value, str) else repr(value))[:LONGEST_TEXT]


def _interrupted(entry: Entry, at: datetime) -> Receipt:
    return Receipt(
        device=entry.device,
        ability=entry.ability,
        at=at,
        outcome=Outcome.UNKNOWN,
        asked=entry.asked,
        reason=INTERRUPTED,
    )


def _insert_order(connection: sqlite3.Connection, order: Order, at: datetime) -> int:
    return _insert(connection, order, plain(order.value), at)


def _insert_entry(connection: sqlite3.Connection, entry: Entry) -> None:
    if entry.receipt is not None:
        _insert_receipt(connection, _insert(connection, entry, entry.asked, entry.at), entry.receipt)


def _insert(connection: sqlite3.Connection, order: Order | Entry, value: float | str, at: datetime) -> int:
    asked = msgspec.json.encode(value).decode()
    row = (at.isoformat(), order.device, order.ability, asked, order.origin, order.reason)
    inserted = connection.execute(
        "INSERT INTO orders (at, device, ability, asked, origin, reason) VALUES (?, ?, ?, ?, ?, ?)", row
    )
    if inserted.lastrowid is None:  # an INSERT into a rowid table always sets it
        raise AssertionError("SQLite gave the order no number")
    return inserted.lastrowid


def _insert_receipt(connection: sqlite3.Connection, entry_id: int, receipt: Receipt) -> None:
    connection.execute(
        "INSERT INTO receipts VALUES (?, ?)", (entry_id, msgspec.json.encode(receipt).decode())
    )


def _entries(rows: Iterable[_Row]) -> Iterator[Entry]:
    """Those that can be read: a damaged one takes none of the others with it."""
    return (entry for entry in map(_read, rows) if entry is not None)


def _read(row: _Row) -> Entry | None:
    try:
        return _entry(row)
    except msgspec.DecodeError as error:
        log.warning("entry %d of the ledger cannot be read: %s", row[0], error)
        return None


def _entry(row: _Row) -> Entry:
    entry_id, at, device, ability, asked, origin, reason, receipt = row
    return msgspec.convert(
        {
            "id": entry_id,
            "at": at,
            "device": device,
            "ability": ability,
            "asked": msgspec.json.decode(asked),
            "origin": origin,
            "reason": reason,
            "receipt": msgspec.json.decode(receipt) if receipt else None,
        },
        Entry,
    )
