"""The one path of every command: known device, its owner's consent, ability, envelope, one at a time, deadline, the
device's own verb (which books budgets, writes and reads back), receipt, ledger.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, Final

import msgspec

from ohmstead.gateway.ledger import Ledger, plain
from ohmstead.gateway.orders import Entry, Order
from ohmstead.gateway.status import DeviceStatus
from ohmstead.model import (
    ABILITIES,
    Ability,
    BadAnswer,
    BudgetSpent,
    Clock,
    ConnectionLost,
    DeviceId,
    LimitedBy,
    OhmsteadError,
    Outcome,
    OutcomeUnknown,
    Receipt,
    Source,
    TimedOut,
    Unsafe,
    Unsupported,
    WireError,
)
from ohmstead.polling import Poller, words

PATIENCE_S: Final = 120.0
"""Wire time for one command, on top of what the device needs to act and settle: some report their progress for a
minute, and a lost acknowledgement is followed by a read."""
CALL_S: Final = 30.0
"""Wire time for a raw call, with its wait for others: polls wait meanwhile."""
CLOSING_S: Final = 3.0
"""For commands under way when the gateway ends."""
ENDING: Final = "the gateway is ending"
DOUBTFUL: Final = (OutcomeUnknown, ConnectionLost, TimedOut, BadAnswer, WireError)
"""Errors after which the write may have happened."""

log = logging.getLogger(__name__)

Verb = Callable[[], Awaitable[Receipt]]
Find = Callable[[DeviceId], DeviceStatus | None]


class Commands:
    def __init__(self, find: Find, pollers: Mapping[str, Poller], ledger: Ledger, clock: Clock) -> None:
        self._find = find
        self._pollers = pollers
        self._ledger = ledger
        self._clock = clock
        self._under_way = 0
        self._all_done = asyncio.Event()
        self._all_done.set()
        self._limits: set[asyncio.Timeout] = set()
        self._is_closing = False
        self._listeners: list[Callable[[Order, Receipt], None]] = []

    def listen(self, listener: Callable[[Order, Receipt], None]) -> None:
        """Be told of each order with its receipt, from now on; also of one whose asker did not wait for it."""
        self._listeners.append(listener)

    async def execute(self, order: Order) -> Receipt:
        """Carry out one order. Whatever becomes of it is a receipt, and in the ledger when this returns."""
        try:
            status, ability = self._admit(order)
            value = status.abilities[ability.name].check(order.value)
        except (Unsafe, Unsupported) as error:
            return await self._refuse(order, str(error))
        envelope = status.abilities[ability.name]

        def verb(source: Source) -> Verb | None:
            able: Any = source.ability(order.device, ability)  # Any: its protocol has the verb of that name
            return None if able is None else partial(getattr(able, ability.verb), value)

        limit_s = PATIENCE_S + envelope.latency_s + envelope.settle_s
        return await self._take_turn(order, status.source, verb, limit_s)

    async def call(
        self, order: Order, call: Callable[[Source], Awaitable[object]], *, writes: bool
    ) -> tuple[Receipt, object]:
        """Let somebody make a raw call of a device's family, in the source's turn and on record like any command.

        `order.ability` says which and `order.value` with what. Returns what it brought beside its receipt.
        """
        brought: list[object] = []

        def verb(source: Source) -> Verb:
            async def made() -> Receipt:
                brought.append(await call(source))
                return self._receipt(order, Outcome.ACKNOWLEDGED, "")

            return made

        try:
            status = self._known(order, writes=writes)
        except (Unsafe, Unsupported) as error:
            return await self._refuse(order, str(error)), None
        receipt = await self._take_turn(order, status.source, verb, CALL_S)
        return receipt, brought[0] if brought else None

    async def ledger(self, limit: int = 100) -> tuple[Entry, ...]:
        """Newest first."""
        return await self._ledger.newest(limit)

    async def held_back(self, settles: Callable[[Entry], bool]) -> tuple[Entry, ...]:
        """As the ledger tells them: of each kind the newest order with a next try, unless `settles` is true of one since."""
        return await self._ledger.held_back(settles)

    async def close(self) -> None:
        """Take no more orders, give those under way a moment to end well, then end them."""
        self._is_closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_S):
                await self._all_done.wait()
        for limit in self._limits:
            if not limit.expired():
                limit.reschedule(asyncio.get_running_loop().time())
        await self._all_done.wait()

    def _admit(self, order: Order) -> tuple[DeviceStatus, Ability[Any]]:  # Any: abilities by name
        """Raises `Unsafe` or `Unsupported` with words for whoever asked."""
        status = self._known(order, writes=True)
        if order.ability not in status.abilities:
            able = ", ".join(status.abilities) or "nothing we know"
            raise Unsupported(f"{order.device} cannot do {order.ability!r}; it can do: {able}")
        return status, ABILITIES[order.ability]

    def _known(self, order: Order, *, writes: bool) -> DeviceStatus:
        """Raises `Unsafe` or `Unsupported`."""
        status = self._find(order.device)
        if self._is_closing:
            raise Unsafe(ENDING)
        if status is None:
            raise Unsupported(f"there is no device {order.device!r}")
        if writes and not status.control:
            raise Unsafe(
                f"control of {status.source} is off. Its owner enables it with `control = true` in its [[device]] "
                "table of the site file"
            )
        return status

    async def _take_turn(
        self, order: Order, source: str, verb: Callable[[Source], Verb | None], limit_s: float
    ) -> Receipt:
        self._under_way += 1
        self._all_done.clear()
        try:
            return await self._in_turn(order, source, verb, asyncio.get_running_loop().time() + limit_s)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._all_done.set()

    async def _in_turn(
        self, order: Order, source: str, verb: Callable[[Source], Verb | None], ends_at_s: float
    ) -> Receipt:
        poller = self._pollers.get(source)
        if poller is None:
            return await self._refuse(order, f"{source} has just left the site file")
        try:
            async with self._until(ends_at_s):
                await poller.turn.acquire()
        except TimeoutError:
            return await self._refuse(order, f"{source} was busy with other requests for too long")
        try:
            if self._is_closing:
                return await self._refuse(order, ENDING)
            able = verb(poller.source) if poller.source is not None else None
            if able is None:
                return await self._refuse(order, f"{source} is not connected: {poller.health.reason}")
            return await self._carry_out(order, able, ends_at_s)
        finally:
            poller.turn.release()

    async def _carry_out(self, order: Order, verb: Verb, ends_at_s: float) -> Receipt:
        entry_id = await self._ledger.intend(order, self._clock.now())
        receipt = self._receipt(order, Outcome.UNKNOWN, "interrupted while the device was being written to")
        try:
            async with self._until(ends_at_s):
                receipt = await verb()
        except OhmsteadError as error:  # before the next: some are a TimeoutError too
            outcome = Outcome.UNKNOWN if isinstance(error, DOUBTFUL) else Outcome.REFUSED
            receipt = self._receipt(order, outcome, str(error))
            if isinstance(error, BudgetSpent):
                receipt = msgspec.structs.replace(receipt, limited_by=LimitedBy.WEAR_BUDGET)
        except TimeoutError:
            why = "the gateway ended" if self._is_closing else "the command's deadline came"
            receipt = self._receipt(order, Outcome.UNKNOWN, f"{why} before the device had finished")
        except Exception as error:
            # The root of a command: whoever asked goes on, a person or the task of a strategy.
            log.exception("%s of %s failed", order.ability, order.device)
            receipt = self._receipt(order, Outcome.UNKNOWN, words(error))
        finally:
            await self._ledger.complete(entry_id, receipt)
            self._tell(order, receipt)
        return receipt

    @asynccontextmanager
    async def _until(self, ends_at_s: float) -> AsyncIterator[None]:
        """Raises `TimeoutError` at the deadline, or when `close` cannot wait any longer.

        Raises `Unsafe` if the deadline is past before anything began: a blocked loop or disk sends nothing late.
        """
        if asyncio.get_running_loop().time() >= ends_at_s:
            raise Unsafe("the command's deadline passed before the device could be asked")
        async with asyncio.timeout_at(ends_at_s) as limit:
            self._limits.add(limit)
            try:
                yield
            finally:
                self._limits.discard(limit)

    async def _refuse(self, order: Order, reason: str) -> Receipt:
        receipt = self._receipt(order, Outcome.REFUSED, reason)
        await self._ledger.refuse(order, receipt)
        self._tell(order, receipt)
        return receipt

    def _tell(self, order: Order, receipt: Receipt) -> None:
        for listener in self._listeners:
            listener(order, receipt)

    def _receipt(self, order: Order, outcome: Outcome, reason: str) -> Receipt:
        return Receipt(
            device=order.device,
            ability=order.ability,
            at=self._clock.now(),
            outcome=outcome,
            asked=plain(order.value),
            reason=reason,
        )
