"""Orders that a budget held back: the newest of each kind, carried out when its time has come.

A later order of the kind that a device takes, whoever gives it, is in its place.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from typing import Final, NoReturn

import msgspec

from ohmstead.gateway.commands import Commands
from ohmstead.gateway.orders import Order
from ohmstead.model import Clock, DeviceId, OhmsteadError, Outcome, Receipt

log = logging.getLogger(__name__)

LATER: Final = "held back before"


class HeldBack:
    def __init__(self, commands: Commands, clock: Clock) -> None:
        self._commands = commands
        self._clock = clock
        self._waiting: dict[tuple[DeviceId, str], tuple[datetime, Order]] = {}
        self._stirred = asyncio.Event()
        commands.listen(self._took)

    def waiting(self, device: DeviceId, ability: str) -> float | None:
        """The value that waits."""
        found = self._waiting.get((device, ability))
        value = found[1].value if found is not None else None
        return None if isinstance(value, str) else value

    async def carry_out(self) -> NoReturn:
        """For ever."""
        while True:
            due = min(self._waiting.values(), key=lambda entry: entry[0], default=None)
            self._stirred.clear()
            if due is None:
                await self._stirred.wait()
            elif self._clock.now() >= due[0]:
                order = due[1]
                del self._waiting[order.device, order.ability]
                await self._give(msgspec.structs.replace(order, reason=LATER))
            else:
                await self._nap(due[0])

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
        elif receipt.outcome is not Outcome.REFUSED:  # what is refused changes nothing
            self._waiting.pop(key, None)
        self._stirred.set()
