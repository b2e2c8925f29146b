"""Client and simulator joined: the exchange is the assertion."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from ohmstead.families._blueprint.client import Client
from ohmstead.families._blueprint.messages import Info
from ohmstead.families._blueprint.simulator import BlueprintSimulator, simulate
from ohmstead.kit.world import World
from ohmstead.model import OutcomeUnknown, Refused, ScaledClock, SimulatorOptions, TimedOut
from ohmstead.testing import warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)


@asynccontextmanager
async def twins() -> AsyncIterator[tuple[Client, BlueprintSimulator]]:
    world = World(ScaledClock(NOON))
    world.weather.set_clear_sky()
    async with (
        simulate(SimulatorOptions(), world) as simulator,
        Client("127.0.0.1", simulator.endpoints["blueprint"]) as client,
    ):
        await asyncio.sleep(2)  # the inverter measures once a second
        yield client, simulator


@warped
async def test_the_client_learns_who_the_inverter_is() -> None:
    async with twins() as (client, _):
        assert await client.info() == Info(serial="BP000001", firmware=1.04, rating=400.0)


@warped
async def test_at_noon_the_panel_gives_more_than_half_its_rating() -> None:
    async with twins() as (client, _):
        live = await client.live()

        assert live.power is not None
        assert 200 < live.power <= 400


@warped
async def test_a_limit_holds_production_back() -> None:
    async with twins() as (client, _):
        assert (await client.set_limit(25)).limit == 25
        await asyncio.sleep(2)
        live = await client.live()

        assert live.limit == 25
        assert live.power == 100.0


@warped
async def test_a_limit_out_of_range_is_refused_in_words() -> None:
    async with twins() as (client, _):
        with pytest.raises(Refused, match="the limit is out of range"):
            await client.set_limit(101)


@warped
async def test_a_silent_inverter_times_out() -> None:
    async with twins() as (client, simulator):
        await simulator.act("silence", on=True)
        with pytest.raises(TimedOut, match="did not answer within 5 s"):
            await client.live()


@warped
async def test_a_limit_whose_answer_is_lost_has_an_unknown_outcome() -> None:
    async with twins() as (client, simulator):
        await simulator.act("silence", on=True)
        with pytest.raises(OutcomeUnknown):
            await client.set_limit(50)


@warped
async def test_a_client_asks_again_on_a_new_connection_when_the_old_one_broke() -> None:
    async with twins() as (client, simulator):
        await client.live()
        simulator.listener.drop()

        assert (await client.info()).serial == "BP000001"
