from __future__ import annotations

import statistics
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.world import Bus, Household, Place

MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
LIVE = Bus(MONDAY, True, 230.0, 50.0, 0.0)
DEAD = Bus(MONDAY, False, 0.0, 0.0, 0.0)
UTC_HOME = Place(utc_offset_s=0.0)


def mean_w(home: Household, from_h: float, to_h: float, days: int) -> float:
    midnight_s = MONDAY.timestamp()
    return statistics.mean(
        home.demand_w(midnight_s + day * 86_400 + second_s)
        for day in range(days)
        for second_s in range(int(from_h * 3600), int(to_h * 3600), 30)
    )


def test_a_day_uses_about_what_a_small_family_uses() -> None:
    assert 8_000.0 < mean_w(Household(UTC_HOME), 0.0, 24.0, 14) * 24.0 < 13_000.0


def test_the_night_is_quiet_and_the_peaks_stand_out() -> None:
    home = Household(UTC_HOME)

    assert mean_w(home, 1.0, 4.0, 7) == pytest.approx(250.0, rel=0.03)
    assert mean_w(home, 6.5, 8.0, 7) > 500.0
    assert mean_w(home, 18.5, 20.5, 7) > 700.0


def test_appliances_step_up_and_down() -> None:
    home = Household(UTC_HOME)
    day_w = [home.demand_w(MONDAY.timestamp() + second_s) for second_s in range(0, 86_400, 10)]

    assert max(after - before for before, after in pairwise(day_w)) > 1_400.0


@given(seconds=st.lists(st.integers(0, 10**6), min_size=1, max_size=10), seed=st.integers())
def test_the_demand_is_a_pure_function_of_time_and_seed(seconds: list[int], seed: int) -> None:
    home = Household(UTC_HOME, seed=seed)

    for second_s in seconds:
        assert home.demand_w(second_s) == Household(UTC_HOME, seed=seed).demand_w(second_s) >= 0.0


def test_the_meter_counts_what_was_drawn_and_stands_still_without_power() -> None:
    home = Household(UTC_HOME, appliances=())

    drawn_w = home.step(LIVE, 1.0)
    assert home.consumed_wh == pytest.approx(-drawn_w / 3600.0)
    assert home.step(DEAD, 1.0) == 0.0
    assert home.consumed_wh == pytest.approx(-drawn_w / 3600.0)
