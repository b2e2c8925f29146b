"""The live stream to many: what it costs to tell 100 clients of a change, and whether one who never reads delays another.

    python benchmarks/fanout.py

The gateway and its API are the real ones, from a source's health to the socket, and the clients are WebSockets in a process
of their own. A change of about 1 KiB is told to all of them, 250 times a second, and as a calmer home would, 50 times: between
messages that are further apart clients fall asleep, and the one who writes to a sleeper pays for waking it. There are two
floors in the same run: bare asyncio transports that write one prepared frame to the same clients at the same pace, and a
bare loop of sends to as many sockets that nobody waits at.

Goals: 100,000 messages per core-second; a client who never reads delays nobody.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import aiohttp
import msgspec
from machine import load_words

from ohmstead.api import serve
from ohmstead.gateway import SiteFile, open_gateway
from ohmstead.gateway.live import Live
from ohmstead.kit.tokens import FILE_NAME, Gate, TokenStore
from ohmstead.kit.wire.websocket import Message, message_frame
from ohmstead.kit.wire.websocket_opening import granted, read_asked
from ohmstead.model import Clock, Detail, DeviceConfig, DeviceId, RealClock, Sample, SolarReading
from ohmstead.polling import Health, HealthState

READERS: Final = Path(__file__).with_name("fanout_readers.py")
CLIENTS: Final = 100
CHANGES: Final = 500
PACES_S: Final = (0.004, 0.02)
MESSAGE_BYTES: Final = 1024
DRAINING_S: Final = 0.5
SOURCE: Final = "roof"
DEVICE: Final = DeviceId("roof/1")
DETAILS: Final = tuple(Detail(key=f"grid_{number}", label=f"Grid {number}", value=1.5) for number in range(3))


class Told(msgspec.Struct, frozen=True):
    us: float
    """Of the gateway's processor for one message to one client."""
    delay_ms: float
    """Median, from the change to the client."""
    messages: int


async def main() -> None:
    clock = RealClock()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site_file = SiteFile(path=folder / "site.toml")
        gateway = await stack.enter_async_context(open_gateway(site_file, directory=folder, clock=clock))
        gate = Gate(TokenStore(folder / FILE_NAME), clock)
        served = await stack.enter_async_context(serve(gateway, gate=gate, directory=folder))
        live = gateway._live  # noqa: SLF001 - stands in for pollers, which no device asks this fast
        live.add(DeviceConfig(url="hoymiles://192.0.2.7", name=SOURCE), "hoymiles", health(clock))
        url = f"{served.url}/api/v1/live"
        tell = partial(change, live, clock)
        print(f"{CHANGES} changes to {CLIENTS} clients; {load_words()}")
        print(f"{'':42}{'us a message':>13}{'a core-second':>15}{'delay':>11}{'heard':>8}")
        for pace_s in PACES_S:
            print(f"{1 / pace_s:.0f} a second")
            show("all read", await telling(tell, url, pace_s))
            async with aiohttp.ClientSession() as session, session.ws_connect(url) as stuck:
                show("one more never reads", await telling(tell, url, pace_s))
                assert not stuck.closed
            async with bare_transports(clock) as (bare_url, tell_bare):
                show("floor: bare transports", await telling(tell_bare, bare_url, pace_s))
    floor_us = floor()
    print(f"{'floor: a send, and nobody waits for it':42}{floor_us:13.2f}{1e3 / floor_us:13.0f} k")


def show(title: str, told: Told) -> None:
    rate, heard = 1e3 / told.us, told.messages / CLIENTS / CHANGES
    print(f"  {title:40}{told.us:13.2f}{rate:13.0f} k{told.delay_ms:8.1f} ms{heard:8.0%}")


async def telling(tell: Callable[[int], None], url: str, pace_s: float) -> Told:
    readers = await asyncio.create_subprocess_exec(
        sys.executable, READERS, url, str(CLIENTS), stdin=PIPE, stdout=PIPE, limit=1 << 20
    )
    assert readers.stdout is not None
    assert readers.stdin is not None
    await readers.stdout.readline()
    began_s = time.process_time()
    for number in range(CHANGES):
        tell(number)
        await asyncio.sleep(pace_s)
    await asyncio.sleep(DRAINING_S)
    took_s = time.process_time() - began_s
    readers.stdin.write(b"\n")
    heard = json.loads(await readers.stdout.readline())
    await readers.wait()
    return Told(took_s / heard["messages"] * 1e6, median(heard["delays_ms"]), heard["messages"])


def change(live: Live, clock: Clock, number: int) -> None:
    now = clock.now()
    reading = SolarReading(device=DEVICE, at=now, power_w=float(number), energy_wh=1e6 + number)
    live.sample(SOURCE, Sample(at=now, readings=(reading,), details={DEVICE: DETAILS}), ())
    live.health(SOURCE, health(clock))


def health(clock: Clock) -> Health:
    return Health(state=HealthState.GOOD, since=clock.now(), last_good_at=clock.now())


@asynccontextmanager
async def bare_transports(clock: Clock) -> AsyncIterator[tuple[str, Callable[[int], None]]]:
    """Where clients find them, and what tells all of those something of the same size."""
    transports: list[asyncio.Transport] = []

    def tell(_: int) -> None:
        text = json.dumps({"at": clock.now().isoformat(), "more": "x" * (MESSAGE_BYTES - 60)})
        frame = message_frame(Message(text.encode(), is_text=True))
        for transport in transports:
            transport.write(frame)

    server = await asyncio.get_running_loop().create_server(lambda: Bare(transports, tell), "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", tell


class Bare(asyncio.Protocol):
    """Opens a WebSocket and hears nothing."""

    def __init__(self, transports: list[asyncio.Transport], tell: Callable[[int], None]) -> None:
        self._transports = transports
        self._tell = tell

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        asked = read_asked(data)
        if asked is None or asked.refusal:  # a closing
            return
        self._transport.write(granted(asked, ()))
        self._transports.append(self._transport)
        if len(self._transports) == CLIENTS:
            self._tell(0)


def floor() -> float:
    """Microseconds for one write, without any framing, reading or waiting."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        pairs = [(socket.create_connection(server.getsockname()), server.accept()[0]) for _ in range(CLIENTS)]
    data = bytes(MESSAGE_BYTES)
    took_s = 0.0
    for _ in range(CHANGES):
        began_s = time.process_time()
        for ours, _ in pairs:
            ours.send(data)
        took_s += time.process_time() - began_s
        for _, theirs in pairs:
            theirs.recv(MESSAGE_BYTES)
    for ours, theirs in pairs:
        ours.close()
        theirs.close()
    return took_s / CHANGES / CLIENTS * 1e6


if __name__ == "__main__":
    asyncio.run(main())
