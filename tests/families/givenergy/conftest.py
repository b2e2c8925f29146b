from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from ohmstead.families.givenergy import Client
from ohmstead.families.givenergy.simulator import RunningPlant, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import Fault, ScaledClock, SimulatorOptions
from ohmstead.testing import MemoryNetwork

MORNING = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)
STILL = {"cloud": "off", "latency": "fixed", "dynamics": "still"}
"""As recorded, and asked by nobody but the test."""


class Site(msgspec.Struct, kw_only=True):
    """A client and a simulated plant, joined in memory."""

    world: World
    plant: RunningPlant
    network: MemoryNetwork
    client: Client

    def another_client(self, **options: Any) -> Client:
        settings: dict[str, Any] = {"clock": self.world.clock, "random": Random(2)} | options
        return Client("adapter", dial=self.network.dial("adapter", 8899), **settings)

    async def fault(self, name: str, **parameters: object) -> None:
        await self.plant.act("fault", name=name, **parameters)

    async def detected(self) -> Client:
        await self.client.connect()
        await self.client.detect()
        return self.client


@asynccontextmanager
async def open_site(
    model: str = "",
    *,
    faults: Sequence[Fault] = (),
    capture: Path | None = None,
    client: dict[str, Any] | None = None,
    **extras: str,
) -> AsyncIterator[Site]:
    world = World(ScaledClock(MORNING), seed=1)
    world.weather.set_clear_sky()
    network = MemoryNetwork()
    options = SimulatorOptions(
        model=model,
        host="adapter",
        port=8899,
        seed=1,
        faults=tuple(faults),
        capture="" if capture is None else str(capture),
        extras=STILL | {name.replace("_", "-"): value for name, value in extras.items()},
    )
    async with simulate(options, world, listening=network.listen) as plant, TaskScope() as scope:
        scope.start(world.run())
        dial = network.dial("adapter", 8899)
        settings: dict[str, Any] = {"clock": world.clock, "random": Random(1)} | (client or {})
        site = Site(
            world=world, plant=plant, network=network, client=Client("adapter", dial=dial, **settings)
        )
        try:
            yield site
        finally:
            await site.client.close()


@pytest.fixture
def site() -> Callable[..., AbstractAsyncContextManager[Site]]:
    return open_site
