"""Orders that a budget held back: the newest of each kind, carried out when its time has come.

A later order of the kind that a device takes, whoever gives it, is in its place. The ledger knows what waits: a gateway
that starts again reads it there.

That is a receipt's promise, whoever asked, so it holds in every gateway, with or without a server for chargers. Whatever
waits for something that has no instant, as a Wall Connector's access window, is the family's, which alone sees it come.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final, NoReturn

import msgspec

from ohmstead.gateway.commands import Commands
from ohmstead.gateway.orders import Entry, Order
from ohmstead.gateway.status import DeviceStatus
from ohmstead.kit.link import TaskScope
from ohmstead.model import Clock, DeviceId, LimitedBy, OhmsteadError, Outcome, Receipt
from ohmstead.polling import HealthState

log = logging.getLogger(__name__)

LATER: Final = "held back before"
TOO_LATE: Final = "held back before, and not possible for a day since"
LOOKS_AGAIN: Final = timedelta(seconds=30)
"""Whether a device has come back."""
SETTLED: Final = timedelta(seconds=30)
"""A device that has just come, or come back, is left alone: whoever may have an order to take back does it first."""
PATIENCE: Final = timedelta(days=1)
"""With a device that does not; then the order is refused as any other, and in the ledger."""


class HeldBack:
    def __init__(
        self, commands: Commands, clock: Clock, find: Callable[[DeviceId], DeviceStatus | None]
    ) -> None:
        """`find` tells how a device is now, as far as is known."""
        self._commands = commands
        self._clock = clock
        self._find = find
        self._waiting: dict[tuple[DeviceId, str], tuple[datetime, Order]] = {}
        self._stirred = asyncio.Event()
        commands.listen(self._took)

    def waiting(self, device: DeviceId, ability: str) -> float | None:
        """The value that waits."""
        found = self._waiting.get((device, ability))
        value = found[1].value if found is not None else None
        return None if isinstance(value, str) else value

    @asynccontextmanager
    async def carrying_out(self) -> AsyncIterator[None]:
        """What waits, in this life of the gateway or since an earlier one, while the block lasts."""
        await self._recall()
        async with TaskScope() as scope:
            scope.start(self._carry_out())
            yield

    async def _recall(self) -> None:
        try:
            entries = await self._commands.held_back(_is_settling)
        except OhmsteadError as error:
            log.warning("what was held back before this start is lost: %s", error)
            return
        for entry in entries:
            if entry.receipt is not None:
                self._took(_order(entry), entry.receipt)

    async def _carry_out(self) -> NoReturn:
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

    def _is_able(self, order: Order) -> bool:
        status = self._find(order.device)
        return (
            status is not None
            and status.health is HealthState.GOOD
            and order.ability in status.abilities
            and self._clock.now() - status.since >= SETTLED
        )

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
                "%s %s of %s was held back, and is lost: %s", order.ability, order.value, order.device, error
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
        elif _settles(order, receipt):
            self._waiting.pop(key, None)
        self._stirred.set()


def _is_settling(entry: Entry) -> bool:
    return entry.receipt is not None and _settles(_order(entry), entry.receipt)


def _settles(order: Order, receipt: Receipt) -> bool:
    """Whether nothing waits any more behind it."""
    return order.reason in (LATER, TOO_LATE) or not _changes_nothing(receipt)


def _changes_nothing(receipt: Receipt) -> bool:
    """Nor will it later: what its family keeps for an access window takes the place of what waits."""
    return receipt.outcome is Outcome.REFUSED and receipt.limited_by is not LimitedBy.ACCESS_WINDOW


def _order(entry: Entry) -> Order:
    return Order(
        device=entry.device,
        ability=entry.ability,
        value=entry.asked,
        origin=entry.origin,
        reason=entry.reason,
    )
