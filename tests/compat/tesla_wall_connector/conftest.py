"""The published client `tesla-wall-connector`, unmodified, in an environment and a process of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions

EVENING: Final = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
SPEED: Final = 60.0
"""A minute takes a second."""
CALM: Final = {"latency": "none", "truncation": "0", "drop-outs": "0"}


class Answer(msgspec.Struct, frozen=True):
    """What the client gave, or the name of what it raised."""

    read: Mapping[str, Any] | None = None
    raised: str = ""

    def __getitem__(self, name: str) -> Any:
        assert self.read is not None, self.raised
        return self.read[name]


class Scene(msgspec.Struct):
    """Units, and the client in its process."""

    world: World
    units: RunningUnits
    process: asyncio.subprocess.Process

    @property
    def unit(self) -> Unit:
        return self.units.units[0]

    async def act(self, action: str, **parameters: Any) -> None:
        await self.units.act(action, **parameters)

    async def ask(
        self, document: str = "vitals", *, split_phase: bool = False, patience_s: float = 60.0
    ) -> Answer:
        host = f"127.0.0.1:{self.units.endpoints['lan']}"
        job = {"host": host, "document": document, "split_phase": split_phase, "timeout": patience_s}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        return msgspec.json.decode(await self.process.stdout.readline(), type=Answer)


@asynccontextmanager
async def open_scene(
    python: Path, model: str = "", *, speed: float = SPEED, **extras: str
) -> AsyncIterator[Scene]:
    world = World(ScaledClock(EVENING, speed))
    told = {name.replace("_", "-"): text for name, text in extras.items()}
    options = SimulatorOptions(model=model, extras=CALM | told)
    async with TaskScope() as scope, simulate(options, world) as units:
        scope.start(world.run())
        process = await asyncio.create_subprocess_exec(
            python,
            Path(__file__).with_name("driver.py"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdin is not None
        try:
            yield Scene(world, units, process)
        finally:
            process.stdin.close()
            await process.wait()


@pytest.fixture
def scene(peer_python: Callable[[str], Path]) -> Any:
    """`async with scene(model, **extras)`: conftests cannot be imported."""
    return partial(open_scene, peer_python("tesla-wall-connector"))
