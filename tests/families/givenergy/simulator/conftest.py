from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ohmstead.families.givenergy.simulator import RunningPlant, simulate
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import Conversation, ReadRequest, Received, WriteRequest
from ohmstead.kit.link import Link, TaskScope
from ohmstead.kit.world import World
from ohmstead.model import Fault, ScaledClock, SimulatorOptions
from ohmstead.testing import MemoryNetwork, elapse

MORNING = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)
DATA = Path(__file__).parent.parent / "data"
QUIET = {"cloud": "off", "latency": "none"}


class Ear:
    """A client that only speaks and listens."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.conversation = Conversation()
        self.heard = b""

    async def say(self, *requests: ReadRequest | WriteRequest) -> None:
        for request in requests:
            await self.link.send(self.conversation.send(request))

    async def hear(self) -> list[Received]:
        """The messages of one arrival."""
        data = await self.link.receive()
        self.heard += data
        return self.conversation.receive(data)

    async def ask(self, request: ReadRequest | WriteRequest) -> Any:  # Any: each test knows what it gets
        await self.say(request)
        found: list[Received] = []
        while not found:
            found += await self.hear()
        return found[0]

    async def read(self, device: int, bank: str, base: int, count: int) -> tuple[int, ...]:
        reply = await self.ask(ReadRequest(device, Bank(bank), base, count))
        return tuple(reply.words)

    async def register(self, register: int, *, bank: str = "IR", device: int = 0x11) -> int:
        (word,) = await self.read(device, bank, register, 1)
        return word

    async def write(self, register: int, value: int, device: int = 0x11) -> Any:
        return await self.ask(WriteRequest(device, register, value))


def signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word


class Bench(msgspec.Struct, kw_only=True):
    """A simulated plant on a network in memory, alone in its home on a clear June morning."""

    world: World
    plant: RunningPlant
    network: MemoryNetwork

    @asynccontextmanager
    async def ear(self) -> AsyncIterator[Ear]:
        async with self.network.dial("adapter", 8899)() as link:
            yield Ear(link)

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
        scope.start(world.run())
        yield Bench(world=world, plant=plant, network=network)


Open = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture
def bench() -> Open:
    return open_bench


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode((DATA / "vectors.json").read_bytes())
    return found
