"""Civil time at any speed, and replayed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.model import RealClock, ReplayedClock, ScaledClock
from ohmstead.testing import elapse, warped

START = datetime(2024, 6, 21, 4, 0, tzinfo=UTC)


@warped
async def test_at_speed_one_a_warped_day_is_a_day_to_the_microsecond() -> None:
    clock = ScaledClock(START)
    for minute in range(1, 1_441):
        await clock.sleep_until(START + timedelta(minutes=minute))
        assert clock.now() == START + timedelta(minutes=minute)

    assert asyncio.get_running_loop().time() == 86_400


@warped
async def test_at_speed_sixty_an_hour_takes_a_minute() -> None:
    clock = ScaledClock(START, speed=60)
    await clock.sleep_until(START + timedelta(hours=1))

    assert clock.now() == START + timedelta(hours=1)
    assert asyncio.get_running_loop().time() == 60


@given(
    st.floats(min_value=0.01, max_value=100_000),
    st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
)
@warped
async def test_nobody_wakes_early_at_any_speed(speed: float, ahead: timedelta) -> None:
    clock = ScaledClock(START, speed)
    await clock.sleep_until(START + ahead)

    assert timedelta(0) <= clock.now() - (START + ahead) < timedelta(seconds=1e-6 * speed + 1e-5)


@warped
async def test_an_instant_in_the_past_is_not_waited_for() -> None:
    for clock in (ScaledClock(START), ReplayedClock(START)):
        await clock.sleep_until(START - timedelta(days=1))

    assert asyncio.get_running_loop().time() == 0


@warped
async def test_a_clock_started_in_another_zone_tells_utc() -> None:
    berlin = timezone(timedelta(hours=2))

    for clock in (ScaledClock(START.astimezone(berlin)), ReplayedClock(START.astimezone(berlin))):
        assert clock.now() == START
        assert clock.now().tzinfo is UTC


@warped
async def test_a_replayed_clock_moves_when_told_and_wakes_whoever_is_due() -> None:
    clock = ReplayedClock(START)
    woken: list[int] = []

    async def wait(minute: int) -> None:
        await clock.sleep_until(START + timedelta(minutes=minute))
        woken.append(minute)

    async with asyncio.TaskGroup() as group:
        for minute in (3, 1, 2):
            group.create_task(wait(minute))
        await elapse(1_000)
        assert woken == []
        await clock.play([START + timedelta(minutes=1), START + timedelta(minutes=2)])
        await elapse(0.1)
        assert sorted(woken) == [1, 2]
        await clock.set(START)
        assert clock.now() == START + timedelta(minutes=2), "a recording never runs backwards"
        await clock.set(START + timedelta(days=1))

    assert sorted(woken) == [1, 2, 3]


def test_the_real_clock_tells_aware_utc() -> None:
    assert RealClock().now().tzinfo is UTC
    assert abs(RealClock().now() - datetime.now(UTC)) < timedelta(seconds=10)


@warped
async def test_a_clock_starts_at_an_aware_instant_and_runs_forward() -> None:
    naive = datetime(2024, 6, 21, 4, 0)  # noqa: DTZ001  # what is refused
    for make in (ScaledClock, ReplayedClock):
        with pytest.raises(ValueError, match="starts at an aware instant"):
            make(naive)
    for speed in (0, -1, float("nan")):
        with pytest.raises(ValueError, match="speed is above 0"):
            ScaledClock(START, speed)
