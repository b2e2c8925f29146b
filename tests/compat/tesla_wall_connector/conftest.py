"""The published client `tesla-wall-connector`, unmodified, in an environment and a process of its own."""

from __future__ import annotations

import asyncio
import json
import subprocess
import venv
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions

ROOT: Final = Path(__file__).parents[3]
ENVIRONMENT: Final = ROOT / ".venvs" / "tesla-wall-connector"
REQUIREMENTS: Final = ("tesla-wall-connector==1.2.0",)
COMPLETE: Final = ENVIRONMENT / ".complete"
INSTALLING_S: Final = 300.0
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
        self, document: str = "vitals", *, split_phase: bool = False, patience_s: float = 2.0
    ) -> Answer:
        host = f"127.0.0.1:{self.units.endpoints['lan']}"
        job = {"host": host, "document": document, "split_phase": split_phase, "timeout": patience_s}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(job).encode() + b"\n")
        return msgspec.json.decode(await self.process.stdout.readline(), type=Answer)


@asynccontextmanager
async def open_scene(model: str = "", *, speed: float = SPEED, **extras: str) -> AsyncIterator[Scene]:
    world = World(ScaledClock(EVENING, speed))
    told = {name.replace("_", "-"): text for name, text in extras.items()}
    options = SimulatorOptions(model=model, extras=CALM | told)
    async with TaskScope() as scope, simulate(options, world) as units:
        scope.start(world.run())
        process = await asyncio.create_subprocess_exec(
            ENVIRONMENT / "bin" / "python",
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


@pytest.fixture(scope="session")
def peer() -> None:
    """Installed when it is not there yet. What cannot be installed cannot be tested: that skips."""
    if COMPLETE.exists():
        return
    venv.create(ENVIRONMENT, with_pip=True, clear=True)
    installed = subprocess.run(
        [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", *REQUIREMENTS],
        capture_output=True,
        text=True,
        check=False,
        timeout=INSTALLING_S,
    )
    if installed.returncode != 0:
        pytest.skip(f"tesla-wall-connector cannot be installed: {installed.stderr.strip()[-300:]}")
    COMPLETE.touch()


@pytest.fixture
def scene(peer: None) -> Any:
    """`async with scene(model, **extras)`: conftests cannot be imported."""
    return open_scene
