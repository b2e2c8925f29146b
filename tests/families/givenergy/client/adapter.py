"""A small adapter that says what a test tells it to, for what no plant would do of itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    Conversation,
    ErrorReply,
    Heartbeat,
    Message,
    ReadReply,
    ReadRequest,
    Request,
    Role,
    WriteReply,
    WriteRequest,
    encode_frame,
)
from ohmstead.kit.link import Link
from ohmstead.kit.wire import Damage
from ohmstead.testing import MemoryNetwork

ADAPTER = "WF1234G567"
UNIT = "SA1234G567"

Act = Callable[[Request], "bytes | None"]
"""What to answer; None: nothing."""


class Adapter:
    """Answers from `registers`, unless `act` answers; notes what it was asked and when."""

    def __init__(self) -> None:
        self.registers: dict[tuple[int, Bank], dict[int, int]] = {}
        self.asked: list[tuple[float, Request]] = []
        self.beats: list[Heartbeat] = []
        self.latency_s = 0.1
        self.act: Act | None = None
        self.links: list[Link] = []
        self.network = MemoryNetwork()
        self.port = 8899

    def fill(self, device: int, bank: Bank, base: int, words: list[int]) -> None:
        self.registers.setdefault((device, bank), {}).update(enumerate(words, base))

    @property
    def requests(self) -> list[Request]:
        return [request for _, request in self.asked]

    async def serve(self, link: Link) -> None:
        conversation = Conversation(Role.ADAPTER)
        self.links.append(link)
        try:
            while True:
                for item in conversation.receive(await link.receive()):
                    if isinstance(item, Heartbeat):
                        self.beats.append(item)
                    elif isinstance(item, ReadRequest | WriteRequest):
                        await self._answer(item)
                    else:
                        assert isinstance(item, Damage)
        finally:
            self.links.remove(link)

    async def _answer(self, request: Request) -> None:
        self.asked.append((asyncio.get_running_loop().time(), request))
        frame = self.frame(request) if self.act is None else self.act(request)
        await asyncio.sleep(self.latency_s)
        if frame is not None:
            await self.send(frame)

    async def send(self, frame: bytes) -> None:
        for link in tuple(self.links):
            await link.send(frame)

    async def say(self, message: Message) -> None:
        await self.send(encode_frame(message))

    def frame(self, request: Request) -> bytes | None:
        return encode_frame(self.reply(request))

    def reply(self, request: Request) -> ReadReply | WriteReply | ErrorReply:
        if isinstance(request, WriteRequest):
            self.registers.setdefault((request.device, Bank.HR), {})[request.register] = request.value
            return WriteReply(request.device, request.register, request.value, UNIT, ADAPTER)
        held = self.registers.get((request.device, request.bank), {})
        words = [held.get(address) for address in range(request.base, request.base + request.count)]
        if None in words:
            return refusal(request)
        return ReadReply(
            request.device,
            request.bank,
            request.base,
            tuple(w for w in words if w is not None),
            UNIT,
            ADAPTER,
        )


def refusal(request: Request, count: int | None = None) -> ErrorReply:
    echoed = request.value if count is None else count
    return ErrorReply(request.device, request.function, request.register, echoed, UNIT, ADAPTER)


@asynccontextmanager
async def listening(adapter: Adapter) -> AsyncIterator[Adapter]:
    async with adapter.network.listen(adapter.serve, "adapter", adapter.port):
        yield adapter
