"""Switching the vehicle port, with the truth about it, on every profile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from ohmstead.families.franklinwh import Client, NotSupported, PasswordAuth
from ohmstead.families.franklinwh.card import FAMILY
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.families.franklinwh.simulator.starting import simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped

WITH_PORT = {"us_v1_full", "us_v2", "us_v2_full", "us_merged", "two_gateways"}


@asynccontextmanager
async def off_grid(model: str = "us_v1_full", **extras: str) -> AsyncIterator[tuple[RunningCloud, Client]]:
    world = World(ScaledClock(datetime(2026, 6, 21, 16, tzinfo=UTC)))
    options = SimulatorOptions(model=model, extras={"plain": "true", "latency": "0", **extras})
    async with simulate(options, world) as running, TaskScope() as scope:
        scope.start(world.run())
        await running.act("off_grid", on=True)
        await elapse(30)
        serial = running.stations[0].serial
        async with Client(PasswordAuth("user@example.com", "secret"), serial, base_url=running.url) as client:
            yield running, client


@pytest.mark.parametrize("model", FAMILY.models)
@warped
async def test_off_grid_the_port_acts_where_there_is_one(model: str) -> None:
    async with off_grid(model) as (_, client):
        failing = await client.check_v2l_ready()
        result = await client.set_v2l_mode(True, require_ready=False)

    assert (result.confirmed is True) is (model in WITH_PORT)
    assert bool(failing) is (model not in WITH_PORT)


@pytest.mark.parametrize(
    ("control", "via"), [("circuit3", "circuit3"), ("generator", "generator"), ("both", "generator")]
)
@warped
async def test_either_way_works_where_the_gateway_takes_it(control: str, via: str) -> None:
    async with off_grid(**{"v2l-control": control}) as (_, client):
        on = await client.set_v2l_mode(True, via=via)  # type: ignore[arg-type] - one of the two, from the table
        off = await client.set_v2l_mode(False, via=via)  # type: ignore[arg-type] - as above

    assert (on.confirmed, off.confirmed) == (True, True)


@warped
async def test_a_gateway_that_says_yes_and_does_nothing_is_found_out() -> None:
    async with off_grid(quirks="v2l-acknowledged") as (running, client):
        await running.act("start_generator")
        await elapse(60)
        result = await client.set_v2l_mode(True, require_ready=False)

    assert (result.accepted, result.confirmed) == (True, False)
    assert result.mismatched == ("Sw3Mode",)


@warped
async def test_a_failing_check_holds_it_back_and_switching_off_never() -> None:
    async with off_grid("us_v1_circuits") as (running, client):
        running.service.log.clear()
        with pytest.raises(NotSupported, match="generator module"):
            await client.set_v2l_mode(True, require_ready=True)
        sent = [seen.body for seen in running.log if seen.path.endswith("sendMqtt")]
        off = await client.set_v2l_mode(False, require_ready=True)

    assert not any(b'"opt":1,' in body and b"Sw3Mode" in body for body in sent)
    assert off.accepted is True


@warped
async def test_another_way_is_refused_before_anything_is_sent() -> None:
    async with off_grid() as (running, client):
        running.service.log.clear()
        with pytest.raises(ValueError, match="circuit3"):
            await client.set_v2l_mode(True, via="local")  # type: ignore[arg-type] - what a program may pass

        assert [seen.path for seen in running.log if "Mqtt" in seen.path or "Generator" in seen.path] == []
