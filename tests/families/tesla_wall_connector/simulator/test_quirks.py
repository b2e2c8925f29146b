"""What units do without being broken, and what they do when they are."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.client.rest import open_client
from ohmstead.families.tesla_wall_connector.meter_port import (
    Figures,
    answer,
    encode_reply,
    registers,
    requests,
    shown_a,
)
from ohmstead.kit.link import Link, TaskScope, tcp
from ohmstead.kit.wire import Frame
from ohmstead.model import ConfigError, DeviceError
from ohmstead.testing import elapse, warped

Open = Any  # the conftest's


@pytest.mark.long
@warped
async def test_a_plain_poller_of_30_s_misses_about_one_connection_in_seven(bench: Open) -> None:
    async with bench("24.36.3-eu3", drop_outs="0.15") as home:
        missed = 0
        for _ in range(500):
            try:
                await home.lan.get("/api/1/vitals")
            except DeviceError:
                missed += 1
            await elapse(30)
        assert 50 <= missed <= 100


async def longest_gaps(home: Any, read: Any, every_s: float, hours: float) -> int:
    """How many stretches of more than 90 s passed without fresh vitals."""
    loop = asyncio.get_running_loop()
    end_s = loop.time() + hours * 3600
    fresh_s, gaps = loop.time(), 0
    while loop.time() < end_s:
        began_s = loop.time()
        try:
            await read()
        except DeviceError:
            pass
        else:
            gaps += loop.time() - fresh_s > 90.0
            fresh_s = loop.time()
        await asyncio.sleep(max(0.0, began_s + every_s - loop.time()))
    return gaps


@pytest.mark.long
@warped
async def test_our_gaps_are_at_most_a_third_of_a_plain_pollers(bench: Open) -> None:
    """Twice the usual share of drop-outs, so that hours show what a month does; asked plainly every 30 s, and by us."""
    async with bench("24.36.3-eu3", drop_outs="0.3", plugged="true") as home:
        plain = await longest_gaps(home, lambda: home.lan.get("/api/1/vitals"), 30.0, 4.0)
    async with (
        bench("24.36.3-eu3", drop_outs="0.3", plugged="true") as home,
        open_client("127.0.0.1", home.units.endpoints["lan"]) as client,
    ):
        ours = await longest_gaps(home, client.vitals, 5.0, 4.0)
    assert plain >= 3
    assert ours <= plain / 3


@warped
async def test_a_poller_of_5_s_is_never_refused(bench: Open) -> None:
    async with bench("24.36.3-eu3", drop_outs="0.15") as home:
        for _ in range(500):
            await home.lan.get("/api/1/vitals")
            await elapse(5)
        assert home.units.state()["units"][0]["dozes"] == 0


@warped
async def test_answers_take_their_time_one_after_the_other(bench: Open) -> None:
    async with bench("24.36.3-eu3", latency="measured") as home:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        for _ in range(10):
            await asyncio.gather(home.lan.get("/api/1/vitals"), home.ap.get("/api/1/vitals"))
        assert 20 * 0.3 <= loop.time() - began_s <= 20 * 3.0


@warped
async def test_bodies_lack_their_last_brace_now_and_then_while_charging(bench: Open) -> None:
    async with bench("24.36.3-eu3", truncation="0.02", plugged="true") as home:
        bodies = [(await home.lan.get("/api/1/vitals")).body for _ in range(20)]
        assert all(body.endswith(b"}") for body in bodies)
        await home.after(120)
        bodies = [(await home.lan.get("/api/1/vitals")).body for _ in range(600)]
        assert 3 <= sum(not body.endswith(b"}") for body in bodies) <= 25


@warped
async def test_the_same_seed_makes_the_same_day(bench: Open) -> None:
    async def day() -> list[bytes]:
        async with bench("25.34.1-us2", plugged="true") as home:
            found = []
            for _ in range(60):
                await home.after(5)
                found.append((await home.lan.get("/api/1/vitals")).body)
            return found

    assert await day() == await day()


async def meter(link: Link, currents: list[float]) -> None:
    """Shows `currents[-1]` on its first CT until the line ends."""
    heard = requests()
    while True:
        for found in heard.feed(await link.receive()):
            if isinstance(found, Frame):
                figures = Figures(current_a=(currents[-1], 0.0, 0.0, 0.0))
                await link.send(encode_reply(answer(found.value, registers(figures))))


@warped
async def test_a_meter_steers_the_car_and_its_loss_is_noticed(bench: Open) -> None:
    async with bench("23.8.2-eu1", plugged="true") as home:
        await home.after(120)
        await home.act("meter", conductor_a=40)
        currents = [0.0]
        dial = tcp("127.0.0.1", home.units.endpoints["rs485"])
        async with dial() as link, TaskScope() as scope:
            task = scope.start(meter(link, currents))
            for wanted_a in (20, 10, 0, 16):
                for _ in range(40):
                    currents.append(shown_a(40, wanted_a, home.unit.current_a))
                    await home.after(1)
                assert home.unit.current_a == pytest.approx(wanted_a, abs=0.6), wanted_a
            task.cancel()
        await home.after(15)
        assert home.unit.current_a == pytest.approx(6, abs=0.1)


@warped
async def test_firmware_before_23_8_1_has_no_meter_port(bench: Open) -> None:
    async with bench("22.33.1-eu3") as home:
        assert home.units.ready["ports"]["rs485"] is None
        assert "rs485" not in home.units.endpoints


@warped
async def test_what_does_not_exist_is_refused_in_words(bench: Open) -> None:
    async with bench() as home:
        for wrong in ({"name": "gremlins"}, {"name": "html", "colour": "red"}, {"name": "slow", "s": "long"}):
            with pytest.raises(ConfigError):
                await home.act("fault", **wrong)
        with pytest.raises(ConfigError):
            await home.act("explode")
        with pytest.raises(ConfigError):
            await home.act("unplug")
