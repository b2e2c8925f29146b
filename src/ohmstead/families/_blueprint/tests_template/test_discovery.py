"""An inverter is found among other devices, by what it says of itself."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from ohmstead.families._blueprint.discovery import discover
from ohmstead.families._blueprint.simulator import simulate
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import Found, ScaledClock, SimulatorOptions
from ohmstead.testing import warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)


async def found(port: int) -> list[Found]:
    return [one async for one in discover(f"127.0.0.0/30:{port}", LocalServices())]


@warped
async def test_an_inverter_is_found_and_is_ready_for_the_site_file() -> None:
    async with simulate(SimulatorOptions(), World(ScaledClock(NOON))) as simulator:
        port = simulator.endpoints["blueprint"]
        (one,) = await found(port)

    assert one.url == f"blueprint://127.0.0.1:{port}"
    assert one.serial == "BP000001"
    assert one.title == "Inverter of 400 W, BP000001"


@warped
async def test_another_device_on_the_port_is_none() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        assert await found(server.sockets[0].getsockname()[1]) == []
