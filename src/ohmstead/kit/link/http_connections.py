"""The connections to one HTTP host: few, each for one exchange at a time, kept for a while when both ends want that."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Final

from ohmstead.kit.link.link import Dial, Link
from ohmstead.kit.link.scope import TaskScope
from ohmstead.kit.wire.http import AnswerReader, HttpAnswer
from ohmstead.model import BadAnswer, ConnectionLost

REPEATABLE: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
"""Asked twice they do no more than once; RFC 9110 section 9.2.2."""


class Connection:
    """One, as the `Hearer` of its link: an answer is read the moment it comes."""

    def __init__(self, link: Link, opened: AsyncExitStack) -> None:
        self.exchanges = 0
        self._link = link
        self._opened = opened
        self._is_open = True
        self._is_clean = True
        """Nothing is on its way that would be taken for the next answer."""
        self._reader: AnswerReader | None = None
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self.idle_since_s = 0.0
        link.attach(self)

    @property
    def is_reusable(self) -> bool:
        return self._is_open and self._is_clean

    async def ask(self, sent: bytes, reader: AnswerReader) -> HttpAnswer:
        """Raises `ConnectionLost` or `BadAnswer`, after which the connection is of no more use."""
        self.exchanges += 1
        self._is_clean = False
        self._reader = reader
        answer: asyncio.Future[HttpAnswer] = asyncio.get_running_loop().create_future()
        self._answer = answer
        try:
            if not self._link.offer(sent):
                await self._link.send(sent)
            found = await answer
        finally:
            self._reader = self._answer = None
            if answer.done() and not answer.cancelled():
                answer.exception()  # seen, even where sending has failed first
        self._is_clean = reader.is_reusable
        return found

    def hear(self, data: bytes) -> None:
        if self._reader is None or self._answer is None or self._answer.done():
            self._is_open = False  # nobody asked for that
            return
        try:
            found = self._reader.receive(data)
        except BadAnswer as error:
            self._answer.set_exception(error)
        else:
            if found is not None:
                self._answer.set_result(found)

    def lost(self, error: ConnectionLost) -> None:
        self._is_open = False
        if self._reader is None or self._answer is None or self._answer.done():
            return
        if (found := self._reader.end()) is not None:
            self._answer.set_result(found)
        else:
            self._answer.set_exception(error)

    async def close(self) -> None:
        await self._opened.aclose()


class Connections:
    """At most so many to one host. Who finds all of them in use waits."""

    def __init__(self, dial: Dial, most: int, keep_s: float | None, scope: TaskScope) -> None:
        self.keep_s = keep_s
        self._dial = dial
        self._scope = scope
        self._turns = asyncio.Semaphore(most)
        self._idle: list[Connection] = []
        self._tidying: asyncio.TimerHandle | None = None

    async def ask(self, sent: bytes, method: str, limit_bytes: int) -> HttpAnswer:
        """One exchange. Raises what dialling raises, `ConnectionLost` or `BadAnswer`."""
        async with self._turns:
            while True:
                connection = await self._kept() or await self._dialled()
                reader = AnswerReader(method, limit_bytes)
                try:
                    return await connection.ask(sent, reader)
                except ConnectionLost:
                    # A host may end a connection that it has kept just when it is used again.
                    if connection.exchanges == 1 or reader.has_begun or method not in REPEATABLE:
                        raise
                finally:
                    await self._done_with(connection)

    async def close(self) -> None:
        """What is in use goes on to the end of its exchange, and is not kept."""
        self.keep_s = None
        if self._tidying is not None:
            self._tidying.cancel()
        while (connection := await self._kept()) is not None:
            await connection.close()

    async def _kept(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_reusable:
                return connection
            await connection.close()
        return None

    async def _dialled(self) -> Connection:
        async with AsyncExitStack() as stack:
            link = await stack.enter_async_context(self._dial())
            return Connection(link, stack.pop_all())

    async def _done_with(self, connection: Connection) -> None:
        if self.keep_s is None or not connection.is_reusable:
            await connection.close()
            return
        loop = asyncio.get_running_loop()
        connection.idle_since_s = loop.time()
        self._idle.append(connection)
        if self._tidying is None:  # one timer for all that are kept: none is set for each exchange
            self._tidying = loop.call_later(self.keep_s, self._tidy, self.keep_s)

    def _tidy(self, keep_s: float) -> None:
        """Close what was kept long enough, and look again when the next one will have been."""
        loop = asyncio.get_running_loop()
        kept = [connection for connection in self._idle if connection.idle_since_s + keep_s > loop.time()]
        for connection in self._idle:
            if connection not in kept:
                self._scope.start(connection.close())
        self._idle = kept
        next_s = min((connection.idle_since_s for connection in kept), default=None)
        self._tidying = None if next_s is None else loop.call_at(next_s + keep_s, self._tidy, keep_s)
