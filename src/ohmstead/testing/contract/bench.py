"""Where a family is examined: its simulator in a sunny home, and its source connected to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from ohmstead.kit.link import TaskScope
from ohmstead.kit.registry import LocalServices, load
from ohmstead.kit.world import World
from ohmstead.model import (
    Clock,
    DeviceConfig,
    Family,
    Sample,
    ScaledClock,
    Simulator,
    SimulatorOptions,
    Source,
    Tap,
)
from ohmstead.testing.contract.promise import Subject, within

MORNING: Final = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)
"""The sun is up and climbs: everything moves a little."""

NAME: Final = "here"
SEED: Final = 2
"""Not the default: what a simulator was recorded from may be blanked already, and other seeds are other units."""
READY_S: Final = 10.0
CONNECT_S: Final = 60.0
READ_S: Final = 60.0
NO_EXTRAS: Final[Mapping[str, str]] = MappingProxyType({})


class Traffic:
    """What passed the family's links, through the tap the house gives it."""

    def __init__(self) -> None:
        self.passed: list[tuple[str, bytes]] = []

    def tap(self, direction: str, data: bytes) -> None:
        self.passed.append((direction, data))

    def sent_bytes(self) -> int:
        return sum(len(data) for direction, data in self.passed if direction == ">")


class Home:
    """A running simulator of the subject, alone on the bus."""

    def __init__(self, world: World, clock: Clock, simulator: Simulator, url: str) -> None:
        self.world = world
        self.clock = clock
        self.simulator = simulator
        self.url = url


@asynccontextmanager
async def simulated(
    subject: Subject, port: int = 0, extras: Mapping[str, str] = NO_EXTRAS
) -> AsyncIterator[Home]:
    """`extras`: the family's own options by name."""
    clock = ScaledClock(MORNING)
    world = World(clock)
    world.weather.set_clear_sky()
    options = SimulatorOptions(model=subject.model, port=port, seed=SEED, extras=extras)
    async with AsyncExitStack() as stack:
        async with within(READY_S, "starting the simulator"):
            simulator = await stack.enter_async_context(load(subject.card.simulate)(options, world))
        scope = await stack.enter_async_context(TaskScope())
        scope.start(world.run())
        await asyncio.sleep(2)  # the world has lived a second, and the meters have something to show
        yield Home(world, clock, simulator, simulator_url(subject, simulator))


def simulator_url(subject: Subject, simulator: Simulator) -> str:
    """What the simulator says in its ready line, where an address alone is not enough."""
    said = simulator.ready.get("url")
    return said or f"{subject.card.schemes[0]}://127.0.0.1:{next(iter(simulator.endpoints.values()))}"


def simulated_password(card: Family) -> str | None:
    """What the family's simulator asks for, if it asks: the default of its own option `password`."""
    return next((extra.default for extra in card.extras if extra.name == "password"), None)


def with_port(url: str, port: int) -> str:
    parts = urlsplit(url)
    return url.replace(f":{parts.port}", f":{port}", 1)


@asynccontextmanager
async def connected(
    subject: Subject, url: str, clock: Clock, tap: Tap | None = None
) -> AsyncIterator[Source]:
    """The family's source on that URL, which may be written to."""
    async with AsyncExitStack() as stack:
        async with within(CONNECT_S, "connecting"):
            source = await stack.enter_async_context(opening(subject, url, clock, tap))
        yield source


def opening(
    subject: Subject, url: str, clock: Clock, tap: Tap | None = None
) -> AbstractAsyncContextManager[Source]:
    """What the family's `connect` gives for that URL, not entered yet."""
    table: dict[str, Any] = {"url": url, "name": NAME, "control": True}  # Any: as from TOML
    config: DeviceConfig = msgspec.convert(table, load(subject.card.config))
    services = LocalServices(clock, tap, password=simulated_password(subject.card))
    opened: AbstractAsyncContextManager[Source] = load(subject.card.connect)(config, services)
    return opened


@asynccontextmanager
async def at_home(subject: Subject, traffic: Traffic | None = None) -> AsyncIterator[tuple[Home, Source]]:
    tap = traffic.tap if traffic else None
    async with (
        simulated(subject) as home,
        connected(subject, home.url, home.clock, tap) as source,
    ):
        yield home, source


async def read_once(source: Source) -> Sample:
    async with within(READ_S, "reading"):
        return await source.read()
