"""Asks a Blueprint inverter, one question at a time, in the vendor's words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self, TypeVar

from ohmstead.families._blueprint.messages import (
    REASONS,
    Fault,
    Info,
    LimitSet,
    Live,
    Message,
    ReadInfo,
    ReadLive,
    SetLimit,
)
from ohmstead.families._blueprint.wire import Conversation, Tagged
from ohmstead.kit.block import Block
from ohmstead.kit.link import Dial, Link, Pacer, retry, tcp
from ohmstead.kit.wire import Damage
from ohmstead.model import BadAnswer, ConnectionLost, DeviceError, OutcomeUnknown, Refused, Tap, TimedOut

PORT: Final = 4660
ANSWER_S: Final = 5.0
"""How long an answer may take."""
GAP_S: Final = 0.2
"""Between two questions."""

M = TypeVar("M", bound=Message)


class Client:
    """`async with Client("192.0.2.7") as client`. After trouble the next question connects anew."""

    def __init__(
        self, host: str, port: int = PORT, *, tap: Tap | None = None, dial: Dial | None = None
    ) -> None:
        self.where = f"{host}:{port}"
        self._block = Block(f"the client of {self.where}")
        self._dial = dial or tcp(host, port, tap=tap)
        self._pacer = Pacer(GAP_S)
        self._stack = AsyncExitStack()
        self._link: Link | None = None
        self._conversation = Conversation()
        self._tag = 0
        self._damaged_bytes = 0

    async def __aenter__(self) -> Self:
        with self._block.beginning():
            await self._connected()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._block.end()
        await self._hang_up()

    async def _hang_up(self) -> None:
        self._link = None
        await self._stack.aclose()

    async def info(self) -> Info:
        return await self._read(lambda: self._ask(ReadInfo(), Info))

    async def live(self) -> Live:
        return await self._read(lambda: self._ask(ReadLive(), Live))

    async def set_limit(self, limit: float) -> LimitSet:
        """Percent of the rating. Raises `OutcomeUnknown` when the line broke after the question had left."""
        async with self._pacer:
            await self._connected()  # what fails here has sent nothing
        try:
            return await self._ask(SetLimit(limit=limit), LimitSet)
        except (ConnectionLost, TimedOut, BadAnswer) as error:
            raise OutcomeUnknown(f"{self.where} may or may not have taken the limit: {error}") from error

    async def _read(self, ask: Callable[[], Awaitable[M]]) -> M:
        """A question that changes nothing may be asked twice: a connection that broke costs no reading."""
        return await retry(ask, attempts=2)

    async def _ask(self, question: Message, kind: type[M]) -> M:
        async with self._pacer:
            try:
                link = await self._connected()
                self._tag = self._tag % 255 + 1
                await link.send(self._conversation.send(Tagged(self._tag, question)))
                answer = await self._answer(link)
            except DeviceError:
                await self._hang_up()
                raise
        if isinstance(answer, Fault):
            raise Refused(f"{self.where} said no: {_reason(answer)}", code=int(answer.reason or 0))
        if not isinstance(answer, kind):
            raise BadAnswer(f"{self.where} answered {type(answer).__name__} where {kind.__name__} was due")
        return answer

    async def _answer(self, link: Link) -> Message:
        self._damaged_bytes = 0
        try:
            async with asyncio.timeout(ANSWER_S):
                return await self._heard(link)
        except TimeoutError:
            if self._damaged_bytes:
                raise BadAnswer(
                    f"{self.where} sent {self._damaged_bytes} bytes that are no message; is it such a device?"
                ) from None
            raise TimedOut(f"{self.where} did not answer within {ANSWER_S:g} s") from None

    async def _heard(self, link: Link) -> Message:
        """The answer with the newest question's tag, whatever comes before it."""
        while True:
            for found in self._conversation.receive(await link.receive()):
                if isinstance(found, Damage):
                    self._damaged_bytes += found.size
                elif found.tag == self._tag:
                    return found.message

    async def _connected(self) -> Link:
        self._block.require()
        if self._link is None:
            self._link = await self._stack.enter_async_context(self._dial())
            self._conversation = Conversation()
        return self._link


def _reason(fault: Fault) -> str:
    return REASONS.get(int(fault.reason or 0), f"reason {fault.reason:g}" if fault.reason else "no reason")
