"""A unit is found among other devices, by what it says of itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ohmstead.families.tesla_wall_connector.discovery import discover
from ohmstead.families.tesla_wall_connector.simulator import simulate
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import Found, ScaledClock, SimulatorOptions
from ohmstead.testing import warped


async def found(port: int) -> list[Found]:
    return [one async for one in discover(f"127.0.0.0/29:{port}", LocalServices())]


@warped
async def test_a_unit_is_found_by_its_version_and_is_ready_for_the_site_file() -> None:
    clock = ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC))
    async with simulate(SimulatorOptions(extras={"latency": "none"}), World(clock)) as units:
        port = units.endpoints["lan"]
        (one,) = await found(port)

    assert one.family == "tesla-wall-connector"
    assert one.url == f"tesla-wall-connector://127.0.0.1:{port}"
    assert one.title == "Wall Connector 1529455-02-D, PGT21000000001"
    assert one.serial == "PGT21000000001"
    assert one.needs == ()


@pytest.mark.parametrize(
    "body", [b"<html>a printer</html>", b"{}", b'{"firmware_version":"1.2"}', b"[1]", b""]
)
@warped
async def test_other_devices_on_the_port_are_no_units(body: bytes) -> None:
    async def answer(request: HttpRequest) -> HttpReply:
        return HttpReply(body=body)

    async with serve_http(answer) as server:
        assert await found(server.port) == []


@warped
async def test_a_network_without_anybody_has_no_units() -> None:
    async with serve_http(lambda _: no_one()) as server:
        await server.pause()
        assert await found(server.port) == []


async def no_one() -> None:
    return None
