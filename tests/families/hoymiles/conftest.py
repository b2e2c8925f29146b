from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest

from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.simulator import HMSW_MID, Dtu, Faults, InverterModel, Service
from ohmstead.kit.link import Dial
from ohmstead.kit.world import World
from ohmstead.model import Fault, ScaledClock
from ohmstead.testing import MemoryNetwork

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)

UNPACED = {"is_paced": False}
"""Most tests read as often as they like."""


class Bench(msgspec.Struct, kw_only=True):
    """A client and a simulated DTU, joined in memory on a clear June noon."""

    world: World
    dtu: Dtu
    service: Service
    network: MemoryNetwork
    dial: Dial
    client: Client

    def another_client(self, **options: Any) -> Client:
        return Client(self.dial, clock=self.world.clock, random=Random(2), **{**UNPACED, **options})

    def fault(self, name: str, **parameters: object) -> None:
        self.service.faults.add(Fault(name, {key: str(value) for key, value in parameters.items()}))


@asynccontextmanager
async def open_bench(
    *,
    at: datetime = NOON,
    speed: float = 1.0,
    models: Sequence[InverterModel] = (),
    has_meter: bool = False,
    is_clock_set: bool = True,
    profile: Any = HMSW_MID,
    **client_options: Any,
) -> AsyncIterator[Bench]:
    world = World(ScaledClock(at, speed))
    world.weather.set_clear_sky()
    dtu = Dtu(
        profile, world, models=models or profile.inverters, has_meter=has_meter, is_clock_set=is_clock_set
    )
    dtu.settle()
    world.attach("hoymiles", dtu)
    service = Service(dtu, Faults(Random(1)))
    network = MemoryNetwork()
    async with network.listen(service.serve, "dtu", 10081):
        dial = network.dial("dtu", 10081)
        client = Client(dial, clock=world.clock, random=Random(1), **{**UNPACED, **client_options})
        yield Bench(world=world, dtu=dtu, service=service, network=network, dial=dial, client=client)


@pytest.fixture
def bench() -> Callable[..., AbstractAsyncContextManager[Bench]]:
    return open_bench
