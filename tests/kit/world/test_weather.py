from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.world import Place, Weather
from ohmstead.kit.world.irradiance import Plane, diffuse_share

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def factors(seed: int, every_s: float, count: int) -> list[float]:
    weather = Weather(Place(), seed=seed)
    return [weather.cloud_factor(NEW_YEAR + timedelta(seconds=every_s * n)) for n in range(count)]


@given(
    seed=st.integers(),
    elapsed_s=st.integers(-1_700_000_000, 5_000_000_000),
)
def test_the_cloud_factor_stays_in_its_range_and_depends_on_seed_and_time_only(
    seed: int, elapsed_s: int
) -> None:
    at = NEW_YEAR + timedelta(seconds=elapsed_s)
    weather, again = Weather(Place(), seed=seed), Weather(Place(), seed=seed)
    again.cloud_factor(NEW_YEAR)

    assert 0.08 <= weather.cloud_factor(at) <= 1.0
    assert weather.cloud_factor(at) == again.cloud_factor(at)


def test_the_sky_is_sometimes_clear_sometimes_overcast_and_mostly_between() -> None:
    year = factors(1, 1800.0, 17520)

    assert 0.45 < statistics.mean(year) < 0.7
    assert sum(factor < 0.25 for factor in year) > 500
    assert sum(factor > 0.9 for factor in year) > 500


def test_clouds_pass_within_minutes_and_never_jump() -> None:
    day = factors(3, 1.0, 86_400)

    assert max(abs(after - before) for before, after in pairwise(day)) < 0.01
    assert statistics.mean(abs(after - before) for before, after in zip(day, day[600:], strict=False)) > 0.02


def test_seeds_make_different_skies() -> None:
    assert factors(1, 600.0, 100) != factors(2, 600.0, 100)


def test_a_sky_that_was_set_holds_until_it_may_change_again() -> None:
    weather = Weather(Place(), seed=1)
    changing = weather.cloud_factor(NEW_YEAR)

    weather.set_clear_sky()
    assert weather.cloud_factor(NEW_YEAR) == 1.0
    weather.set_clouds(0.3)
    assert weather.cloud_factor(NEW_YEAR + timedelta(days=9)) == 0.3
    weather.set_changing()
    assert weather.cloud_factor(NEW_YEAR) == changing


@pytest.mark.parametrize("factor", [0.0, 0.079, 1.01, float("nan")])
def test_an_impossible_cloud_factor_is_refused(factor: float) -> None:
    with pytest.raises(ValueError, match="cloud factor"):
        Weather(Place()).set_clouds(factor)


def test_the_air_is_warmest_at_three_in_the_afternoon_local_time() -> None:
    weather = Weather(Place(utc_offset_s=3600.0))
    weather.set_ambient(18.0, 6.0)

    assert weather.ambient_c(datetime(2025, 6, 1, 14, tzinfo=UTC)) == pytest.approx(24.0)
    assert weather.ambient_c(datetime(2025, 6, 1, 2, tzinfo=UTC)) == pytest.approx(12.0)
    assert weather.ambient_c(datetime(2025, 6, 1, 8, tzinfo=UTC)) == pytest.approx(18.0)


def test_the_sky_s_share_of_the_light_grows_with_the_clouds() -> None:
    assert diffuse_share(1.0) == pytest.approx(0.15)
    assert diffuse_share(0.54) == pytest.approx(0.575)
    assert diffuse_share(0.08) == pytest.approx(1.0)


@given(seconds=st.lists(st.integers(0, 86_400), min_size=1, max_size=20))
def test_light_on_a_plane_does_not_depend_on_the_order_of_the_questions(seconds: list[int]) -> None:
    weather = Weather(Place(), seed=5)
    plane = Plane(Place(), weather, 30.0, 180.0)

    for second_s in seconds:
        at = NEW_YEAR + timedelta(seconds=second_s)
        assert plane.irradiance_w_m2(at) == Plane(Place(), weather, 30.0, 180.0).irradiance_w_m2(at)


def test_a_plane_sees_at_once_that_the_weather_was_changed() -> None:
    weather = Weather(Place(), seed=5)
    plane = Plane(Place(), weather, 30.0, 180.0)
    noon = datetime(2025, 6, 21, 11, 20, tzinfo=UTC)
    weather.set_clear_sky()

    assert plane.irradiance_w_m2(noon) > 900.0
    weather.set_clouds(0.1)
    assert plane.irradiance_w_m2(noon) < 110.0
