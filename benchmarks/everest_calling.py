"""What a call costs its asking end: over bare bytes, in the peer's program, and with our session."""

from __future__ import annotations

import asyncio
import time

from everest_charge_point import answer
from everest_turns import bests, peer

from ohmstead.families.everest.client.session import Additions, Session
from ohmstead.families.everest.schema import methods, results
from ohmstead.families.everest.schema.enums import EVSEStateEnum
from ohmstead.families.everest.wire import written
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.wire.websocket import Message, message_frame
from ohmstead.kit.wire.websocket_opening import asked

TURNS = 40
CALLS = 200
HELLO = b'{"id":0,"jsonrpc":"2.0","method":"API.Hello"}'


async def calling_us() -> list[float]:
    """Floor, peer, ours."""
    async with peer("serve", answer()) as server:
        url = f"ws://127.0.0.1:{await server.line()}"
        bare = await bare_connection(url)
        async with peer("call", url) as theirs, websocket(url)() as link:
            session = Session(link, Additions(), lambda _: None)
            await session.call("API.Hello", None, results.HelloResObj, within_s=3.0)

            async def ours(often: int) -> float:
                start_s = time.process_time()
                for _ in range(often):
                    found = await session.call(
                        methods.GET_STATUS.name, {"evse_index": 1}, results.EVSEGetStatusResObj, within_s=3.0
                    )
                    assert found.status.state is EVSEStateEnum.CHARGING
                return (time.process_time() - start_s) / often * 1e6

            return await bests(TURNS, CALLS, bare.turn, theirs.turn, ours)


class BareCalls(asyncio.BufferedProtocol):
    """Bytes out, bytes in, and nothing known of them."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport
        self._basin = bytearray(4096)
        self._came: asyncio.Future[bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def get_buffer(self, sizehint: int) -> bytearray:
        return self._basin

    def buffer_updated(self, nbytes: int) -> None:
        self._came.set_result(bytes(self._basin[:nbytes]))

    async def ask(self, sent: bytes) -> bytes:
        self._came = asyncio.get_running_loop().create_future()
        self.transport.write(sent)
        return await self._came

    async def turn(self, often: int) -> float:
        call = message_frame(Message(written(methods.GET_STATUS.name, 1, {"evse_index": 1}), True), b"mask")
        start_s = time.process_time()
        for _ in range(often):
            await self.ask(call)
        return (time.process_time() - start_s) / often * 1e6


async def bare_connection(url: str) -> BareCalls:
    loop = asyncio.get_running_loop()
    _, protocol = await loop.create_connection(BareCalls, "127.0.0.1", int(url.rpartition(":")[2]))
    await protocol.ask(asked("/", "h", bytes(16), protocols=(), headers={}))
    await protocol.ask(message_frame(Message(HELLO, is_text=True), b"mask"))
    return protocol
