"""What it costs to tell one of many clients something: by bare writes, by the peer's broadcast, by our server and our links."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from everest_charge_point import charge_point, notification
from everest_turns import Contender, bests, peer

from ohmstead.families.everest import rpc_server
from ohmstead.families.everest.server.ports import rpc_ports
from ohmstead.kit.link.messages import Message, ServedMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.link.websocket_serving import serve_websocket
from ohmstead.kit.wire.websocket import message_frame
from ohmstead.model import RealClock

TURNS = 15
TOLD = 40
PACE_S = 0.004
HELLO = Message(b'{"id":0,"jsonrpc":"2.0","method":"API.Hello"}')


async def telling_us(clients: int) -> list[float]:
    """Floor, peer, ours: the same notification."""
    frame = notification()
    async with (
        bare(clients, frame) as floor,
        broadcasting(clients, frame) as theirs,
        serving(clients, len(frame) - 4) as ours,  # the longest number of seconds stands in `frame`
    ):
        return await bests(TURNS, TOLD, floor, theirs, ours)


async def sending_us(clients: int, frame: str) -> list[float]:
    """The same with a frame of any kind and our links alone."""
    async with (
        bare(clients, frame) as floor,
        broadcasting(clients, frame) as theirs,
        links(clients, frame) as ours,
    ):
        return await bests(TURNS, TOLD, floor, theirs, ours)


@asynccontextmanager
async def broadcasting(clients: int, frame: str) -> AsyncIterator[Contender]:
    async with (
        peer("broadcast", str(clients), frame) as theirs,
        drained(int(await theirs.line()), clients, len(frame)),
    ):
        yield theirs.turn


@asynccontextmanager
async def serving(clients: int, frame_bytes: int) -> AsyncIterator[Contender]:
    """With one client more, which says hello and never reads."""
    point, evse = charge_point()
    told = 0

    def change() -> None:
        nonlocal told
        told += 1
        evse.change(charging_duration_s=told)

    async with rpc_server(point, clock=RealClock()) as server, rpc_ports(server) as ports:
        port = ports.endpoints["rpcapi"]
        async with (
            websocket(f"ws://127.0.0.1:{port}", ping_s=None)() as stuck,
            drained(port, clients, frame_bytes),
        ):
            await stuck.send(HELLO)
            await until(lambda: len(server.clients) > clients)
            yield turns_of(change, clients)


@asynccontextmanager
async def links(clients: int, frame: str) -> AsyncIterator[Contender]:
    greeted: set[ServedMessages] = set()

    async def serve(link: ServedMessages) -> None:
        await link.receive()
        greeted.add(link)
        await link.receive()

    def send() -> None:
        message = Message(frame.encode())
        for link in greeted:
            link.send_now(message)

    async with serve_websocket(serve) as listener, drained(listener.port, clients, len(frame)):
        await until(lambda: len(greeted) == clients)
        yield turns_of(send, clients)


@asynccontextmanager
async def bare(clients: int, frame: str) -> AsyncIterator[Contender]:
    greeted: set[asyncio.Transport] = set()
    server = await asyncio.get_running_loop().create_server(lambda: BareServer(greeted), "127.0.0.1", 0)
    sent = message_frame(Message(frame.encode()))

    def write() -> None:
        for transport in greeted:
            transport.write(sent)

    async with server, drained(server.sockets[0].getsockname()[1], clients, len(frame)):
        await until(lambda: len(greeted) == clients)
        yield turns_of(write, clients)


class BareServer(asyncio.Protocol):
    def __init__(self, greeted: set[asyncio.Transport]) -> None:
        self._greeted = greeted
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"GET "):
            self._transport.write(b"HTTP/1.1 101 Switching Protocols\r\n\r\n")
        else:
            self._greeted.add(self._transport)


def turns_of(tell: Callable[[], None], clients: int) -> Contender:
    async def turn(often: int) -> float:
        start_s = time.process_time()
        for _ in range(often):
            tell()
            await asyncio.sleep(PACE_S)
        return (time.process_time() - start_s) / often / clients * 1e6

    return turn


async def until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.05)


@asynccontextmanager
async def drained(port: int, clients: int, frame_bytes: int) -> AsyncIterator[None]:
    """So many clients in a process of their own, who have to have got everything in the end."""
    async with peer("drain", str(port), str(clients)) as readers:
        yield
        came = await readers.last()
        assert came >= TURNS * TOLD * clients * frame_bytes, came
