"""A gateway that was here before knows what there is before anything has answered."""

from __future__ import annotations

from datetime import UTC, datetime

from ohmstead.gateway.acquaintance import Acquaintance, recalled, told
from ohmstead.model import DeviceConfig, Quality, Site
from ohmstead.polling import HealthState
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import Home

MIDNIGHT = datetime(2025, 6, 1, 22, tzinfo=UTC)


@warped
async def test_a_device_that_is_away_at_the_start_shows_what_it_said_before(home: Home) -> None:
    toy = home.add("roof")
    async with home.open():
        await elapse(1)
    toy.is_away = True
    home.starts_at = MIDNIGHT
    async with home.open() as gateway:
        await elapse(5)
        (status,) = gateway.devices()
    assert (status.id, status.serial, status.health) == ("roof/1", "T1", HealthState.UNREACHABLE)
    assert [(reading.power_w, reading.quality) for reading in status.readings] == [(100.0, Quality.STALE)]


@warped
async def test_an_old_value_is_no_power_of_now(home: Home) -> None:
    toy = home.add("roof")
    async with home.open():
        await elapse(1)
    toy.is_away = True
    home.starts_at = MIDNIGHT
    async with home.open() as gateway:
        await elapse(5)
        assert gateway.flows().solar_w is None


@warped
async def test_a_roof_asleep_since_before_the_start_produces_nothing_and_hides_nothing(home: Home) -> None:
    toy = home.add("roof")
    toy.sleeps_without_sun = True
    home.site = Site(latitude_deg=52.5, longitude_deg=13.4)
    async with home.open():
        await elapse(1)
    toy.is_away = True
    home.starts_at = MIDNIGHT
    async with home.open() as gateway:
        await elapse(60)
        (status,) = gateway.devices()
        assert status.health is HealthState.ASLEEP
        assert gateway.flows().solar_w == 0.0


KNOWN = '{"url":"toy://roof","contract":{"interval_s":30,"shortest_s":1},"devices":[],"readings":[]}'


def test_another_address_is_another_device() -> None:
    known = recalled(KNOWN, DeviceConfig(url="toy://roof", name="roof"))
    assert known is not None
    assert recalled(told(known), DeviceConfig(url="toy://roof", name="roof")) == known
    assert recalled(told(known), DeviceConfig(url="toy://barn", name="roof")) is None


def test_what_another_version_wrote_is_not_known() -> None:
    assert recalled('{"url": "toy://roof"}', DeviceConfig(url="toy://roof", name="roof")) is None
    assert isinstance(recalled(KNOWN, DeviceConfig(url="toy://roof", name="roof")), Acquaintance)
