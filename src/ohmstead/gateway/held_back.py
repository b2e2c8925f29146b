"""Orders that a budget held back: the newest of each kind, carried out when its time has come.

A later order of the kind that a device takes, whoever gives it, is in its place. The ledger knows what waits: a gateway
that starts again reads it there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NoReturn

import msgspec

from ohmstead.gateway.commands import Commands
from ohmstead.gateway.orders import Entry, Order
from ohmstead.model import Clock, DeviceId, OhmsteadError, Outcome, Receipt

log = logging.getLogger(__name__)

LATER: Final = "held back before"
TOO_LATE: Final = "held back before, and not possible for a day since"
RECALLED: Final = 1_000
"""Entries of the ledger that are read at the start: of weeks, where budgets are in use."""
LOOKS_AGAIN: Final = timedelta(seconds=30)
"""Whether a device has come back."""
PATIENCE: Final = timedelta(days=1)
"""With a device that does not; then the order is refused as any other, and in the ledger."""


class HeldBack:
    """`is_able` tells whether an order's device could carry it out now, as far as is known."""

    def __init__(self, commands: Commands, clock: Clock, is_able: Callable[[Order], bool]) -> None:
        self._commands = commands
        self._clock = clock
        self._is_able = is_able
        self._waiting: dict[tuple[DeviceId, str], tuple[datetime, Order]] = {}
        self._stirred = asyncio.Event()
        commands.listen(self._took)

    def waiting(self, device: DeviceId, ability: str) -> float | None:
        """The value that waits."""
        found = self._waiting.get((device, ability))
        value = found[1].value if found is not None else None
        return None if isinstance(value, str) else value

    async def recall(self) -> None:
        """What an earlier life of the gateway held back."""
        try:
            entries = await self._commands.ledger(RECALLED)
        except OhmsteadError as error:
            log.warning("what was held back before this start is lost: %s", error)
            return
        for entry in reversed(entries):
            if entry.receipt is not None:
                self._took(_order(entry), entry.receipt)

    async def carry_out(self) -> NoReturn:
        """For ever."""
        while True:
            turns = [(self._turn(due, order), order) for due, order in self._waiting.values()]
            turn = min(turns, key=lambda entry: entry[0], default=None)
            self._stirred.clear()
            if turn is None:
                await self._stirred.wait()
            elif self._clock.now() >= turn[0]:
                order = turn[1]
                del self._waiting[order.device, order.ability]
                reason = LATER if self._is_able(order) else TOO_LATE
                await self._give(msgspec.structs.replace(order, reason=reason))
            else:
                await self._nap(turn[0])

    def _turn(self, due: datetime, order: Order) -> datetime:
        """When to carry it out, or to look again whether that is possible."""
        now = self._clock.now()
        if now < due or self._is_able(order) or now - due >= PATIENCE:
            return due
        return now + LOOKS_AGAIN

    async def _give(self, order: Order) -> None:
        """Whatever becomes of it, the next one has its turn."""
        try:
            await self._commands.execute(order)
        except OhmsteadError as error:
            log.warning(
                "%s %g of %s was held back, and is lost: %s", order.ability, order.value, order.device, error
            )

    async def _nap(self, until: datetime) -> None:
        """Until then, or until another order comes."""
        wire_s = (until - self._clock.now()).total_seconds() / self._clock.speed
        try:
            async with asyncio.timeout(wire_s):
                await self._stirred.wait()
        except TimeoutError:
            return

    def _took(self, order: Order, receipt: Receipt) -> None:
        key = (order.device, order.ability)
        if receipt.next_try_at is not None:
            self._waiting[key] = (receipt.next_try_at, order)
        elif order.reason in (LATER, TOO_LATE) or receipt.outcome is not Outcome.REFUSED:
            # What is refused changes nothing; but what was held back has had its turn.
            self._waiting.pop(key, None)
        self._stirred.set()


def _order(entry: Entry) -> Order:
    return Order(
        device=entry.device,
        ability=entry.ability,
        value=entry.asked,
        origin=entry.origin,
        reason=entry.reason,
    )
