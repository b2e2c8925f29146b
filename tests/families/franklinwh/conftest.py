from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, PasswordAuth
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.families.franklinwh.simulator.starting import simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions

DATA = Path(__file__).parent / "data"
VECTORS: dict[str, Any] = json.loads((DATA / "vectors.json").read_text())
"""Sanitised captures of a US and an AU system, and cases made up after them; each says which."""


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    return VECTORS


@pytest.fixture(scope="session")
def vector() -> Callable[[str, str], Any]:
    """A case of a group by its name."""

    def find(group: str, name: str) -> Any:
        return next(case for case in VECTORS[group] if case["name"] == name)

    return find


@asynccontextmanager
async def open_cloud(model: str = "us_v1_full", **extras: str) -> AsyncIterator[RunningCloud]:
    """A cloud that answers at once, over plants on a June noon."""
    world = World(ScaledClock(datetime(2026, 6, 21, 16, tzinfo=UTC)))
    options = SimulatorOptions(model=model, extras={"plain": "true", "latency": "0", **extras})
    async with simulate(options, world) as running, TaskScope() as scope:
        scope.start(world.run())
        yield running


OpenCloud = Callable[..., AbstractAsyncContextManager[RunningCloud]]


@pytest.fixture
def cloud() -> OpenCloud:
    return open_cloud


@asynccontextmanager
async def open_client(model: str = "us_v1_full", **extras: str) -> AsyncIterator[tuple[RunningCloud, Client]]:
    """A cloud, and a client of its first gateway."""
    async with (
        open_cloud(model, **extras) as running,
        Client(
            PasswordAuth("user@example.com", "secret"), running.stations[0].serial, base_url=running.url
        ) as client,
    ):
        yield running, client


OpenClient = Callable[..., AbstractAsyncContextManager[tuple[RunningCloud, Client]]]


@pytest.fixture
def served() -> OpenClient:
    return open_client
