"""Readings to a database that comes, goes and refuses, over real loopback HTTP on warped time."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from toy_family import TOYS, Toy, ToyConfig

from ohmstead.bridges import BridgeSettings, InfluxSettings, bridged
from ohmstead.bridges.influxdb import InfluxPush, line
from ohmstead.gateway import Gateway, SiteFile, open_gateway
from ohmstead.model import ScaledClock
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


class Database:
    def __init__(self) -> None:
        self.status = 204
        self.bodies: list[str] = []
        self.headers: list[str] = []
        self.url = ""

    async def write(self, request: web.Request) -> web.Response:
        assert request.path_qs == "/api/v2/write?org=home&bucket=energy&precision=ms"
        self.headers.append(request.headers["Authorization"])
        if self.status == 204:
            self.bodies.append((await request.read()).decode())
        return web.Response(status=self.status)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        application = web.Application()
        application.router.add_post("/api/v2/write", self.write)
        runner = web.AppRunner(application)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield
        finally:
            await runner.cleanup()

    @property
    def lines(self) -> list[str]:
        return "\n".join(self.bodies).splitlines()


@pytest.fixture
def database() -> Database:
    return Database()


@asynccontextmanager
async def home(folder: Path) -> AsyncIterator[Gateway]:
    toy = TOYS.setdefault("roof", Toy())
    toy.energy_wh = 5000.0
    config = ToyConfig(url="toy://roof", name="roof")
    site_file = SiteFile(path=folder / "site.toml", devices=(config,))
    async with open_gateway(site_file, directory=folder, clock=ScaledClock(NOON), threads=False) as gateway:
        yield gateway


def settings(database: Database) -> InfluxSettings:
    return InfluxSettings(url=database.url, bucket="energy", org="home")


@warped
async def test_each_reading_is_written_once_with_its_own_instant(tmp_path: Path, database: Database) -> None:
    async with database.serving(), home(tmp_path) as gateway:
        to = BridgeSettings(influxdb=settings(database))
        async with bridged(gateway, to, {"influxdb": "s3cret"}.__getitem__):
            await elapse(75)
        assert database.lines

    heads = [text.rpartition(" ")[0] for text in database.lines]
    stamps = [int(text.rpartition(" ")[2]) for text in database.lines]
    assert set(heads) == {"solar,device=roof/1,family=toy power_w=100.0,energy_wh=5000.0"}
    assert stamps == sorted(set(stamps))
    assert [round((stamp - stamps[0]) / 1000) for stamp in stamps] == [0, 30, 60]
    assert set(database.headers) == {"Token s3cret"}


@warped
async def test_readings_wait_for_a_database_that_is_away(tmp_path: Path, database: Database) -> None:
    database.status = 503
    async with database.serving(), home(tmp_path) as gateway:
        to = BridgeSettings(influxdb=settings(database))
        async with bridged(gateway, to, lambda _: "t"):
            await elapse(100)
            assert database.lines == []
            (found,) = gateway.findings()
            assert (
                found.words
                == f"InfluxDB at {database.url} cannot be told: it answered 503. It is tried again."
            )
            database.status = 204
            await elapse(400)
            assert gateway.findings() == ()

    assert len(database.lines) == 17
    assert len(set(database.lines)) == 17


@warped
async def test_what_a_database_calls_senseless_is_given_up(tmp_path: Path, database: Database) -> None:
    database.status = 400
    async with database.serving(), home(tmp_path) as gateway:
        push = InfluxPush(gateway, settings(database), "t")
        push._take(gateway.devices())
        await elapse(1)
        push._take(gateway.devices())
        await push.finish()

        assert (len(push.waiting), push.given_up) == (0, 1)


@warped
async def test_what_does_not_reach_a_silent_database_at_the_end_is_counted_with_the_reason(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        async with home(tmp_path) as gateway:
            push = InfluxPush(gateway, InfluxSettings(url=url, bucket="energy"), "t")
            await elapse(1)
            push._take(gateway.devices())
            await push.finish()
    assert "1 readings did not reach InfluxDB: no answer within the 2 s that an ending has" in caplog.text


def test_a_line_keeps_what_would_break_it_apart() -> None:
    tags = {"device": "my roof,=1\\", "family": ""}

    found = line("charger", tags, {"state": 'a "b"', "on": True, "phases": 3, "power_w": None}, NOON)

    assert found == ('charger,device=my\\ roof\\,\\=1/ state="a \\"b\\"",on=true,phases=3.0 1780315200000')
    assert line("charger", tags, {"power_w": None}, NOON) == ""
