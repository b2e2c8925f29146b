from __future__ import annotations

import asyncio
import math
from datetime import timedelta

import pytest

from ohmstead.gateway import Order, SiteFile, open_gateway
from ohmstead.model import DeviceId, Outcome, Quality, RealClock
from ohmstead.polling import HealthState
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import NOON, Home


@warped
async def test_a_home_is_live_after_its_first_polls(home: Home) -> None:
    home.add("roof").power_w = 1200.0
    home.add("shed").power_w = 300.0
    async with home.open() as gateway:
        await elapse(1)
        state = gateway.state()
    assert state.flows.solar_w == 1500.0
    roof, shed = state.devices
    assert (roof.id, roof.family, roof.model, roof.serial, roof.firmware) == (
        "roof/1",
        "toy",
        "block",
        "T1",
        "1.0",
    )
    assert (roof.health, roof.reason, roof.last_good_at) == (HealthState.GOOD, "", NOON)
    assert roof.details[0].value == 100.0
    assert list(roof.abilities) == ["limits_solar"]
    assert shed.readings[0].power_w == 300.0


@warped
async def test_a_source_that_never_opened_is_listed_with_its_reason(home: Home) -> None:
    home.add("roof").is_away = True
    async with home.open() as gateway:
        await elapse(1)
        status = gateway.device("roof")
    assert status is not None
    assert (status.family, status.health, status.reason) == (
        "toy",
        HealthState.UNREACHABLE,
        "nobody answers at roof",
    )


@warped
async def test_the_gateway_yields_before_any_device_answers(home: Home) -> None:
    home.add("roof")
    async with home.open() as gateway:
        assert gateway.devices()[0].health is HealthState.STARTING


@warped
async def test_a_device_that_dies_stops_no_other(home: Home) -> None:
    roof, shed = home.add("roof"), home.add("shed")
    async with home.open() as gateway:
        await elapse(65)
        roof.is_away = True
        asked = shed.asked
        await elapse(300)
        assert shed.asked - asked == 10
        assert [status.health for status in gateway.devices()] == [HealthState.UNREACHABLE, HealthState.GOOD]


@warped
async def test_the_last_value_of_a_lost_device_goes_stale_and_leaves_the_flows(home: Home) -> None:
    roof = home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        roof.is_away = True
        await elapse(110)
        assert gateway.flows().solar_w == 100.0
        await elapse(20)
        assert gateway.flows().solar_w is None
        (reading,) = gateway.devices()[0].readings
        assert (reading.power_w, reading.quality) == (100.0, Quality.STALE)


@warped
async def test_what_the_gate_rejects_is_shown_and_never_counted(home: Home) -> None:
    home.add("roof").power_w = math.inf
    async with home.open() as gateway:
        await elapse(1)
        (status,) = gateway.devices()
        assert gateway.flows().solar_w is None
    assert status.readings[0].power_w is None
    assert (status.rejected[0].field, status.rejected[0].value) == ("solar.power_w", "inf")
    assert status.health is HealthState.GOOD


@warped
async def test_samples_and_gaps_are_remembered(home: Home) -> None:
    roof = home.add("roof")
    async with home.open() as gateway:
        await elapse(45)
        roof.is_away = True
        await elapse(50)
        await gateway.history.flush()
        series = await gateway.history.series(
            DeviceId("roof/1"), "solar.power_w", NOON, NOON + timedelta(minutes=2), 60
        )
        gaps = await gateway.history.gaps(NOON, NOON + timedelta(minutes=2), "roof")
    assert [(point.mean, point.count) for point in series.points if point.count] == [(100.0, 2)]
    assert [gap.reason for gap in gaps] == ["nobody answers at roof"]


@warped
async def test_totals_go_on_after_a_reset_that_nobody_watched(home: Home) -> None:
    roof = home.add("roof")
    roof.energy_wh = 5000.0
    async with home.open():
        await elapse(1)
    roof.energy_wh = 2.0
    home.starts_at = NOON + timedelta(hours=1)
    async with home.open() as gateway:
        await elapse(1)
        assert gateway.devices()[0].readings[0].energy_wh is None
        await elapse(90)
        assert gateway.devices()[0].readings[0].energy_wh == 5000.0


@warped
async def test_a_device_gets_its_secret_and_its_tap(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OHMSTEAD_SECRET_ROOF_DOOR", "open sesame")
    toy, tapped = home.add("roof", password="roof/door"), []
    async with home.open(taps={"roof": lambda direction, data: tapped.append((direction, data))}):
        await elapse(1)
    assert toy.told_secret == "open sesame"
    assert tapped == [(">", b"hello")]


@warped
async def test_an_error_of_the_body_leaves_as_it_is(home: Home) -> None:
    home.add("roof")
    with pytest.raises(ZeroDivisionError, match="the face fell"):
        async with home.open():
            raise ZeroDivisionError("the face fell")


@warped
async def test_at_speed_60_a_day_passes_in_24_minutes_of_the_loop(home: Home) -> None:
    toy = home.add("roof")
    home.speed = 60
    async with home.open() as gateway:
        await elapse(24 * 60)
        assert gateway.devices()[0].health is HealthState.GOOD
    assert 1439 <= toy.asked <= 1441


def test_with_threads_and_real_time_it_is_the_same_home(home: Home) -> None:
    toy = home.add("roof", control=True)
    site_file = SiteFile(path=home.directory / "site.toml", devices=tuple(home.configs))
    order = Order(device=DeviceId("roof/1"), ability="limits_solar", value=30.0, origin="test")

    async def live() -> Outcome:
        async with open_gateway(site_file, directory=home.directory, clock=RealClock()) as gateway:
            watch = gateway.watch()
            while not (await anext(watch)).devices[0].readings:
                pass
            return (await gateway.commands.execute(order)).outcome

    assert asyncio.run(live()) is Outcome.CONFIRMED
    assert toy.writes == [30.0]
