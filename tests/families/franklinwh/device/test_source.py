"""A gateway as devices of the home, on its simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, PasswordAuth
from ohmstead.families.franklinwh.config import FranklinWHConfig
from ohmstead.families.franklinwh.device import FranklinWHSource, connect
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.kit.registry import LocalServices
from ohmstead.model import (
    LEAVES_GRID,
    RUNS_AUTOMATICALLY,
    SELECTS_MODE,
    SETS_RESERVE,
    SWITCHES,
    BadAnswer,
    Clock,
    DeviceId,
    GeneratorReading,
    GridReading,
    LoadReading,
    Outcome,
    Quality,
    Sample,
    SolarReading,
    VehiclePortReading,
)
from ohmstead.testing import elapse, warped

GATEWAY = DeviceId("annex/10060005A02X00000001")
GENERATOR = DeviceId(f"{GATEWAY}.generator")
PORT = DeviceId(f"{GATEWAY}.v2l")
ACCOUNT = "user@example.com"


@asynccontextmanager
async def served(
    cloud: Any, model: str = "us_v1_full", **extras: str
) -> AsyncIterator[tuple[RunningCloud, LocalServices]]:
    async with cloud(model, **extras) as running:
        yield running, LocalServices(running.world.clock, password="secret")


@asynccontextmanager
async def connected(running: RunningCloud, services: LocalServices) -> AsyncIterator[FranklinWHSource]:
    config = FranklinWHConfig(url=str(running.ready["url"]), name="annex", control=True)
    async with connect(config, services) as source:
        yield source


def one(sample: Sample, kind: type) -> object:
    return next(reading for reading in sample.readings if isinstance(reading, kind))


@warped
async def test_what_is_fitted_are_devices(cloud: Any) -> None:
    async with served(cloud) as (running, services), connected(running, services) as source:
        assert [device.removeprefix(GATEWAY) for device in source.devices()] == [
            "",
            ".generator",
            ".v2l",
            ".circuit-1",
            ".circuit-2",
        ]


@warped
async def test_a_bare_gateway_is_one_device(cloud: Any) -> None:
    async with served(cloud, "us_bare") as (running, services), connected(running, services) as source:
        assert list(source.devices()) == [GATEWAY]


@warped
async def test_a_restart_asks_for_live_data_first(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        async with connected(running, services) as source:
            await source.read()
        running.service.log.clear()
        async with connected(running, services) as source:
            sample = await source.read()
            devices = list(source.devices())

        asked = [seen.path.rpartition("/")[2] for seen in running.log]

    assert asked == ["getDeviceCompositeInfo"]
    assert len(devices) == 5
    assert sample.missing == {}


@warped
async def test_after_a_restart_the_second_poll_reads_what_the_first_left_out(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        async with connected(running, services) as source:
            before = await source.read()
        async with connected(running, services) as source:
            first = await source.read()
            await elapse(30)
            running.service.log.clear()
            second = await source.read()
        asked = {seen.path.rpartition("/")[2] for seen in running.log}

    assert {reading.device for reading in first.readings} == {reading.device for reading in before.readings}
    assert {"getAccessoryList", "getEntranceInfo", "getDeviceInfoV2", "sendMqtt"} <= asked
    assert metered(second) == metered(before)
    assert metered(first) < metered(second)


@pytest.mark.long
@warped
async def test_after_an_outage_over_midnight_the_new_day_counts_whole(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        await elapse(2 * 3600)
        async with connected(running, services) as source:
            before = one(await source.read(), SolarReading)
        await elapse(24 * 3600)
        async with connected(running, services) as source:
            after = one(await source.read(), SolarReading)
        auth = PasswordAuth(ACCOUNT, "secret")
        async with Client(auth, running.stations[0].serial, base_url=running.url) as client:
            today_wh = (await client.get_stats()).totals.solar * 1000.0

    assert today_wh > before.energy_wh > 1000
    assert after.energy_wh == pytest.approx(before.energy_wh + today_wh, abs=50)


@warped
async def test_a_clock_that_is_set_into_the_next_day_counts_nothing_twice(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        await elapse(2 * 3600)
        clock = services.clock = SetClock(services.clock)
        async with connected(running, services) as source:
            before = one(await source.read(), SolarReading)
            await elapse(30)
            clock.ahead = timedelta(hours=20)
            after = one(await source.read(), SolarReading)

    assert 0 <= after.energy_wh - before.energy_wh < 200


class SetClock:
    """One that somebody sets."""

    speed = 1.0

    def __init__(self, right: Clock) -> None:
        self._right = right
        self.ahead = timedelta()

    def now(self) -> datetime:
        return self._right.now() + self.ahead

    async def sleep_until(self, at: datetime) -> None:
        await self._right.sleep_until(at - self.ahead)


def metered(sample: Sample) -> set[DeviceId]:
    return {reading.device for reading in sample.readings if getattr(reading, "power_w", None) is not None}


@warped
async def test_an_accounts_only_gateway_is_remembered_until_it_is_another(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        config = FranklinWHConfig(
            url=str(running.ready["url"]).replace("/10060005A02X00000001", "/"), name="annex"
        )
        async with connect(config, services) as source:
            await source.read()
        running.service.log.clear()
        async with connect(config, services) as source:
            await source.read()
        asked = [seen.path.rpartition("/")[2] for seen in running.log]
        await services.remember("franklinwh.only/" + config.account, "10060005A02X99999999")
        with pytest.raises(BadAnswer, match="No vpn gateway"):
            async with connect(config, services) as source:
                await source.read()
        async with connect(config, services) as source:
            serial = source.line.serial

    assert asked == ["getDeviceCompositeInfo"]
    assert serial == "10060005A02X00000001"


@warped
async def test_a_kept_token_that_is_not_taken_any_more_is_replaced(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        async with connected(running, services) as source:
            await source.read()
        await services.remember_secret(f"franklinwh/{ACCOUNT}", "APP_ACCOUNT::stale")
        running.service.log.clear()
        async with connected(running, services) as source:
            await source.read()
        asked = [seen.path.rpartition("/")[2] for seen in running.log]
        kept = await services.recall_secret(f"franklinwh/{ACCOUNT}")

    assert asked == ["getDeviceCompositeInfo", "appUserOrInstallerLogin", "getDeviceCompositeInfo"]
    assert kept not in (None, "APP_ACCOUNT::stale")


@pytest.mark.long
@pytest.mark.parametrize("fault", [{"name": "cdn-error", "code": 502}, {"name": "empty-body"}])
@pytest.mark.parametrize("path", ["getAccessoryList", "getDeviceInfoV2"])
def test_an_answer_that_could_not_be_read_takes_no_device_away(
    cloud: Any, fault: Mapping[str, Any], path: str
) -> None:
    @warped
    async def look() -> None:
        async with served(cloud) as (running, services):
            await running.act("fault", path=path, **fault)
            with pytest.raises(BadAnswer, match="what is fitted"):
                async with connected(running, services):
                    pass
            await running.act("clear_faults")
            async with connected(running, services) as source:
                await running.act("fault", path=path, **fault)
                await elapse(7 * 3600)
                sample = await source.read()

                assert len(source.devices()) == 5
        assert "what is fitted" in sample.missing

    look()


@warped
async def test_totals_go_on_over_a_restart(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        async with connected(running, services) as source:
            await elapse(3600)
            before = one(await source.read(), LoadReading)
        async with connected(running, services) as source:
            after = one(await source.read(), LoadReading)

    assert isinstance(before, LoadReading)
    assert isinstance(after, LoadReading)
    assert 0 < (before.energy_wh or 0) <= (after.energy_wh or 0)


@warped
async def test_an_outage_starts_the_generator_and_is_told(cloud: Any) -> None:
    extras = {"soc": "10", "delay-scale": "0"}
    async with served(cloud, **extras) as (running, services), connected(running, services) as source:
        await running.act("outage")
        await elapse(300)
        sample = await source.read()

    grid, generator = one(sample, GridReading), one(sample, GeneratorReading)
    assert isinstance(grid, GridReading)
    assert isinstance(generator, GeneratorReading)
    assert (grid.connected, generator.running) == (False, True)
    assert (generator.power_w or 0) > 100


@warped
async def test_the_port_can_be_switched_while_off_grid_only(cloud: Any) -> None:
    async with served(cloud) as (running, services), connected(running, services) as source:
        await source.read()
        assert source.ability(PORT, SWITCHES) is None
        leaving = source.ability(GATEWAY, LEAVES_GRID)
        assert leaving is not None
        left = await leaving.leave_grid(1)
        await running.act("plug_vehicle", power_w=2800, direction="out")
        await source.read()
        port = source.ability(PORT, SWITCHES)
        assert port is not None
        receipt = await port.switch(1)
        await elapse(60)
        reading = one(await source.read(), VehiclePortReading)

    assert (left.outcome, receipt.outcome) == (Outcome.CONFIRMED, Outcome.CONFIRMED)
    assert isinstance(reading, VehiclePortReading)
    assert (reading.active, round(reading.power_w or 0, -2)) == (True, 2800)


@warped
async def test_commands_become_receipts(cloud: Any) -> None:
    async with served(cloud) as (running, services), connected(running, services) as source:
        reserve = source.ability(GATEWAY, SETS_RESERVE)
        mode = source.ability(GATEWAY, SELECTS_MODE)
        automatic = source.ability(GENERATOR, RUNS_AUTOMATICALLY)
        assert reserve is not None
        assert mode is not None
        assert automatic is not None
        receipts = [
            await reserve.set_reserve(35),
            await mode.select_mode(1),
            await automatic.run_automatically(0),
        ]
        await mode.select_mode(3)
        await source.read()
        kept_full = source.ability(GATEWAY, SETS_RESERVE)

    assert [(receipt.outcome, receipt.read_back) for receipt in receipts] == [
        (Outcome.CONFIRMED, 35),
        (Outcome.CONFIRMED, 1),
        (Outcome.CONFIRMED, 0),
    ]
    assert kept_full is None


@warped
async def test_a_write_that_is_dropped_or_queued_is_told_so(cloud: Any) -> None:
    async with served(cloud) as (running, services), connected(running, services) as source:
        reserve = source.ability(GATEWAY, SETS_RESERVE)
        assert reserve is not None
        await running.act("fault", name="silent_discard")
        dropped = await reserve.set_reserve(45)
        await running.act("clear_faults")
        mode = source.ability(GATEWAY, SELECTS_MODE)
        assert mode is not None
        await running.act("offline")
        queued = await mode.select_mode(1)

    assert dropped.outcome is Outcome.DIFFERENT
    assert queued.outcome is Outcome.SENT
    assert "offline" in queued.reason


@warped
async def test_a_stored_answer_never_moves_anything_back(cloud: Any) -> None:
    async with served(cloud) as (running, services), connected(running, services) as source:
        await elapse(1800)
        live = await source.read()
        await running.act("fault", name="gateway_slow")
        await elapse(30)
        stored = await source.read()

    assert {reading.quality for reading in stored.readings} == {Quality.STALE}
    assert {reading.at for reading in stored.readings} == {live.at}
    assert stored.missing["live data"] == "stored_answer"
    assert one(stored, LoadReading).energy_wh == one(live, LoadReading).energy_wh  # type: ignore[attr-defined] - as asked for


@warped
async def test_a_gateway_that_is_away_is_told_as_it_was_and_marked(cloud: Any) -> None:
    async with served(cloud) as (running, services), connected(running, services) as source:
        live = await source.read()
        await running.act("offline")
        await elapse(60)
        away = await source.read()

    assert {reading.quality for reading in away.readings} == {Quality.STALE}
    assert {reading.at for reading in away.readings} == {live.at}


@warped
async def test_a_gateway_that_was_never_heard_is_one_of_our_errors(cloud: Any) -> None:
    async with served(cloud) as (running, services):
        await running.act("offline")
        async with connected(running, services) as source:
            with pytest.raises(BadAnswer, match="has not answered yet"):
                await source.read()
