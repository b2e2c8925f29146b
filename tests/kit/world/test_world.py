from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.kit.world import Bus, Cells, Household, Panel, Place, World
from ohmstead.model import ScaledClock
from ohmstead.testing import elapse, warp

LeapClock = LeapClocks = Any  # conftest's class and its type: a test cannot import them

MORNING = datetime(2025, 6, 21, 7, 30, tzinfo=UTC)


class Inverter:
    def __init__(self, world: World) -> None:
        self._world = world
        self._panel = Panel(800.0)

    def step(self, bus: Bus, dt_s: float) -> float:
        return self._panel.operate(self._world, bus.at).power_w if bus.energised else 0.0


class Battery:
    """Follows the house connection, and keeps the diary of all buses."""

    def __init__(self) -> None:
        self.cells = Cells(5_000.0)
        self.diary: list[Bus] = []

    def step(self, bus: Bus, dt_s: float) -> float:
        self.diary.append(bus)
        return self.cells.exchange(self.cells.power_w + 0.5 * bus.grid_w, dt_s) if bus.energised else 0.0


def a_home(clock: LeapClock, seed: int = 1) -> tuple[World, Battery]:
    world = World(clock, seed=seed)
    battery = Battery()
    world.attach("inverter", Inverter(world))
    world.attach("household", Household(world.place, seed=world.seed))
    world.attach("battery", battery)
    return world, battery


def diary(leap_clock: LeapClocks, leaps_s: list[float], seed: int = 1) -> bytes:
    clock = leap_clock(MORNING)
    world, battery = a_home(clock, seed)
    for leap_s in leaps_s:
        clock.leap(leap_s)
        world.catch_up()
    return msgspec.json.encode((battery.diary, battery.cells.stored_wh, world.grid.imported_wh))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(leap_clock: LeapClocks) -> None:
    assert diary(leap_clock, [900.0]) == diary(leap_clock, [900.0])
    assert diary(leap_clock, [900.0]) != diary(leap_clock, [900.0], seed=2)


@settings(deadline=None, max_examples=25)
@given(cuts_s=st.lists(st.floats(0.0, 1_200.0), max_size=20))
def test_it_does_not_matter_how_often_the_world_is_caught_up(
    leap_clock: LeapClocks, cuts_s: list[float]
) -> None:
    instants_s = [0.0, *sorted(round(cut_s, 3) for cut_s in cuts_s), 1_200.0]
    leaps_s = [later_s - earlier_s for earlier_s, later_s in pairwise(instants_s)]

    assert diary(leap_clock, leaps_s) == diary(leap_clock, [1_200.0])


def test_an_event_falls_in_its_own_second_however_rarely_the_world_was_caught_up(clock: LeapClock) -> None:
    world, battery = a_home(clock)
    clock.leap(600)
    world.grid.fail()
    clock.leap(600)
    world.grid.restore()
    clock.leap(600)
    world.catch_up()

    assert [bus.energised for bus in battery.diary] == [True] * 600 + [False] * 601 + [True] * 599


def test_weather_that_is_set_changes_nothing_that_was_before(clock: LeapClock) -> None:
    clock.at = MORNING
    world, _ = a_home(clock)
    clock.leap(60)
    world.weather.set_clouds(0.08)

    assert world.at == MORNING + timedelta(seconds=60)


def test_fractions_of_a_second_wait(clock: LeapClock) -> None:
    world, battery = a_home(clock)
    clock.leap(0.9)
    world.catch_up()
    assert not battery.diary
    clock.leap(0.2)
    world.catch_up()
    assert len(battery.diary) == 1


def test_a_clock_that_is_set_is_followed_without_living_the_time_between(clock: LeapClock) -> None:
    world, battery = a_home(clock)
    clock.leap(365 * 86_400)
    world.catch_up()
    clock.leap(-3_600)
    world.catch_up()

    assert len(battery.diary) == 2
    assert world.at == clock.at


def test_a_clock_that_falls_back_a_little_is_waited_for(clock: LeapClock) -> None:
    world, battery = a_home(clock)
    for leap_s in (10, -5, 5, 1):
        clock.leap(leap_s)
        world.catch_up()

    assert len(battery.diary) == 11


def test_names_are_unique_and_unknown_ones_are_refused(clock: LeapClock) -> None:
    world, battery = a_home(clock)

    with pytest.raises(ValueError, match="already attached to 'main'"):
        world.attach("battery", battery, circuit="annex")
    with pytest.raises(
        ValueError, match="no terminal 'roof' in this world, only inverter, household, battery"
    ):
        world.power_w("roof")
    world.detach("battery")
    world.attach("battery", battery, circuit="annex")
    clock.leap(1)
    world.catch_up()
    assert set(world.circuit("annex").power_w) == {"battery"}


def test_randomness_is_the_user_s_own_and_repeats(clock: LeapClock) -> None:
    world = World(clock, seed=3)

    assert world.random("inverter").random() == World(clock, seed=3).random("inverter").random()
    assert world.random("inverter").random() != world.random("meter").random()


def test_the_running_world_keeps_up_with_a_fast_clock() -> None:
    async def an_hour() -> tuple[timedelta, int]:
        clock = ScaledClock(MORNING, speed=60.0)
        world, battery = a_home(clock)
        async with asyncio.TaskGroup() as group:
            task = group.create_task(world.run())
            await elapse(60.0)
            task.cancel()
        return clock.now() - world.at, len(battery.diary)

    lag, lived = warp.run(an_hour())
    assert timedelta(0) <= lag <= timedelta(seconds=16)
    assert lived > 3_580


def test_others_have_their_turn_while_the_world_catches_up() -> None:
    async def turns() -> int:
        clock = ScaledClock(MORNING, speed=40_000.0)
        world, _ = a_home(clock)
        await elapse(1.0)
        count = 0
        async with asyncio.TaskGroup() as group:
            task = group.create_task(world.run())
            while world.at < clock.now():
                await asyncio.sleep(0)
                count += 1
            task.cancel()
        return count

    assert warp.run(turns()) >= 8


def test_places_off_the_earth_are_refused() -> None:
    for odd in ((91.0, 0.0, 0.0), (0.0, -181.0, 0.0), (0.0, 0.0, 86_400.0), (float("nan"), 0.0, 0.0)):
        with pytest.raises(ValueError, match="not"):
            Place(*odd)
