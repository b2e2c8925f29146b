from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from google.protobuf.message import Message

from ohmstead.families.tesla_wall_connector import bodies, envelope
from ohmstead.families.tesla_wall_connector.documents import Lifetime, Version, Vitals
from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.kit.link.http import HttpAnswer, HttpSession, http
from ohmstead.kit.world import World
from ohmstead.model import Fault, ScaledClock, SimulatorOptions

EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
CALM = {"latency": "none", "truncation": "0", "drop-outs": "0"}
"""No quirks: what goes wrong is the test's own doing."""


class Bench(msgspec.Struct):
    """Units, and a plain HTTP client on each side of the first."""

    world: World
    units: RunningUnits
    lan: HttpSession
    ap: HttpSession

    @property
    def unit(self) -> Unit:
        return self.units.units[0]

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:
        return await self.units.act(action, **parameters)

    async def after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.world.catch_up()
        await self.units.settle()

    async def vitals(self) -> Vitals:
        return bodies.read(Vitals, (await self.lan.get("/api/1/vitals")).body)

    async def lifetime(self) -> Lifetime:
        return bodies.read(Lifetime, (await self.lan.get("/api/1/lifetime")).body)

    async def version(self) -> Version:
        return bodies.read(Version, (await self.lan.get("/api/1/version")).body)

    async def post(self, message: Message, din: str = "") -> HttpAnswer:
        body = envelope.call(message, din or self.unit.identity.din)
        return await self.ap.post(envelope.PATH, body, headers={"Content-Type": envelope.CONTENT_TYPE})

    async def stranger(self) -> HttpAnswer:
        """Somebody else, who has no connection to the access point yet."""
        async with http(f"http://127.0.0.1:{self.units.endpoints['ap']}") as session:
            return await session.get("/tedapi/din")

    async def call(self, message: Message, din: str = "") -> Any:
        return envelope.opened((await self.post(message, din)).body).message


@asynccontextmanager
async def open_bench(
    model: str = "", *, faults: tuple[Fault, ...] = (), seed: int = 1, **extras: str
) -> AsyncIterator[Bench]:
    world = World(ScaledClock(EVENING), seed=seed)
    told = {name.replace("_", "-"): text for name, text in extras.items()}
    options = SimulatorOptions(model=model, seed=seed, faults=faults, extras=CALM | told)
    async with simulate(options, world) as units:
        ports = units.endpoints
        async with (
            http(f"http://127.0.0.1:{ports['lan']}", keep_alive_s=None) as lan,
            http(f"http://127.0.0.1:{ports['ap']}", keep_alive_s=120.0) as ap,
        ):
            yield Bench(world, units, lan, ap)


@pytest.fixture
def bench() -> Any:
    """`async with bench(model, **extras)`: conftests cannot be imported."""
    return open_bench
