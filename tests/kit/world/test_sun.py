from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ohmstead.kit.world import Place, clear_sky_w_m2, plane_w_m2, sun_position
from ohmstead.kit.world.sun import SunPosition, declination_deg, equation_of_time_min

GREENWICH = Place(51.48, 0.0, 0.0)


@pytest.mark.parametrize(("day_of_year", "angle_deg"), [(172, 23.45), (355, -23.45), (81, 0.0), (264, 0.0)])
def test_the_declination_is_right_on_the_four_corners_of_the_year(day_of_year: int, angle_deg: float) -> None:
    assert declination_deg(day_of_year) == pytest.approx(angle_deg, abs=0.3)


@pytest.mark.parametrize(("day_of_year", "ahead_min"), [(42, -14.5), (307, 16.4), (105, 0.0), (245, 0.0)])
def test_the_sundial_runs_ahead_and_behind_as_it_does(day_of_year: int, ahead_min: float) -> None:
    assert equation_of_time_min(day_of_year) == pytest.approx(ahead_min, abs=1.0)


@pytest.mark.parametrize(
    ("place", "noon", "elevation_deg", "azimuth_deg"),
    [
        (GREENWICH, datetime(2025, 6, 21, 12, 2, tzinfo=UTC), 61.95, 180.0),
        (GREENWICH, datetime(2025, 12, 21, 11, 58, tzinfo=UTC), 15.1, 180.0),
        (Place(0.0, 0.0, 0.0), datetime(2025, 3, 20, 12, 7, tzinfo=UTC), 90.0, None),
        (Place(-33.87, 151.21, 36000.0), datetime(2025, 12, 21, 1, 53, tzinfo=UTC), 79.6, 0.0),
    ],
)
def test_the_noon_sun_stands_where_almanacs_say(
    place: Place, noon: datetime, elevation_deg: float, azimuth_deg: float | None
) -> None:
    sun = sun_position(place, noon)

    assert sun.elevation_deg == pytest.approx(elevation_deg, abs=1.0)
    if azimuth_deg is not None:
        assert (sun.azimuth_deg - azimuth_deg + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=1.5)


def test_the_sun_rises_in_the_east_and_sets_in_the_west() -> None:
    rising = sun_position(GREENWICH, datetime(2025, 3, 20, 6, 10, tzinfo=UTC))
    setting = sun_position(GREENWICH, datetime(2025, 3, 20, 18, 5, tzinfo=UTC))

    assert (rising.elevation_deg, rising.azimuth_deg) == (
        pytest.approx(0.0, abs=1.0),
        pytest.approx(90.0, abs=1.5),
    )
    assert (setting.elevation_deg, setting.azimuth_deg) == (
        pytest.approx(0.0, abs=1.0),
        pytest.approx(270.0, abs=1.5),
    )


def test_the_midnight_sun_shines_in_the_north_beyond_the_circle() -> None:
    sun = sun_position(Place(70.0, 20.0, 3600.0), datetime(2025, 6, 21, 22, 42, tzinfo=UTC))

    assert sun.elevation_deg == pytest.approx(3.4, abs=0.5)
    assert abs((sun.azimuth_deg + 180.0) % 360.0 - 180.0) < 2.0


def test_light_on_level_ground_follows_the_clear_sky_formula() -> None:
    assert clear_sky_w_m2(SunPosition(30.0, 180.0)) == pytest.approx(487.9, abs=0.1)
    assert clear_sky_w_m2(SunPosition(90.0, 180.0)) == pytest.approx(1035.1, abs=0.1)
    assert clear_sky_w_m2(SunPosition(0.2, 90.0)) == 0.0
    assert clear_sky_w_m2(SunPosition(-10.0, 0.0)) == 0.0


def test_a_level_panel_gets_what_the_ground_gets() -> None:
    sun = SunPosition(40.0, 150.0)

    assert plane_w_m2(sun, 0.0, 180.0, 1.0) == pytest.approx(clear_sky_w_m2(sun))


def test_a_panel_turned_away_keeps_the_light_of_sky_and_ground_only() -> None:
    low_in_the_west = SunPosition(20.0, 270.0)

    # 15 % of 316.03 W/m² from half the sky, and a tenth of it from the ground.
    assert plane_w_m2(low_in_the_west, 90.0, 90.0, 1.0) == pytest.approx(316.03 * (0.075 + 0.1), abs=0.05)


def test_under_the_thickest_cloud_all_directions_are_nearly_alike() -> None:
    sun = SunPosition(50.0, 180.0)

    assert plane_w_m2(sun, 30.0, 180.0, 0.08) == pytest.approx(plane_w_m2(sun, 30.0, 0.0, 0.08))
