from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ohmstead.families.givenergy.simulator import RunningPlant, simulate
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    Conversation,
    Heartbeat,
    LanConfiguration,
    ReadRequest,
    Received,
    WriteRequest,
)
from ohmstead.kit.link import Link, TaskScope
from ohmstead.kit.world import World
from ohmstead.model import ConnectionLost, Fault, ScaledClock, SimulatorOptions
from ohmstead.testing import MemoryNetwork, elapse

MORNING = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)
DATA = Path(__file__).parent.parent / "data"
QUIET = {"cloud": "off", "latency": "none"}


class Ear:
    """A client that only speaks and listens. It returns heartbeats, unless it plays dead."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.heard = b""
        self.heartbeats: list[Heartbeat] = []
        self.broadcasts: list[LanConfiguration] = []
        self.plays_dead = False
        self.is_lost = False
        self._conversation = Conversation()
        self._messages: asyncio.Queue[Received | None] = asyncio.Queue()

    async def listen(self) -> None:
        try:
            while True:
                for message in await self._arrival():
                    await self._take(message)
        except ConnectionLost:
            self.is_lost = True
            self._messages.put_nowait(None)

    async def _arrival(self) -> list[Received]:
        try:
            async with asyncio.timeout(2.0 if self._conversation.held_bytes else None):
                data = await self.link.receive()
        except TimeoutError:
            return self._conversation.abandon()
        self.heard += data
        return self._conversation.receive(data)

    async def _take(self, message: Received) -> None:
        if isinstance(message, Heartbeat):
            self.heartbeats.append(message)
            if not self.plays_dead:
                await self.link.send(self._conversation.send(message))
        elif isinstance(message, LanConfiguration):
            self.broadcasts.append(message)
        else:
            self._messages.put_nowait(message)

    async def say(self, *requests: ReadRequest | WriteRequest) -> None:
        for request in requests:
            await self.link.send(self._conversation.send(request))

    async def hear(self, within_s: float = 60.0) -> Any:  # Any: each test knows what it gets
        """The next message. Raises `TimeoutError`, or `ConnectionLost`."""
        async with asyncio.timeout(within_s):
            message = await self._messages.get()
        if message is None:
            raise ConnectionLost("the adapter has hung up")
        return message

    async def hears_nothing(self, seconds: float = 5.0) -> bool:
        try:
            await self.hear(seconds)
        except TimeoutError:
            return True
        return False

    async def ask(self, request: ReadRequest | WriteRequest) -> Any:  # Any: each test knows what it gets
        """The next message after a request."""
        await self.say(request)
        return await self.hear()

    async def read(self, device: int, bank: str, base: int, count: int) -> tuple[int, ...]:
        reply = await self.ask(ReadRequest(device, Bank(bank), base, count))
        return tuple(reply.words)

    async def register(self, register: int, *, bank: str = "IR", device: int = 0x11) -> int:
        (word,) = await self.read(device, bank, register, 1)
        return word

    async def write(self, register: int, value: int, device: int = 0x11) -> Any:
        return await self.ask(WriteRequest(device, register, value))


class Bench(msgspec.Struct, kw_only=True):
    """A simulated plant on a network in memory, alone in its home on a clear June morning."""

    world: World
    plant: RunningPlant
    network: MemoryNetwork

    @asynccontextmanager
    async def ear(self) -> AsyncIterator[Ear]:
        async with self.network.dial("adapter", 8899)() as link, TaskScope() as scope:
            ear = Ear(link)
            scope.start(ear.listen())
            yield ear

    async def fault(self, name: str, **parameters: object) -> None:
        await self.plant.act("fault", name=name, **parameters)

    async def live(self, seconds: float) -> None:
        await elapse(seconds)
        self.world.catch_up()


@asynccontextmanager
async def open_bench(
    model: str = "",
    *,
    at: datetime = MORNING,
    speed: float = 1.0,
    seed: int = 1,
    faults: Sequence[Fault] = (),
    capture: Path | None = None,
    every_s: float = 1.0,
    **extras: str,
) -> AsyncIterator[Bench]:
    world = World(ScaledClock(at, speed), seed=seed)
    world.weather.set_clear_sky()
    network = MemoryNetwork()
    options = SimulatorOptions(
        model=model,
        host="adapter",
        port=8899,
        seed=seed,
        faults=tuple(faults),
        capture="" if capture is None else str(capture),
        extras={**QUIET, **{name.replace("_", "-"): value for name, value in extras.items()}},
    )
    async with simulate(options, world, listening=network.listen) as plant, TaskScope() as scope:
        scope.start(world.run(every_s=every_s))
        yield Bench(world=world, plant=plant, network=network)


Open = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def bench() -> Open:
    return open_bench


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((DATA / "vectors.json").read_bytes())
    return found
