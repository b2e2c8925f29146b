"""The source: vendor words in, model words out; limits through the window."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig, address
from ohmstead.families.tesla_wall_connector.device import connect
from ohmstead.families.tesla_wall_connector.simulator import simulate
from ohmstead.kit.link import tcp
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import (
    LIMITS_CURRENT,
    ChargerState,
    ConfigError,
    OhmsteadError,
    Outcome,
    ScaledClock,
    SimulatorOptions,
    Unsafe,
    WriteClass,
)
from ohmstead.testing import elapse, warped
from tests.families.tesla_wall_connector.living import MORNING, Home, home, polled


@warped
async def test_a_charging_car_is_a_charger_reading_with_power_and_energy() -> None:
    async with home(plugged="true") as here:
        empty = await here.reading()
        await elapse(120)
        first = await here.reading()
        await elapse(600)
        later = await here.reading()

    assert empty.energy_wh == 0.0
    assert (first.state, first.phases) == (ChargerState.CHARGING, 3)
    assert first.power_w == pytest.approx(3 * 230 * 16, rel=0.05)
    assert later.energy_wh is not None
    assert first.energy_wh is not None
    assert later.energy_wh - first.energy_wh == pytest.approx((first.power_w or 0.0) / 6, rel=0.02)


@pytest.mark.parametrize("model", ["24.36.3-us2", "21.8.5-us1"])
@warped
async def test_split_phase_is_recognised_without_asking(model: str) -> None:
    async with home(model, plugged="true") as here:
        await elapse(180)
        reading = await here.reading()
        drawn_w = here.simulator.stations[0].unit.drawn_w

    assert reading.phases == 1
    assert reading.power_w == pytest.approx(drawn_w, rel=0.03)


@warped
async def test_every_field_of_the_unit_is_a_detail_and_what_identifies_the_owner_is_secret() -> None:
    async with home() as here:
        for _ in range(4):
            sample = await here.source.read()
            await elapse(5)
        (details,) = sample.details.values()
    found = {detail.key: detail for detail in details}

    assert {"grid_v", "evse_state", "lifetime_energy_wh", "wifi_rssi", "version_firmware_version"} <= set(
        found
    )
    assert found["version_serial_number"].secret
    assert found["wifi_ssid"].secret
    assert "unfit for billing" in found["lifetime_energy_wh"].label
    assert found["access_window"].value == "open"


@warped
async def test_who_is_there_is_remembered_and_the_first_reading_is_one_request() -> None:
    clock = ScaledClock(MORNING)
    seen: list[str] = []
    services = LocalServices(
        clock, lambda way, data: seen.append(data.split()[1].decode()) if way == ">" else None
    )
    world = World(clock)
    options = SimulatorOptions(extras={"latency": "none", "drop-outs": "0"})
    async with simulate(options, world) as simulator:
        config = TeslaWallConnectorConfig(
            url=f"tesla-wall-connector://127.0.0.1:{simulator.endpoints['lan']}", name="drive"
        )
        for _ in range(2):
            async with connect(config, services) as source:
                await source.read()
                await source.read()

    assert seen == [
        *("/api/1/version", "/api/1/vitals", "/api/1/vitals", "/api/1/lifetime"),
        *("/api/1/vitals", "/api/1/vitals", "/api/1/version"),
    ]


@warped
async def test_a_limit_is_confirmed_by_reading_back() -> None:
    async with home(plugged="true") as here:
        receipt = await here.limit.limit_current(10)
        await elapse(60)
        reading = await here.reading()

    assert (receipt.outcome, receipt.read_back) == (Outcome.CONFIRMED, 10.0)
    assert reading.limit_a == 10.0
    assert reading.power_w == pytest.approx(3 * 230 * 10, rel=0.05)


@warped
async def test_where_temporary_limits_work_a_car_can_be_stopped_and_no_flash_is_written() -> None:
    async with home("25.34.1-eu3", plugged="true") as here:
        before = here.limit.envelope
        await here.limit.limit_current(10)
        after = here.limit.envelope
        receipt = await here.limit.limit_current(0)
        writes = {detail.key: detail.value for detail in here.limit.details()}["flash_writes"]

    assert (before.write_class, after.write_class) == (WriteClass.FLASH, WriteClass.VOLATILE)
    assert after.allowed[0].high == 0.0
    assert receipt.outcome is Outcome.CONFIRMED
    assert writes == 0


@pytest.mark.long
@warped
async def test_writes_of_yesterday_are_not_counted_among_todays() -> None:
    def written(here: Home) -> tuple[object, object]:
        told = {detail.key: detail.value for detail in here.limit.details()}
        return told["flash_writes_today"], told["flash_writes"]

    async with home() as here:
        await here.limit.limit_current(10)
        assert written(here) == (1, 1)
        await elapse(25 * 3600)
        assert written(here) == (0, 1)


@warped
async def test_nothing_above_the_installers_limit_is_sent() -> None:
    async with home() as here:
        ceiling_a = here.limit.envelope.allowed[-1].high
        with pytest.raises(Unsafe):
            await here.limit.limit_current(ceiling_a + 1)


@pytest.mark.long
@warped
async def test_a_wish_with_a_lapsed_window_is_kept_and_set_when_the_button_was_held() -> None:
    async with home(plugged="true") as here:
        await elapse(3 * 3600)
        kept = await here.limit.limit_current(9)
        await here.simulator.act("button", hold_s=6)
        reading = await polled(here, 180)  # asked once a minute, and a unit may be slow just then

    assert kept.outcome is Outcome.REFUSED
    assert "set when the access window opens" in kept.reason
    assert reading.limit_a == 9.0


@warped
async def test_without_an_access_point_a_unit_is_read_only() -> None:
    async with home(has_access_point=False) as here:
        assert here.limit is None
        await here.reading()


@warped
async def test_another_unit_at_the_same_address_is_noticed() -> None:
    async with home() as here:
        memory = here.services._memory
        (who,) = [key for key in memory if ".at." in key]
        (info,) = here.source.devices().values()
        memory[who] = memory[who].replace(info.serial, "XYZ00000000001")
        async with connect(here.source.config, here.services) as source:
            assert "drive/XYZ00000000001" in source.devices()
            await source.read()
            with pytest.raises(OhmsteadError, match="another unit"):
                await source.read()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("tesla-wall-connector://192.0.2.7", ("192.0.2.7", 80)),
        ("192.0.2.7:8080", ("192.0.2.7", 8080)),
        ("tesla-wall-connector://[2001:db8::7]:81", ("2001:db8::7", 81)),
    ],
)
def test_an_address_may_have_a_port(url: str, expected: tuple[str, int]) -> None:
    assert address(url) == expected


def test_an_access_point_may_stand_in_the_url() -> None:
    said = TeslaWallConnectorConfig(url="tesla-wall-connector://192.0.2.7?access_point=192.168.92.1")

    assert said.access_point_address == ("192.168.92.1", 80)
    with pytest.raises(ConfigError, match="names no host"):
        address("tesla-wall-connector://")


@warped
async def test_a_second_device_entry_for_one_unit_reads_and_does_not_write(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with home() as here:
        async with connect(here.source.config, LocalServices(ScaledClock(MORNING))) as second:
            (device,) = second.devices()

            assert (await second.read()).readings
            assert second.ability(device, LIMITS_CURRENT) is None
        assert here.limit is not None

    assert "two writers would wear its memory twice as fast" in caplog.text


def outcomes(here: Home) -> dict[str, object]:
    return {detail.key: detail.value for detail in here.limit.details()}


@warped
async def test_a_unit_that_takes_no_temporary_limit_is_led_by_its_meter_and_writes_nothing() -> None:
    async with home("23.8.2-eu3", plugged="true", conductor_limit_a=100.0) as here:
        before = await polled(here, 120)
        receipt = await here.limit.limit_current(10)
        led = await polled(here, 60)
        await here.limit.limit_current(0)
        stopped = await polled(here, 60)
        envelope, details = here.limit.envelope, outcomes(here)

    assert before.power_w == pytest.approx(3 * 230 * 16, rel=0.05)
    assert (receipt.outcome, receipt.read_back) == (Outcome.SENT, None)
    assert led.power_w == pytest.approx(3 * 230 * 10, rel=0.07)
    assert (stopped.power_w, stopped.state) == (0.0, ChargerState.PAUSED_BY_VEHICLE)
    assert (envelope.write_class, envelope.allowed[0].high) == (WriteClass.VOLATILE, 0.0)
    assert (details["meter_followed"], details["flash_writes"]) == (True, 0)


@warped
async def test_the_meter_leads_while_presence_has_lapsed_and_asks_no_more_than_once_a_minute() -> None:
    async with home("25.34.1-eu3", plugged="true", conductor_limit_a=100.0) as here:
        await polled(here, 120)
        await here.simulator.act("window", lapsed_min=0.0)
        await here.limit.limit_current(9)
        asked = here.simulator.stations[0].access_point.web.requests.total()
        receipt = await here.limit.limit_current(8)
        led = await polled(here, 60)
        await here.limit.limit_current(7)
        asked_later = here.simulator.stations[0].access_point.web.requests.total() - asked

    assert receipt.outcome is Outcome.SENT
    assert asked_later == 1
    assert led.power_w == pytest.approx(3 * 230 * 8, rel=0.07)


@warped
async def test_a_meter_that_has_lost_its_unit_is_replaced_by_the_stored_setting() -> None:
    async with home("23.8.2-eu3", plugged="true", conductor_limit_a=100.0) as here:
        await polled(here, 120)
        await here.limit.limit_current(10)
        listener = here.simulator.stations[0].meter_listener
        assert listener is not None
        await listener.pause()
        listener.drop()
        await polled(here, 20)
        stored_a = here.simulator.stations[0].unit.memory.settings.most_a
        details = outcomes(here)

    assert stored_a == 10
    assert (details["meter_followed"], details["flash_writes"]) == (False, 1)


@pytest.mark.long
@warped
async def test_f10_a_meter_line_that_somebody_else_holds_is_asked_for_politely_and_said() -> None:
    async with home("23.8.2-eu3", plugged="true", conductor_limit_a=100.0) as here:
        (station,) = here.simulator.stations
        assert station.meter is not None
        assert station.meter_listener is not None
        station.meter_listener.drop()
        async with tcp("127.0.0.1", station.meter_listener.port)():
            await polled(here, 600)
            knocks = station.meter.turned_away
            sample = await here.source.read()
        later = await polled(here, 120)
        healed = await here.source.read()

    assert 5 <= knocks <= 60
    assert "somebody else may be using it" in sample.missing["its meter"]
    assert later.power_w
    assert healed.missing == {}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"access_point": "192.168.92.1"}, "conductor limit"),
        ({"access_point": "192.168.92.1", "conductor_limit_a": 5.0}, "conductor limit"),
        ({"conductor_limit_a": 63.0}, "needs the access point"),
    ],
)
def test_a_meter_port_without_what_it_needs_is_a_wrong_setting(settings: dict[str, Any], said: str) -> None:
    config = TeslaWallConnectorConfig(
        url="tesla-wall-connector://192.0.2.7", meter_port="/dev/ttyUSB0", **settings
    )
    with pytest.raises(ConfigError, match=said):
        _ = config.meter_line
