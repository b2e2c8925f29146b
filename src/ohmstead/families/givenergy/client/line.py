"""One connection to an adapter: requests out one after the other, replies in, in whatever order they come.

An adapter copies every reply on its bus to every client, so most of what arrives answers nobody here. All of it is
handed on, and each reply is offered to the exchanges that wait. There are no transaction ids: a reply belongs to the
request that names its device, function and registers, whoever asked.

Nothing here waits in a task: what comes is taken in the call that received it, and what is to be sent leaves in the call
that makes it so, be it a request, an answer or a timer.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush
from random import Random
from typing import Final, NoReturn

from ohmstead.families.givenergy.client.exchange import Exchange, Key, Patience, Priority, key_of
from ohmstead.families.givenergy.client.gap import Gap
from ohmstead.families.givenergy.client.hearing import ABANDON_S, Ear
from ohmstead.families.givenergy.errors import ConnectionLost, RequestRefused, TimedOut, TurnedAway
from ohmstead.families.givenergy.wire import (
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
from ohmstead.model import TurnedAway as LinkTurnedAway

MOST_QUEUED: Final = 20
MOST_PROBES: Final = 2
"""Requests under way at once, if all are probes; anything else goes alone."""
MOST_BEATS: Final = 8
"""Heartbeats to be returned, of a peer that sends them faster than it takes them back; one says what all of them say."""
STALL_S: Final = 10.0
"""A peer that takes no bytes for so long is gone."""

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
        self._gap = Gap(gap_s, jitter_s, random, self._send)
        self._ear = Ear(self._hear)
        self._exchanges: dict[Key, Exchange] = {}
        self._queue: list[Exchange] = []
        self._under_way: dict[Exchange, asyncio.TimerHandle | None] = {}
        """With what ends their attempt if nothing comes; none while their bytes are leaving."""
        self._beats: deque[Heartbeat] = deque(maxlen=MOST_BEATS)
        """To be returned."""
        self._wants_room: list[asyncio.Future[None]] = []
        self._count = 0
        self._is_pushing = False
        """Whether the peer reads too slowly, and bytes wait for it."""
        self._end: asyncio.Future[NoReturn] = asyncio.get_running_loop().create_future()
        """Fails when the connection has ended."""

    def start(self) -> None:
        self._keeper.start(self._live())
        self._link.attach(self)

    async def _live(self) -> None:
        try:
            await self._end
        except LinkLost as error:
            self._ended(error)
            raise
        finally:
            self._ear.rest()

    def lost(self, error: Exception) -> None:
        """What the link says when it has ended."""
        if not self._end.done():
            self._end.set_exception(error)
            self._end.exception()  # if it ends before it has begun to live, nobody asks

    async def ask(self, request: Request, patience: Patience, priority: Priority) -> Reply:
        """The reply. Raises `TimedOut`, `RequestRefused` when the last attempt was, or `ConnectionLost`.

        Asked twice at the same time, it is sent once and both get the answer.
        """
        waiter: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        try:
            exchange = await self._exchange(request, patience, priority)
            exchange.join(waiter, patience)
            try:
                self._send()
                return await self._keeper.wait(waiter)
            finally:
                exchange.leave(waiter)
                if exchange.is_over:
                    self._settle(exchange)
                    self._send()
        except LinkTurnedAway as error:
            raise TurnedAway(str(error.__cause__ or error)) from error
        except LinkLost as error:
            raise ConnectionLost(f"the connection ended before {request} was answered: {error}") from error

    async def _exchange(self, request: Request, patience: Patience, priority: Priority) -> Exchange:
        key = key_of(request)
        while key not in self._exchanges and len(self._exchanges) >= MOST_QUEUED:
            room: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._wants_room.append(room)
            try:
                await self._keeper.wait(room)
            except asyncio.CancelledError:
                if not room.cancelled():  # let in already
                    self._let_in()
                raise
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
        self._let_in()

    def _let_in(self) -> None:
        """There is room for one."""
        while self._wants_room:
            room = self._wants_room.pop(0)
            if not room.done():
                room.set_result(None)
                return

    # Requests out.
    def _send(self) -> None:
        """Whatever may be sent now."""
        while not self._is_pushing and not self._end.done():
            if self._beats:
                self._write(self._beats.popleft(), None)
            elif (exchange := self._next()) is not None:
                self._under_way[exchange] = None
                exchange.begin()
                self._write(exchange.request, exchange)
            else:
                return

    def _next(self) -> Exchange | None:
        """The most urgent request, chosen when it may be sent and not before."""
        while self._queue and self._queue[0].is_over:
            heappop(self._queue)
        if not self._queue or not self._may_start(self._queue[0]) or self._gap.is_on():
            return None
        return heappop(self._queue)

    def _may_start(self, exchange: Exchange) -> bool:
        if not self._under_way:
            return True
        all_probe = all(other.priority == Priority.PROBE for other in (exchange, *self._under_way))
        return all_probe and len(self._under_way) < MOST_PROBES

    def _write(self, message: Message, exchange: Exchange | None) -> None:
        frame = _frame_of(message)
        self._tap(">", frame)
        try:
            if self._link.offer(frame):
                self._sent(exchange)
            else:
                self._is_pushing = True
                self._keeper.start(self._push(frame, exchange))
        except LinkLost as error:
            self.lost(error)

    async def _push(self, frame: bytes, exchange: Exchange | None) -> None:
        """To a peer that reads slowly."""
        try:
            async with asyncio.timeout(STALL_S):
                await self._link.send(frame)
        except TimeoutError:
            raise LinkLost(f"{self._link.peer} took no bytes for {STALL_S:g} s") from None
        self._is_pushing = False
        self._sent(exchange)
        self._send()

    def _sent(self, exchange: Exchange | None) -> None:
        if exchange is None:
            return
        self._gap.begin()
        if exchange in self._under_way:
            loop = asyncio.get_running_loop()
            self._under_way[exchange] = loop.call_later(exchange.patience.timeout_s, self._doubt, exchange)

    def _doubt(self, exchange: Exchange) -> None:
        """Nothing came in time. The rest of a frame that has begun is silence only when it never comes."""
        if self._ear.has_begun:
            loop = asyncio.get_running_loop()
            self._under_way[exchange] = loop.call_later(ABANDON_S, self._expire, exchange)
        else:
            self._expire(exchange)

    def _expire(self, exchange: Exchange) -> None:
        self._settle(exchange)
        self._send()

    def _settle(self, exchange: Exchange) -> None:
        """It is over, or its attempt is."""
        if exchange.is_over:
            self._forget(exchange)
        if exchange not in self._under_way:
            return
        timer = self._under_way.pop(exchange)
        if timer is not None:
            timer.cancel()
        if not exchange.is_over:
            self._try_again(exchange)

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
            self._send()

    def _unanswered(self, exchange: Exchange) -> TimedOut:
        tries = f"{exchange.attempts} attempts" if exchange.attempts > 1 else "its one attempt"
        if isinstance(exchange.reply, ErrorReply):
            return RequestRefused(f"{self._link.peer} refused {exchange}, the last time of {tries}.")
        return TimedOut(
            f"{self._link.peer} did not answer {exchange} within {exchange.patience.timeout_s:g} s, in {tries}."
        )

    # Replies in.
    def hear(self, data: bytes) -> None:
        """What the link was sent."""
        self._tap("<", data)
        self._ear.hear(data)

    def _hear(self, found: Sequence[Received]) -> None:
        try:
            for item in found:
                self._take(item)
        except Exception as error:  # noqa: BLE001 - this callback's root: the error goes to everyone who waits
            self.lost(error)
        # Only now: what came before a request was sent does not answer it.
        self._send()

    def _take(self, item: Received) -> None:
        self._heard(item)
        if isinstance(item, ReadReply | WriteReply | ErrorReply):
            for exchange in tuple(self._exchanges.values()):
                if exchange.hear(item):
                    self._settle(exchange)
        elif isinstance(item, Heartbeat):
            self._beats.append(item)


@lru_cache(maxsize=256)
def _frame_of(message: Message) -> bytes:
    """A poll asks the same again and again."""
    return encode_frame(message)
