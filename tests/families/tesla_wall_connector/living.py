"""A simulated unit, read and commanded as a source of the house."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig
from ohmstead.families.tesla_wall_connector.device import WallConnectorSource, connect
from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import LIMITS_CURRENT, ChargerReading, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)


class Home:
    def __init__(self, source: WallConnectorSource, simulator: RunningUnits, services: LocalServices) -> None:
        self.source = source
        self.simulator = simulator
        self.services = services

    async def reading(self) -> ChargerReading:
        (reading,) = (await self.source.read()).readings
        assert isinstance(reading, ChargerReading)
        return reading

    @property
    def limit(self) -> Any:  # Any: the ability, or None
        (device,) = self.source.devices()
        return self.source.ability(device, LIMITS_CURRENT)


@asynccontextmanager
async def simulated(
    model: str = "",
    *,
    has_access_point: bool = True,
    conductor_limit_a: float = 0.0,
    **extras: str,
) -> AsyncIterator[tuple[RunningUnits, TeslaWallConnectorConfig, ScaledClock]]:
    clock = ScaledClock(MORNING)
    world = World(clock)
    options = SimulatorOptions(model=model, extras={"latency": "none", "drop-outs": "0", **extras})
    async with simulate(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        ports = simulator.endpoints
        access_point = f"127.0.0.1:{ports['ap']}" if has_access_point else ""
        url = f"tesla-wall-connector://127.0.0.1:{ports['lan']}"
        config = TeslaWallConnectorConfig(
            url=url,
            name="drive",
            control=True,
            access_point=access_point,
            meter_port=f"127.0.0.1:{ports['rs485']}" if conductor_limit_a else "",
            conductor_limit_a=conductor_limit_a,
        )
        yield simulator, config, clock


@asynccontextmanager
async def home(
    model: str = "",
    *,
    has_access_point: bool = True,
    conductor_limit_a: float = 0.0,
    **extras: str,
) -> AsyncIterator[Home]:
    opened = simulated(
        model, has_access_point=has_access_point, conductor_limit_a=conductor_limit_a, **extras
    )
    async with opened as (simulator, config, clock):
        services = LocalServices(clock)
        async with connect(config, services) as source:
            yield Home(source, simulator, services)


async def polled(here: Home, seconds: int) -> ChargerReading:
    for _ in range(seconds // 5):
        await here.source.read()
        await elapse(5)
    return await here.reading()
