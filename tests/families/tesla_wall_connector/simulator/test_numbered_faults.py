"""The numbered faults, F5 to F26 as far as they concern a device of this kind: our source against the simulator."""

from __future__ import annotations

import asyncio
import gc
import logging
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import msgspec
import pytest

from ohmstead.families.tesla_wall_connector import bodies
from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig
from ohmstead.families.tesla_wall_connector.device import WallConnectorSource, connect
from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.families.tesla_wall_connector.simulator import figures
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import Cells
from ohmstead.model import LIMITS_CURRENT, ChargerReading, DeviceError, Outcome, Sample, TimedOut
from ohmstead.testing import warped

Open = Any  # the conftest's
POLL_S = 5.0


@asynccontextmanager
async def client_of(home: Any) -> AsyncIterator[Client]:
    async with open_client("127.0.0.1", home.units.endpoints["lan"], random=Random(1)) as client:
        yield client


@asynccontextmanager
async def source_of(home: Any) -> AsyncIterator[WallConnectorSource]:
    config = TeslaWallConnectorConfig(url=home.units.ready["url"], name="garage", control=True)
    async with connect(config, LocalServices(home.world.clock)) as source:
        yield source


def charger(sample: Sample) -> ChargerReading:
    (reading,) = sample.readings
    assert isinstance(reading, ChargerReading)
    return reading


async def polled(
    home: Any, source: WallConnectorSource, polls: int
) -> tuple[list[Sample], list[DeviceError]]:
    """Every 5 s: what came, and what did not."""
    samples, errors = [], []
    for _ in range(polls):
        await home.after(POLL_S)
        try:
            samples.append(await source.read())
        except DeviceError as error:
            errors.append(error)
    return samples, errors


@pytest.mark.parametrize("fault", ["half", "reset", "close"])
def test_f5_half_a_reply_a_reset_and_a_close_lose_nothing(bench: Open, fault: str) -> None:
    @warped
    async def check() -> None:
        async with bench(plugged="true") as home, source_of(home) as source:
            for _ in range(10):
                await home.act("fault", name=fault, times=1)
                assert (await polled(home, source, 1))[1] == []
            assert home.units.state()["units"][0]["faults"][fault] == 10

    check()


@warped
async def test_f6_silence_ends_by_its_deadline_and_what_comes_after_is_good(bench: Open) -> None:
    async with bench() as home, client_of(home) as client:
        await client.vitals()
        loop = asyncio.get_running_loop()
        await home.act("fault", name="silence")
        began_s = loop.time()
        with pytest.raises(TimedOut):
            await client.vitals()
        assert loop.time() - began_s <= 3 * 15 + 5
        await home.act("clear_faults")
        assert (await client.vitals()).evse_state == 1


@warped
async def test_f7_a_unit_without_power_is_a_gap_with_a_reason_and_comes_back(bench: Open) -> None:
    async with bench() as home, source_of(home) as source:
        await polled(home, source, 3)
        await home.act("power_cycle", off_s=60)
        _, errors = await polled(home, source, 8)
        assert errors
        assert all(str(error) for error in errors)
        await home.after(30)
        samples, errors = await polled(home, source, 3)
        assert (len(samples), errors) == (3, [])


@warped
async def test_f10_another_client_slows_us_and_takes_nothing(bench: Open) -> None:
    async with bench(latency="measured") as home, source_of(home) as source, client_of(home) as other:

        async def pester() -> None:
            while True:
                await other.lifetime()

        pestering = asyncio.ensure_future(pester())
        samples, errors = await polled(home, source, 20)
        pestering.cancel()
        assert (len(samples), errors) == (20, [])


@warped
async def test_f11_a_flapping_link_stays_bounded_and_recovers(bench: Open) -> None:
    async with bench() as home, source_of(home) as source:
        for second in range(300):
            await home.act("fault", name="refuse", **{"for": 0.5})
            await home.act("kick")
            await home.after(0.5)
            await home.act("clear_faults")
            await home.after(0.5)
            if second % 5 == 0:
                try:
                    await source.read()
                except DeviceError:
                    continue
        asked = home.units.state()["units"][0]["requests"]["/api/1/vitals"]
        assert asked <= 60 * 3
        samples, errors = await polled(home, source, 2)
        assert (len(samples), errors) == (2, [])


SPOILED = ("infinite", "impossible", "wrong-type", "nan")


@pytest.mark.parametrize("fault", SPOILED)
def test_f15_a_bad_value_costs_its_field_and_not_the_sample(bench: Open, fault: str) -> None:
    @warped
    async def check() -> None:
        async with bench(plugged="true") as home, source_of(home) as source:
            await home.after(120)
            before_wh = charger(await source.read()).energy_wh
            await home.act("fault", name=fault, path="vitals")
            samples, errors = await polled(home, source, 3)
            assert (len(samples), errors) == (3, [])
            await home.act("clear_faults")
            ((good,), _) = await polled(home, source, 1)
            assert charger(good).power_w == pytest.approx(home.unit.drawn_w, rel=0.02)
            assert before_wh <= charger(good).energy_wh <= before_wh + home.unit.true_wh

    check()


BAD = ("html", "empty", "null", "list", "deep", "cut")


@pytest.mark.parametrize("fault", [*BAD, "error-500"])
def test_f16_no_document_is_our_own_error_and_never_zeros(bench: Open, fault: str) -> None:
    @warped
    async def check() -> None:
        async with bench(plugged="true") as home, client_of(home) as client:
            await home.act("fault", name=fault, **({"bytes": 1} if fault == "cut" else {}))
            with pytest.raises(DeviceError) as raised:
                await client.vitals()
            assert str(raised.value)
            await home.act("clear_faults")
            assert (await client.vitals()).vehicle_connected

    check()


@warped
async def test_f16_bytes_of_no_encoding_cost_their_field(bench: Open) -> None:
    async with bench(plugged="true") as home, client_of(home) as client:
        await home.act("fault", name="encoding")
        found = await client.vitals()
        assert (found.contactor_closed, found.vehicle_connected) == (None, True)


@warped
async def test_f16_a_body_cut_anywhere_is_true_or_an_error(bench: Open) -> None:
    async with bench("25.34.1-us2", plugged="true") as home:
        await home.after(300)
        whole = bodies.written(figures.vitals(home.unit))
        good = msgspec.structs.asdict(bodies.read(Vitals, whole))
        for end in range(len(whole)):
            try:
                found = bodies.read(Vitals, whole[:end])
            except DeviceError:
                continue
            for name, value in msgspec.structs.asdict(found).items():
                assert value in (None, good[name]), (end, name)


@pytest.mark.long
@pytest.mark.parametrize("fault", ["huge", "deep"])
def test_f17_what_is_far_too_much_is_refused_at_a_limit(bench: Open, fault: str) -> None:
    @warped
    async def check() -> None:
        async with bench() as home, client_of(home) as client:
            await client.vitals()
            await home.act("fault", name=fault, path="vitals")
            with pytest.raises(DeviceError):
                await client.vitals()

    check()
    body = b"[" * 8_000
    gc.collect()
    tracemalloc.start()
    with pytest.raises(DeviceError):
        bodies.read(Vitals, body)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1024 * 1024


@warped
async def test_f18_unknown_fields_are_told_once_and_fail_nothing(
    bench: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench() as home, source_of(home) as source:
        caplog.set_level(logging.INFO)
        await home.act("fault", name="unknown-field", path="vitals")
        samples, errors = await polled(home, source, 4)
        assert (len(samples), errors) == (4, [])
        told = [record for record in caplog.records if "flux_capacitor_v" in record.getMessage()]
        assert len(told) == 1


@pytest.mark.long
@warped
async def test_f19_energy_is_monotone_and_right_across_reboots_jumps_and_truncation(bench: Open) -> None:
    async with (
        bench("24.36.3-eu3", plugged="true", soc="5", truncation="0.1", drop_outs="0.15") as home,
        source_of(home) as source,
    ):
        home.unit.vehicle.car.battery = big = Cells(1e6, 5.0, max_charge_w=25_000.0)
        totals = []
        for _ in range(4):
            samples, _ = await polled(home, source, 360)
            totals += [charger(sample).energy_wh or 0.0 for sample in samples]
            await home.act("counters", lifetime_wh=5_000)
            await home.act("power_cycle", off_s=20)
            await home.after(30)
        await home.act("unplug")
        samples, _ = await polled(home, source, 5)
        totals += [charger(sample).energy_wh or 0.0 for sample in samples]
        assert totals == sorted(totals)
        assert totals[-1] == pytest.approx(home.unit.true_wh, rel=0.005)
        assert big.stored_wh > 55_000.0


@warped
async def test_f20_the_unit_has_no_clock_and_ours_is_used(bench: Open) -> None:
    async with bench() as home, source_of(home) as source:
        home.unit.uptime_s = 2**31
        ((sample,), _) = await polled(home, source, 1)
        assert abs((sample.at - home.world.clock.now()).total_seconds()) < 5


async def limited(source: WallConnectorSource, current_a: float) -> Any:
    (device,) = source.devices()
    ability = source.ability(device, LIMITS_CURRENT)
    assert ability is not None
    return await ability.limit_current(current_a)


@warped
async def test_f25_a_lost_acknowledgement_is_read_back_and_written_once(bench: Open) -> None:
    async with bench("23.8.2-eu3") as home, source_of(home) as source:
        await home.act("fault", name="lost-ack", times=1)
        await limited(source, 10)
        await polled(home, source, 30)
        assert (home.unit.memory.settings.most_a, home.unit.memory.writes) == (10, 1)


@warped
async def test_f26_a_write_that_was_not_done_is_found_and_not_repeated_for_ever(bench: Open) -> None:
    async with bench("23.8.2-eu3") as home, source_of(home) as source:
        await home.act("fault", name="ignored-write")
        receipt = await limited(source, 10)
        assert receipt.outcome is not Outcome.CONFIRMED
        await polled(home, source, 30)
        assert home.units.state()["units"][0]["faults"]["ignored-write"] <= 3
        assert home.unit.memory.settings.most_a == 32
