"""Switching the vehicle port, with the truth about it, on every profile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, NotSupported, PasswordAuth
from ohmstead.families.franklinwh.card import FAMILY
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.testing import elapse, warped

WITH_PORT = {"us_v1_full", "us_v2", "us_v2_full", "us_merged", "two_gateways"}


@asynccontextmanager
async def off_grid(
    cloud: Any, model: str = "us_v1_full", **extras: str
) -> AsyncIterator[tuple[RunningCloud, Client]]:
    async with cloud(model, **extras) as running:
        await running.act("off_grid", on=True)
        await elapse(30)
        serial = running.stations[0].serial
        async with Client(PasswordAuth("user@example.com", "secret"), serial, base_url=running.url) as client:
            yield running, client


@pytest.mark.parametrize("model", FAMILY.models)
@warped
async def test_off_grid_the_port_acts_where_there_is_one(model: str, cloud: Any) -> None:
    async with off_grid(cloud, model) as (_, client):
        failing = await client.check_v2l_ready()
        result = await client.set_v2l_mode(True, require_ready=False)

    assert (result.confirmed is True) is (model in WITH_PORT)
    assert bool(failing) is (model not in WITH_PORT)


@pytest.mark.parametrize(
    ("control", "via"), [("circuit3", "circuit3"), ("generator", "generator"), ("both", "generator")]
)
@warped
async def test_either_way_works_where_the_gateway_takes_it(control: str, via: str, cloud: Any) -> None:
    async with off_grid(cloud, **{"v2l-control": control}) as (_, client):
        on = await client.set_v2l_mode(True, via=via)  # type: ignore[arg-type] - one of the two, from the table
        off = await client.set_v2l_mode(False, via=via)  # type: ignore[arg-type] - as above

    assert (on.confirmed, off.confirmed) == (True, True)


@warped
async def test_a_gateway_that_says_yes_and_does_nothing_is_found_out(cloud: Any) -> None:
    async with off_grid(cloud, quirks="v2l-acknowledged") as (running, client):
        await running.act("start_generator")
        await elapse(60)
        result = await client.set_v2l_mode(True, require_ready=False)

    assert (result.accepted, result.confirmed) == (True, False)
    assert result.mismatched == ("Sw3Mode",)


@warped
async def test_a_failing_check_holds_it_back_and_switching_off_never(cloud: Any) -> None:
    async with off_grid(cloud, "us_v1_circuits") as (running, client):
        running.service.log.clear()
        with pytest.raises(NotSupported, match="generator module"):
            await client.set_v2l_mode(True, require_ready=True)
        sent = [seen.body for seen in running.log if seen.path.endswith("sendMqtt")]
        off = await client.set_v2l_mode(False, require_ready=True)

    assert not any(b'"opt":1,' in body and b"Sw3Mode" in body for body in sent)
    assert off.accepted is True


@warped
async def test_another_way_is_refused_before_anything_is_sent(cloud: Any) -> None:
    async with off_grid(cloud) as (running, client):
        running.service.log.clear()
        with pytest.raises(ValueError, match="circuit3"):
            await client.set_v2l_mode(True, via="local")  # type: ignore[arg-type] - what a program may pass

        assert [seen.path for seen in running.log if "Mqtt" in seen.path or "Generator" in seen.path] == []
