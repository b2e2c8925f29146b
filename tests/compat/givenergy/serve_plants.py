"""Runs simulated plants until its input ends: `serve_plants.py LATENCY MODEL…`, in a process of its own.

Prints the ports by model as one JSON line; then answers each line `MODEL` it is given with that plant's state.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import AsyncExitStack

from ohmstead.families.givenergy.simulator import RunningPlant, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import RealClock, SimulatorOptions


async def serve(latency: str, *models: str) -> None:
    async with AsyncExitStack() as stack:
        scope = await stack.enter_async_context(TaskScope())
        plants: dict[str, RunningPlant] = {}
        for model in models:
            world = World(RealClock())
            world.weather.set_clear_sky()
            options = SimulatorOptions(model=model, extras={"latency": latency})
            plants[model] = await stack.enter_async_context(simulate(options, world))
            scope.start(world.run())
        tell({model: plant.endpoints["adapter"] for model, plant in plants.items()})
        while line := await asyncio.to_thread(sys.stdin.readline):
            tell(plants[line.strip()].state())


def tell(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201 - this is a program


asyncio.run(serve(*sys.argv[1:]))
