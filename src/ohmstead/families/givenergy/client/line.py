"""One connection to an adapter: requests out one after the other, replies in, in whatever order they come.

An adapter copies every reply on its bus to every client, so most of what arrives answers nobody here. All of it is
handed on, and each reply is offered to the exchanges that wait. There are no transaction ids: a reply belongs to the
request that names its device, function and registers, whoever asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush
from random import Random
from typing import Final

from ohmstead.families.givenergy.client.exchange import Exchange, Key, Patience, Priority, key_of
from ohmstead.families.givenergy.errors import ConnectionLost, RequestRefused, TimedOut
from ohmstead.families.givenergy.wire import (
    Conversation,
    ErrorReply,
    Heartbeat,
    Message,
    ReadReply,
    Received,
    Reply,
    Request,
    WriteReply,
    encode_frame,
)
from ohmstead.kit.link import Keeper, Link
from ohmstead.model import ConnectionLost as LinkLost
from ohmstead.model import Tap

MOST_QUEUED: Final = 20
MOST_PROBES: Final = 2
"""Requests under way at once, if all are probes; anything else goes alone."""
STALL_S: Final = 10.0
"""A peer that takes no bytes for so long is gone."""
ABANDON_S: Final = 2.0
"""A frame that is not whole by then has lost its tail."""
BEGUN_BYTES: Final = 4
"""Of a frame that has begun to arrive: its marker."""

Heard = Callable[[Received], None]


class Line:
    """Lives as long as its connection; `keeper` runs it and tells whoever waits when it has ended."""

    def __init__(
        self,
        link: Link,
        keeper: Keeper,
        *,
        heard: Heard,
        retried: Callable[[int], None],
        ended: Callable[[Exception], None],
        tap: Tap,
        gap_s: float,
        jitter_s: float,
        random: Random,
    ) -> None:
        """`heard` is shown everything that arrives, before whoever waits for it; `retried` counts by device."""
        self.count_retry = retried
        self._ended = ended
        self._link = link
        self._keeper = keeper
        self._heard = heard
        self._tap = tap
        self._gap_s = gap_s
        self._jitter_s = jitter_s
        self._random = random
        self._conversation = Conversation()
        self._exchanges: dict[Key, Exchange] = {}
        self._queue: list[Exchange] = []
        self._under_way: dict[Exchange, asyncio.TimerHandle | None] = {}
        """With what ends their attempt if nothing comes; none while their bytes are leaving."""
        self._beats: list[Heartbeat] = []
        """To be returned."""
        self._wants_room: list[asyncio.Future[None]] = []
        self._count = 0
        self._changed = asyncio.Event()
        """Set when there may be something to send."""
        self._is_gap = False

    def start(self) -> None:
        self._keeper.start(self._receive())
        self._keeper.start(self._send())

    async def ask(self, request: Request, patience: Patience, priority: Priority) -> Reply:
        """The reply. Raises `TimedOut`, `RequestRefused` when the last attempt was, or `ConnectionLost`.

        Asked twice at the same time, it is sent once and both get the answer.
        """
        waiter: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        try:
            exchange = await self._exchange(request, patience, priority)
            exchange.join(waiter, patience)
            try:
                self._wake()
                return await self._keeper.wait(waiter)
            finally:
                exchange.leave(waiter)
                if exchange.is_over:
                    self._settle(exchange)
        except LinkLost as error:
            raise ConnectionLost(f"the connection ended before {request} was answered: {error}") from error

    async def _exchange(self, request: Request, patience: Patience, priority: Priority) -> Exchange:
        key = key_of(request)
        while key not in self._exchanges and len(self._exchanges) >= MOST_QUEUED:
            room: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._wants_room.append(room)
            await self._keeper.wait(room)
        exchange = self._exchanges.get(key)
        if exchange is None:
            self._count += 1
            exchange = self._exchanges[key] = Exchange(request, patience, priority, self._count)
            heappush(self._queue, exchange)
        elif priority < exchange.priority:
            exchange.priority = priority
            heapify(self._queue)
        return exchange

    def _forget(self, exchange: Exchange) -> None:
        """It is over: who asks the same from now on asks anew."""
        if self._exchanges.get(exchange.key) is not exchange:
            return
        del self._exchanges[exchange.key]
        while self._wants_room:
            room = self._wants_room.pop(0)
            if not room.done():
                room.set_result(None)
                return

    # Requests out. Only timers and replies decide when, so that a request wakes its sender once and its asker once.
    def _wake(self) -> None:
        if self._beats or not self._is_gap:
            self._changed.set()

    async def _send(self) -> None:
        while True:
            if self._beats:
                await self._write(self._beats.pop(0))
            elif (exchange := self._next()) is not None:
                await self._attempt(exchange)
            else:
                self._changed.clear()
                await self._changed.wait()

    def _next(self) -> Exchange | None:
        """The most urgent request, chosen when it may be sent and not before."""
        if self._is_gap:
            return None
        while self._queue and self._queue[0].is_over:
            heappop(self._queue)
        return heappop(self._queue) if self._queue and self._may_start(self._queue[0]) else None

    def _may_start(self, exchange: Exchange) -> bool:
        if not self._under_way:
            return True
        all_probe = all(other.priority == Priority.PROBE for other in (exchange, *self._under_way))
        return all_probe and len(self._under_way) < MOST_PROBES

    async def _attempt(self, exchange: Exchange) -> None:
        loop = asyncio.get_running_loop()
        self._under_way[exchange] = None
        exchange.begin()
        await self._write(exchange.request)
        self._is_gap = True
        loop.call_later(self._gap_s + self._random.uniform(0, self._jitter_s), self._end_gap)
        if exchange in self._under_way:
            self._under_way[exchange] = loop.call_later(exchange.patience.timeout_s, self._doubt, exchange)

    def _end_gap(self) -> None:
        self._is_gap = False
        self._wake()

    def _doubt(self, exchange: Exchange) -> None:
        """Nothing came in time. The rest of a frame that has begun is silence only when it never comes."""
        if self._conversation.held_bytes < BEGUN_BYTES:
            self._settle(exchange)
        else:
            loop = asyncio.get_running_loop()
            self._under_way[exchange] = loop.call_later(ABANDON_S, self._settle, exchange)

    def _settle(self, exchange: Exchange) -> None:
        """It is over, or its attempt is: see to the next one, or to what else waits."""
        if exchange.is_over:
            self._forget(exchange)
        if exchange not in self._under_way:
            return
        timer = self._under_way.pop(exchange)
        if timer is not None:
            timer.cancel()
        if not exchange.is_over:
            self._try_again(exchange)
        self._wake()

    def _try_again(self, exchange: Exchange) -> None:
        if not exchange.attempts_left:
            self._forget(exchange)
            exchange.fail(self._unanswered(exchange))
            return
        self.count_retry(exchange.request.device)
        # Nobody is held up by the wait: others may go meanwhile, and a late reply still counts.
        asyncio.get_running_loop().call_later(exchange.patience.retry_delay_s, self._again, exchange)

    def _again(self, exchange: Exchange) -> None:
        if not exchange.is_over:
            heappush(self._queue, exchange)
            self._wake()

    def _unanswered(self, exchange: Exchange) -> TimedOut:
        tries = f"{exchange.attempts} attempts" if exchange.attempts > 1 else "its one attempt"
        if isinstance(exchange.reply, ErrorReply):
            return RequestRefused(f"{self._link.peer} refused {exchange}, the last time of {tries}.")
        return TimedOut(
            f"{self._link.peer} did not answer {exchange} within {exchange.patience.timeout_s:g} s, in {tries}."
        )

    async def _write(self, message: Message) -> None:
        frame = _frame_of(message)
        self._tap(">", frame)
        try:
            async with asyncio.timeout(STALL_S):
                await self._link.send(frame)
        except TimeoutError:
            raise LinkLost(f"{self._link.peer} took no bytes for {STALL_S:g} s") from None

    # Replies in.
    async def _receive(self) -> None:
        try:
            await self._listen()
        except LinkLost as error:
            self._ended(error)
            raise

    async def _listen(self) -> None:
        give_up_at_s: float | None = None
        while True:
            found = await self._found() if give_up_at_s is None else await self._found_until(give_up_at_s)
            for item in found:
                self._take(item)
            if not self._conversation.held_bytes:
                give_up_at_s = None
            elif give_up_at_s is None or found:
                give_up_at_s = asyncio.get_running_loop().time() + ABANDON_S

    async def _found(self) -> Sequence[Received]:
        data = await self._link.receive()
        self._tap("<", data)
        return self._conversation.receive(data)

    async def _found_until(self, give_up_at_s: float) -> Sequence[Received]:
        """The rest of a frame that has begun, or what is behind it when its tail was lost."""
        try:
            async with asyncio.timeout_at(give_up_at_s):
                return await self._found()
        except TimeoutError:
            return self._conversation.abandon()

    def _take(self, item: Received) -> None:
        self._heard(item)
        if isinstance(item, ReadReply | WriteReply | ErrorReply):
            for exchange in tuple(self._exchanges.values()):
                if exchange.hear(item):
                    self._settle(exchange)
        elif isinstance(item, Heartbeat):
            self._beats.append(item)
            self._wake()


@lru_cache(maxsize=256)
def _frame_of(message: Message) -> bytes:
    """A poll asks the same again and again."""
    return encode_frame(message)
