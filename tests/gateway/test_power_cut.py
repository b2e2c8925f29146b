"""What a running gateway had on its disk when the power went, opened again."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from ohmstead.gateway import Gateway
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import NOON, Home

POLL_S = 30.0


async def cut_power(home: Home, gateway: Gateway, directory: Path) -> Home:
    """The same home from the files as they are now, a minute later."""
    await gateway.history.flush()
    shutil.copytree(home.directory, directory, dirs_exist_ok=True)
    after = Home(directory)
    after.configs = home.configs
    after.starts_at = gateway.clock.now() + timedelta(minutes=1)
    return after


def total_wh(gateway: Gateway) -> float | None:
    (reading,) = gateway.devices()[0].readings
    return reading.energy_wh


@warped
async def test_seconds_after_a_counter_was_reset_nothing_of_its_total_is_lost(
    home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    roof = home.add("roof")
    roof.energy_wh = 5000.0
    async with home.open() as gateway:
        await elapse(20)
        for counted_wh in (5001.0, 0.0, 1.0, 2.0, 3.0):
            roof.energy_wh = counted_wh
            await elapse(POLL_S)
        assert total_wh(gateway) == 5004.0
        later = await cut_power(home, gateway, tmp_path_factory.mktemp("image"))
    roof.energy_wh = 4.0
    async with later.open() as gateway:
        await elapse(1)
        assert total_wh(gateway) == 5005.0


@warped
async def test_the_minutes_without_power_are_a_gap(
    home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home.add("roof")
    async with home.open() as gateway:
        await elapse(20)
        later = await cut_power(home, gateway, tmp_path_factory.mktemp("image"))
    later.starts_at = NOON + timedelta(minutes=10)
    async with later.open() as gateway:
        await elapse(2)
        (gap,) = await gateway.history.gaps(NOON, later.starts_at)
    assert (gap.source, gap.first_at, gap.polls) == ("roof", NOON + timedelta(seconds=30), 19)
    assert gap.reason.startswith("nobody asked: the gateway was not running")


@warped
async def test_a_device_that_was_away_before_the_power_was_has_one_reason_for_each_time(
    home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    roof = home.add("roof")
    async with home.open() as gateway:
        await elapse(20)
        roof.is_away = True
        await elapse(300)
        later = await cut_power(home, gateway, tmp_path_factory.mktemp("image"))
    later.starts_at = NOON + timedelta(minutes=10)
    roof.is_away = False
    async with later.open() as gateway:
        await elapse(2)
        away, off = await gateway.history.gaps(NOON, later.starts_at)
    assert (away.first_at, away.polls) == (NOON + timedelta(seconds=30), 9)
    assert (off.first_at, off.polls) == (NOON + timedelta(seconds=300), 10)
    assert off.reason.startswith("nobody asked")


@warped
async def test_a_total_that_rose_since_it_was_saved_does_not_fall(
    home: Home, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The device's counter was lost in the same power cut."""
    roof = home.add("roof")
    roof.energy_wh = 5000.0
    async with home.open() as gateway:
        await elapse(20)
        for counted_wh in (5001.0, 5002.0, 5003.0):
            roof.energy_wh = counted_wh
            await elapse(POLL_S)
        later = await cut_power(home, gateway, tmp_path_factory.mktemp("image"))
    roof.energy_wh = 0.0
    async with later.open() as gateway:
        await elapse(4 * POLL_S)
        assert total_wh(gateway) == 5003.0
