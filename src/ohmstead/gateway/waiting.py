"""Orders that the disk could not take: kept in memory and said in the log, until it can.

Whoever switches a charger off does so also on the day the disk is full.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.gateway.disk import LedgerError
from ohmstead.gateway.orders import Entry, Order
from ohmstead.model import Receipt

CAPACITY: Final = 1_000
"""Orders; with more of them no command is sent."""

log = logging.getLogger(__name__)


class Waiting:
    """Numbers its entries downwards from -1, so that none is taken for one on the disk."""

    def __init__(self) -> None:
        self._entries: dict[int, Entry] = {}
        self._last = 0
        self.receipts: dict[int, Receipt] = {}
        """Of orders that are on the disk."""

    def __contains__(self, entry_id: int) -> bool:
        return entry_id in self._entries

    def intend(self, order: Order, at: datetime, asked: float | str, error: LedgerError) -> int:
        """Raises `LedgerError` when too many wait."""
        if len(self._entries) >= CAPACITY:
            raise error
        log.error("%s It waits in memory: %s, asked by %s: %s.", error, order.device, order.origin, asked)
        self._last -= 1
        self._entries[self._last] = Entry(
            id=self._last,
            at=at,
            device=order.device,
            ability=order.ability,
            asked=asked,
            origin=order.origin,
            reason=order.reason,
        )
        return self._last

    def complete(self, entry_id: int, receipt: Receipt) -> None:
        """Of an order here or on the disk."""
        if entry_id in self._entries:
            self._entries[entry_id] = msgspec.structs.replace(self._entries[entry_id], receipt=receipt)
        else:
            self.receipts[entry_id] = receipt

    def finished(self) -> tuple[Entry, ...]:
        """Oldest first. What is under way waits on."""
        return tuple(entry for entry in self._entries.values() if entry.receipt is not None)

    def newest(self) -> tuple[Entry, ...]:
        """Newest first."""
        return tuple(reversed(self._entries.values()))

    def drop(self, entries: Collection[Entry], receipts: Collection[int]) -> None:
        """These are on the disk now."""
        for entry in entries:
            del self._entries[entry.id]
        for entry_id in receipts:
            del self.receipts[entry_id]
