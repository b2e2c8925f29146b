"""A charge point in the simulated home, and a client of ours that hears everything it says."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.families.everest import Client, connected
from ohmstead.families.everest.schema.objects import EVSEStatusObj, MeterDataObj
from ohmstead.families.everest.simulator import RunningChargePoint, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.testing import elapse

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)


class Bench:
    def __init__(self, world: World, simulator: RunningChargePoint) -> None:
        self.world = world
        self.simulator = simulator
        self.client: Client
        self._states: dict[int, list[str]] = {}

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:
        return await self.simulator.act(action, **parameters)

    def status(self, evse: int = 1) -> EVSEStatusObj:
        found = self.client.mirror.evses[evse].status
        assert found is not None
        return found

    def meter(self, evse: int = 1) -> MeterDataObj:
        found = self.client.mirror.evses[evse].meter_data
        assert found is not None
        return found

    def states(self, evse: int = 1) -> list[str]:
        """Each that was announced, once."""
        return [state for state, _ in itertools.groupby(self._states.get(evse, []))]

    def heard(self) -> None:
        for index, view in self.client.mirror.evses.items():
            if view.status is not None:
                self._states.setdefault(index, []).append(view.status.state.value)

    async def until(self, state: str, evse: int = 1, within_s: int = 60) -> None:
        for _ in range(within_s):
            if self.status(evse).state == state:
                return
            await elapse(1)
        raise AssertionError(f"{state} did not come: {self.states(evse)}")


Opened = Callable[..., AbstractAsyncContextManager[Bench]]


@asynccontextmanager
async def opened(model: str = "one-ac", *, is_ready: bool = True, **extras: str) -> AsyncIterator[Bench]:
    world = World(ScaledClock(MORNING))
    async with (
        simulate(SimulatorOptions(model=model, extras=extras), world) as simulator,
        TaskScope() as scope,
    ):
        scope.start(world.run())
        bench = Bench(world, simulator)
        dial = websocket(f"ws://127.0.0.1:{simulator.listener.port}", protocols=("EVerestRpcApi",))
        async with connected(dial, changed=bench.heard) as bench.client:
            if is_ready:
                await bench.client.ready()
            yield bench


@pytest.fixture
def charge_point() -> Opened:
    return opened
