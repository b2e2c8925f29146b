from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.families.franklinwh.simulator.starting import simulate
from ohmstead.families.franklinwh.wire.envelope import request
from ohmstead.families.franklinwh.wire.login import FORM, login_form
from ohmstead.kit.link.http import HttpAnswer, HttpSession, http
from ohmstead.kit.world import World
from ohmstead.model import Fault, ScaledClock, SimulatorOptions

NOON = datetime(2026, 6, 20, 16, 0, tzinfo=UTC)
T = "/hes-gateway/terminal/"
LOGIN = f"{T}initialize/appUserOrInstallerLogin"
PASSWORD = "secret"
CALM = {"plain": "true", "latency": "0"}


class Bench(msgspec.Struct):
    """A cloud, and a client that knows no more than its wire."""

    world: World
    cloud: RunningCloud
    session: HttpSession
    token: str = ""

    @property
    def serial(self) -> str:
        return self.cloud.stations[0].serial

    @property
    def plant(self) -> Any:
        return self.cloud.stations[0].gateway

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:
        return await self.cloud.act(action, **parameters)

    async def fault(self, name: str, **parameters: Any) -> None:
        await self.cloud.act("fault", name=name, **parameters)

    async def after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.world.catch_up()

    async def login(self, email: str = "user@example.com", password: str = PASSWORD) -> dict[str, Any]:
        form = login_form(email, password)
        answer = await self.session.post(LOGIN, form, headers={"content-type": FORM})
        found: dict[str, Any] = json.loads(answer.body)
        if found["result"]:
            self.token = found["result"]["token"]
        return found

    async def raw(self, method: str, path: str, body: bytes | None = None, **query: object) -> HttpAnswer:
        told = {"gatewayId": self.serial, "lang": "en_US"} | query
        where = f"{path if path.startswith('/') else T + path}?{urlencode(told)}"
        return await self.session.request(method, where, body=body, headers={"loginToken": self.token})

    async def get(self, path: str, **query: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((await self.raw("GET", path, **query)).body)
        return found

    async def post(self, path: str, told: Mapping[str, Any] | None = None, **query: object) -> dict[str, Any]:
        body = b"" if told is None else json.dumps(told).encode()
        found: dict[str, Any] = json.loads((await self.raw("POST", path, body, **query)).body)
        return found

    async def tunnel(self, command: int, payload: Mapping[str, Any], **told: Any) -> dict[str, Any]:
        """The envelope, with the payload read for the second time."""
        text = json.dumps(payload, separators=(",", ":"))
        sent = request(command, text, **({"gateway": self.serial, "at_s": 1, "number": 1} | told))
        found: dict[str, Any] = json.loads((await self.raw("POST", "sendMqtt", sent)).body)
        if found["result"]:
            found["payload"] = json.loads(found["result"]["dataArea"])
        return found

    async def runtime(self, **query: object) -> dict[str, Any]:
        found: dict[str, Any] = (await self.get("getDeviceCompositeInfo", refreshFlag=1, **query))["result"]
        return found["runtimeData"]


@asynccontextmanager
async def open_bench(
    model: str = "",
    *,
    faults: tuple[Fault, ...] = (),
    seed: int = 1,
    logs_in: bool = True,
    capture: str = "",
    **extras: str,
) -> AsyncIterator[Bench]:
    world = World(ScaledClock(NOON), seed=seed)
    told = {name.replace("_", "-"): text for name, text in extras.items()}
    options = SimulatorOptions(model=model, seed=seed, faults=faults, capture=capture, extras=CALM | told)
    async with simulate(options, world) as cloud, http(cloud.url.rstrip("/"), connections=4) as session:
        bench = Bench(world, cloud, session)
        if logs_in:
            await bench.login()
        yield bench


@pytest.fixture
def bench() -> Any:
    """`async with bench(model, **extras)`: conftests cannot be imported."""
    return open_bench
