"""What the network and the unit may do, by number, and what is seen of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from random import Random

import msgspec
import pytest

from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
from ohmstead.families.tesla_wall_connector.control.ladder import Ladder
from ohmstead.families.tesla_wall_connector.control.memory import Kept, Memory
from ohmstead.families.tesla_wall_connector.sessions import Record, followed
from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import (
    BadAnswer,
    DeviceError,
    Fault,
    Outcome,
    ScaledClock,
    SimulatorOptions,
    TimedOut,
    Unreachable,
)
from ohmstead.testing import elapse, warped

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)


def fault(name: str, **parameters: object) -> Fault:
    return Fault(name, {key: str(value) for key, value in parameters.items()})


@asynccontextmanager
async def unit(
    *faults: Fault, model: str = "", drop_outs: float = 0.0, **extras: str
) -> AsyncIterator[tuple[RunningUnits, Client, Configurator]]:
    world = World(ScaledClock(MORNING))
    extras = {"latency": "none", "drop-outs": str(drop_outs), "truncation": "0", **extras}
    options = SimulatorOptions(model=model, faults=faults, extras=extras)
    async with simulate(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        ports = simulator.endpoints
        async with (
            open_client("127.0.0.1", ports["lan"], random=Random(1)) as client,
            open_configurator("127.0.0.1", ports["ap"]) as configurator,
        ):
            yield simulator, client, configurator


@pytest.mark.parametrize("name", ["half", "reset", "close"])
@warped
async def test_f5_a_reply_broken_off_is_asked_for_again(name: str) -> None:
    times = {} if name == "close" else {"times": 1}
    async with unit(fault(name, **times)) as (_, client, _):
        for _ in range(3):
            assert (await client.vitals()).grid_v is not None


@warped
async def test_f6_silence_ends_by_the_deadline_and_the_next_read_is_good() -> None:
    async with unit(fault("silence", times=1)) as (_, client, _):
        start_s = asyncio.get_running_loop().time()
        with pytest.raises(TimedOut, match="did not answer within 15 s"):
            await client.vitals()
        assert asyncio.get_running_loop().time() - start_s < 16.0
        assert (await client.vitals()).grid_v is not None


@warped
async def test_f7_a_refused_connection_says_so_and_comes_back() -> None:
    async with unit() as (simulator, client, _):
        port = simulator.endpoints["lan"]
        async with open_client("127.0.0.1", port) as late:
            pass
        await simulator.stations[0].lan.listener.pause()
        simulator.stations[0].lan.listener.drop()
        with pytest.raises(DeviceError) as refused:
            await client.vitals()
        await simulator.stations[0].lan.listener.resume()

        assert isinstance(refused.value, Unreachable)
        assert (await client.vitals()).grid_v is not None
        assert late is not client


@pytest.mark.long
@warped
async def test_f11_a_link_that_flaps_for_an_hour_costs_bounded_attempts_and_recovers() -> None:
    async with unit() as (simulator, client, _):
        listener = simulator.stations[0].lan.listener
        asked = 0
        for second in range(0, 3600, 5):
            await (listener.pause() if second % 2 else listener.resume())
            if second % 2:
                listener.drop()
            asked += 1
            with suppress(DeviceError):
                await client.vitals()
            await elapse(5)
        await listener.resume()

        assert (await client.vitals()).grid_v is not None
        assert asked == 720


@pytest.mark.parametrize("name", ["impossible", "wrong-type", "nan", "infinite"])
@warped
async def test_f15_a_value_that_cannot_be_spoils_no_other(name: str) -> None:
    async with unit(fault(name)) as (_, client, _):
        vitals = await client.vitals()

    assert vitals.evse_state == 1
    assert vitals.grid_v in (None, 1e40)  # what is impossible is the gate's to refuse


@pytest.mark.parametrize("name", ["html", "empty", "null", "list", "cut"])
@warped
async def test_f16_a_body_that_is_no_document_is_one_of_our_errors(name: str) -> None:
    async with unit(fault(name, times=3)) as (_, client, _):
        with pytest.raises(BadAnswer):
            await client.vitals()
        assert (await client.vitals()).grid_v is not None


@warped
async def test_f16_bytes_that_are_no_text_spoil_nothing_but_their_field() -> None:
    async with unit(fault("encoding")) as (_, client, _):
        assert (await client.vitals()).evse_state == 1


@pytest.mark.parametrize("name", ["huge", "deep"])
@warped
async def test_f17_a_body_without_end_is_refused_at_a_limit(name: str) -> None:
    async with unit(fault(name, times=3)) as (_, client, _):
        with pytest.raises(BadAnswer):
            await client.vitals()
        assert (await client.vitals()).grid_v is not None


@warped
async def test_f18_a_field_that_nobody_knows_fails_nothing() -> None:
    async with unit(fault("unknown-field")) as (_, client, _):
        assert (await client.vitals()).evse_state == 1


@warped
async def test_f19_energy_is_right_over_a_power_cut_in_the_middle_of_a_session() -> None:
    async with unit(plugged="true") as (simulator, client, _):
        station = simulator.stations[0].unit
        record, counted_wh, before_wh = Record(), 0.0, station.session.energy_wh
        for step in range(360):
            if step == 180:
                await simulator.act("power_cycle", off_s=20)
            try:
                vitals = await client.vitals()
            except DeviceError:
                await elapse(5)
                continue
            record = followed(record, vitals, None, MORNING + timedelta(seconds=5 * step))
            counted_wh += max(station.session.energy_wh - before_wh, 0.0)
            before_wh = station.session.energy_wh
            await elapse(5)

    assert counted_wh > 3000
    assert record.energy_wh == pytest.approx(counted_wh, rel=0.005)


@pytest.mark.parametrize(
    ("model", "writes"), [("22.33.1-eu3", 1), ("25.34.1-eu3", 0)], ids=["stored", "temporary"]
)
@warped
async def test_f25_a_limit_whose_reply_is_lost_is_read_back_and_set_once(model: str, writes: int) -> None:
    async with unit(fault("lost-ack", times=1), model=model) as (simulator, _, configurator):
        ladder = Ladder(configurator, await memory(takes_temporary=not writes), ScaledClock(MORNING))
        await ladder.ready()
        limited = await ladder.limit(10)

        assert (limited.outcome, limited.read_back_a) == (Outcome.CONFIRMED, 10)
        assert simulator.stations[0].unit.memory.writes == writes


@pytest.mark.parametrize("name", ["ignored-write", "late-write"])
@warped
async def test_f26_a_write_that_is_acknowledged_and_not_done_is_found_by_reading_back(name: str) -> None:
    async with unit(fault(name, times=1)) as (_, _, configurator):
        ladder = Ladder(configurator, await memory(takes_temporary=False), ScaledClock(MORNING))
        await ladder.ready()
        limited = await ladder.limit(10)

        assert limited.outcome is Outcome.DIFFERENT
        assert limited.reason == "the unit kept another value"


async def memory(*, takes_temporary: bool) -> Memory:
    kept = Memory(LocalServices(), "din")
    await kept.save(Kept(takes_temporary=takes_temporary))
    return kept


def test_what_is_kept_of_a_unit_is_readable_after_an_update_of_ours() -> None:
    assert msgspec.json.decode(b'{"ceiling_a":32,"new":1}', type=Kept).ceiling_a == 32


@pytest.mark.parametrize("model", ["22.33.1-eu3", "24.36.3-eu3"])
@warped
async def test_f18_both_generations_of_the_schema_say_the_same_counters(model: str) -> None:
    async with unit(model=model) as (_, client, configurator):
        counted, said = await client.lifetime(), await configurator.lifetime()

    assert said.charge_starts == counted.charge_starts
    assert said.connector_cycles == counted.connector_cycles
    assert said.charging_energy.energy_wh == pytest.approx(counted.energy_wh, abs=1)
