"""Watching a gateway: what is shown, and what happens when it goes away."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web
from rich.console import Console

from ohmstead.cli.watch import direction, has_screen, page, says
from ohmstead.cli.watching import Picture, Watched, of_gateway
from ohmstead.model import (
    BatteryReading,
    ChargerReading,
    ChargerState,
    ConfigError,
    DeviceId,
    SolarReading,
    Unreachable,
)
from ohmstead.polling import HealthState
from ohmstead.testing import warped

NOON = datetime(2026, 6, 25, 12, tzinfo=UTC)
FLOWS = {
    "at": "2026-06-25T12:00:00Z",
    "solar_w": 2500.0,
    "grid_w": -1200.0,
    "battery_w": None,
    "generator_w": 0.0,
    "home_w": 1300.0,
    "chargers_w": 0.0,
    "v2l_w": 0.0,
    "losses_w": 0.0,
    "unaccounted_w": 0.0,
}
ROOF = {"id": "roof/1", "source": "roof", "health": "good", "new_key": 1}
SHED = {"id": "shed", "source": "shed", "health": "starting"}
STATE = {
    "type": "state",
    "at": FLOWS["at"],
    "site": {"name": "Linden Street"},
    "flows": FLOWS,
    "devices": [ROOF, SHED],
}


def change(*devices: object, gone: Sequence[str] = ()) -> dict[str, object]:
    return {"type": "change", "at": "2026-06-25T12:00:05Z", "flows": FLOWS, "devices": devices, "gone": gone}


@asynccontextmanager
async def gateway(*messages: object) -> AsyncIterator[str]:
    """Says so much to everybody who comes, and hangs up."""

    async def live(request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        for message in messages:
            await connection.send_str(message if isinstance(message, str) else json.dumps(message))
        await connection.close()
        return connection

    application = web.Application()
    application.router.add_get("/api/v1/live", live)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def pictures(url: str, count: int) -> list[Picture]:
    found: list[Picture] = []
    async with aclosing(of_gateway(url)) as stream:  # type: ignore[type-var]  # an async generator, which has aclose
        async for picture in stream:
            found.append(picture)
            if len(found) == count:
                break
    return found


def ids(picture: Picture) -> list[str]:
    return [device.id for device in picture.devices]


@warped
async def test_changes_are_laid_over_the_state() -> None:
    opened = {"id": "shed/7", "source": "shed", "health": "good"}
    async with gateway(STATE, change(opened), change(gone=["roof/1"])) as url:
        first, second, third = await pictures(url, 3)
    assert (first.title, ids(first)) == ("Linden Street", ["roof/1", "shed"])
    assert ids(second) == ["roof/1", "shed/7"]
    assert ids(third) == ["shed/7"]


@warped
async def test_a_gateway_that_hangs_up_is_said_to_and_asked_again() -> None:
    async with gateway(STATE) as url:
        first, lost, again = await pictures(url, 3)
    assert (first.trouble, again.trouble) == ("", "")
    assert lost.trouble == "the gateway ended the connection; trying again"
    assert ids(lost) == ids(first)


@warped
async def test_a_gateway_that_never_was_is_an_error_with_what_to_do() -> None:
    with pytest.raises(Unreachable, match="ohmstead run"):
        await pictures("http://127.0.0.1:9", 1)


@warped
@pytest.mark.parametrize("message", ["<html>", {"type": "change"}, change(ROOF)])
async def test_a_stranger_is_no_gateway(message: object) -> None:
    async with gateway(message) as url:
        with pytest.raises(ConfigError):
            await pictures(url, 1)


def drawn(picture: Picture) -> str:
    console = Console(width=100)
    with console.capture() as capture:
        console.print(page(picture))
    return capture.get()


@warped
async def test_the_page_shows_flows_devices_and_trouble() -> None:
    async with gateway(STATE) as url:
        _, lost = await pictures(url, 2)
    text = drawn(lost)
    for words in (
        "Linden Street",
        "2.5 kW",
        "-1.2 kW",
        "to the street",
        "roof/1",
        "starting",
        "trying again",
    ):
        assert words in text


@pytest.mark.parametrize(("terminal", "is_drawn"), [("xterm", True), ("dumb", False)])
def test_a_terminal_that_only_knows_lines_gets_lines(
    terminal: str, is_drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not has_screen()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", terminal)
    assert has_screen() is is_drawn


@pytest.mark.parametrize(
    ("name", "watts", "words"),
    [
        ("grid", 5.0, "from the street"),
        ("grid", -5.0, "to the street"),
        ("battery", 5.0, "discharging"),
        ("battery", -5.0, "charging"),
        ("battery", 0.0, ""),
        ("solar", 5.0, ""),
        ("grid", None, ""),
    ],
)
def test_signs_are_said_in_words(name: str, watts: float | None, words: str) -> None:
    assert direction(name, watts) == words


def test_a_device_says_its_powers_charge_and_state_or_what_is_wrong() -> None:
    device = DeviceId("x/1")
    readings = (
        SolarReading(device=device, at=NOON, power_w=1500.4),
        BatteryReading(device=device, at=NOON, power_w=None, soc_pct=55.0),
        ChargerReading(device=device, at=NOON, power_w=0.0, state=ChargerState.PAUSED_BY_VEHICLE),
    )
    well = Watched(id=device, health=HealthState.GOOD, readings=readings)
    assert says(well) == "solar 1.5 kW, battery –, 55 %, charger 0 W, paused by vehicle"
    ill = Watched(id=device, health=HealthState.UNREACHABLE, reason="nobody answers", readings=readings)
    assert says(ill) == "nobody answers"
