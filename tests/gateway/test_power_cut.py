"""What a running gateway had on its disk when the power went, opened again."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from ohmstead.gateway import Gateway
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import NOON, Home, Toy

POLL_S = 30.0


@asynccontextmanager
async def lit(home: Home) -> AsyncIterator[Gateway]:
    """A gateway that has asked once."""
    async with home.open() as gateway:
        await elapse(20)
        yield gateway


async def cut_power(gateway: Gateway, home: Home, image: Path) -> Home:
    """The same home from the files as they are now, a minute later."""
    await gateway.history.flush()
    shutil.copytree(home.directory, image, dirs_exist_ok=True)
    after = Home(image)
    after.configs = home.configs
    after.starts_at = gateway.clock.now() + timedelta(minutes=1)
    return after


@pytest.fixture
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is on the disk when the power goes."""
    return tmp_path_factory.mktemp("image")


@pytest.fixture
def roof(home: Home) -> Toy:
    toy = home.add("roof")
    toy.energy_wh = 5000.0
    return toy


async def count(roof: Toy, *totals_wh: float) -> None:
    """One total after the other, a poll each."""
    for total_wh in totals_wh:
        roof.energy_wh = total_wh
        await elapse(POLL_S)


def total_wh(gateway: Gateway) -> float | None:
    (reading,) = gateway.devices()[0].readings
    return reading.energy_wh


@warped
async def test_seconds_after_a_counter_was_reset_nothing_of_its_total_is_lost(
    home: Home, roof: Toy, image: Path
) -> None:
    async with lit(home) as gateway:
        await count(roof, 5001.0, 0.0, 1.0, 2.0, 3.0)
        assert total_wh(gateway) == 5004.0
        later = await cut_power(gateway, home, image)
    roof.energy_wh = 4.0
    async with later.open() as gateway:
        await elapse(1)
        assert total_wh(gateway) == 5005.0


@pytest.mark.usefixtures("roof")
@warped
async def test_the_minutes_without_power_are_a_gap(home: Home, image: Path) -> None:
    async with lit(home) as gateway:
        later = await cut_power(gateway, home, image)
    later.starts_at = NOON + timedelta(minutes=10)
    async with later.open() as gateway:
        await elapse(2)
        (gap,) = await gateway.history.gaps(NOON, later.starts_at)
    assert (gap.source, gap.first_at, gap.polls) == ("roof", NOON + timedelta(seconds=30), 19)
    assert gap.reason.startswith("nobody asked: the gateway was not running")


@warped
async def test_a_device_that_was_away_before_the_power_was_has_one_reason_for_each_time(
    home: Home, roof: Toy, image: Path
) -> None:
    async with lit(home) as gateway:
        roof.is_away = True
        await elapse(300)
        later = await cut_power(gateway, home, image)
    later.starts_at = NOON + timedelta(minutes=10)
    roof.is_away = False
    async with later.open() as gateway:
        await elapse(2)
        away, off = await gateway.history.gaps(NOON, later.starts_at)
    assert (away.first_at, away.polls) == (NOON + timedelta(seconds=30), 9)
    assert (off.first_at, off.polls) == (NOON + timedelta(seconds=300), 10)
    assert off.reason.startswith("nobody asked")


@warped
async def test_a_total_that_rose_since_it_was_saved_does_not_fall(home: Home, roof: Toy, image: Path) -> None:
    """The device's counter was lost in the same power cut."""
    async with lit(home) as gateway:
        await count(roof, 5001.0, 5002.0, 5003.0)
        later = await cut_power(gateway, home, image)
    roof.energy_wh = 0.0
    async with later.open() as gateway:
        await elapse(4 * POLL_S)
        assert total_wh(gateway) == 5003.0
