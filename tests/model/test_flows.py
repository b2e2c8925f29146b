"""The balance of a home, by table and for any home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.model import (
    BatteryReading,
    ChargerReading,
    DeviceId,
    GeneratorReading,
    GridReading,
    LoadReading,
    Reading,
    Site,
    SolarReading,
    VehiclePortReading,
    flows,
)

NOON = datetime(2024, 6, 21, 12, 0, tzinfo=UTC)
SITE = Site()
KINDS: tuple[type[Reading], ...] = (
    SolarReading,
    GridReading,
    BatteryReading,
    GeneratorReading,
    LoadReading,
    ChargerReading,
    VehiclePortReading,
)


def said(kind: type[Reading], power_w: float | None, device: str = "box/1", age_s: float = 0) -> Reading:
    return kind(device=DeviceId(device), at=NOON - timedelta(seconds=age_s), power_w=power_w)


def test_the_homes_load_is_what_the_sources_feed_and_the_other_sinks_do_not_draw() -> None:
    found = flows(
        [
            said(SolarReading, 3000, "roof/1"),
            said(SolarReading, 500, "roof/2"),
            said(GridReading, -1200),
            said(BatteryReading, -800),
            said(ChargerReading, 1100),
        ],
        SITE,
        NOON,
    )

    assert (found.solar_w, found.grid_w, found.battery_w, found.chargers_w) == (3500, -1200, -800, 1100)
    assert (found.generator_w, found.v2l_w, found.losses_w) == (0, 0, 0)
    assert found.home_w == 400
    assert found.unaccounted_w == 0


def test_a_residual_below_zero_is_shown_as_unaccounted() -> None:
    found = flows([said(SolarReading, 1000), said(GridReading, -1300)], SITE, NOON)

    assert (found.home_w, found.unaccounted_w) == (0, -300)


def test_while_a_source_has_not_spoken_its_power_is_not_charged_to_the_home() -> None:
    said_so_far = [said(SolarReading, 400), said(GridReading, -900)]

    found = flows(said_so_far, SITE, NOON, is_complete=False)
    metered = flows([*said_so_far, said(LoadReading, 250)], SITE, NOON, is_complete=False)

    assert (found.solar_w, found.grid_w, found.home_w, found.unaccounted_w) == (400, -900, None, None)
    assert found.battery_w is None
    assert (metered.home_w, metered.unaccounted_w) == (250, None)


def test_a_metered_home_is_believed_and_the_rest_unaccounted() -> None:
    found = flows([said(GridReading, 900), said(LoadReading, 850)], SITE, NOON)

    assert (found.home_w, found.unaccounted_w) == (850, 50)


def test_a_home_without_a_meter_at_its_grid_does_not_know_its_load() -> None:
    found = flows([said(SolarReading, 1000)], SITE, NOON)

    assert (found.solar_w, found.grid_w, found.home_w, found.unaccounted_w) == (1000, None, None, None)


def test_a_silent_device_makes_its_role_unknown_and_with_it_the_load() -> None:
    found = flows(
        [said(SolarReading, 1000, "roof/1"), said(SolarReading, None, "roof/2"), said(GridReading, 5)],
        SITE,
        NOON,
    )

    assert (found.solar_w, found.home_w, found.unaccounted_w) == (None, None, None)


def test_a_metered_load_is_known_even_when_the_sources_are_not() -> None:
    found = flows([said(LoadReading, 850)], SITE, NOON)

    assert (found.home_w, found.unaccounted_w) == (850, None)


def test_a_reading_that_is_too_old_is_not_known_any_more() -> None:
    readings = [said(SolarReading, 1000, age_s=61), said(GridReading, 5, age_s=60)]

    found = flows(readings, SITE, NOON, longest_age=timedelta(seconds=60))

    assert (found.solar_w, found.grid_w, found.oldest_s) == (None, 5, 61)
    assert flows(readings, SITE, NOON).solar_w == 1000


def test_where_two_meters_see_one_edge_the_master_counts() -> None:
    site = Site(masters={"grid": ("hybrid",)})

    found = flows([said(GridReading, 500, "hybrid/1"), said(GridReading, 480, "roof/meter")], site, NOON)

    assert found.grid_w == 500


def test_nothing_known_is_a_home_of_unknowns() -> None:
    found = flows([], SITE, NOON)

    assert (found.grid_w, found.home_w, found.oldest_s) == (None, None, None)


powers_w = st.floats(-50_000, 50_000)


def homes(power_w: st.SearchStrategy[float | None]) -> st.SearchStrategy[list[Reading]]:
    return st.lists(
        st.builds(said, st.sampled_from(KINDS), power_w, st.sampled_from(["a/1", "b/2"])), max_size=12
    )


def test_what_a_device_loses_between_its_two_sides_is_no_load_of_the_home() -> None:
    inverter = BatteryReading(device=DeviceId("box/1"), at=NOON, power_w=-1000, losses_w=75)
    found = flows([said(SolarReading, 3000), inverter, said(GridReading, -500)], SITE, NOON)

    assert (found.losses_w, found.home_w, found.unaccounted_w) == (75, 1425, 0)


def test_losses_of_long_ago_are_not_known_any_more() -> None:
    old = SolarReading(device=DeviceId("box/1"), at=NOON - timedelta(minutes=9), power_w=3000, losses_w=75)

    assert flows([old, said(GridReading, 0)], SITE, NOON, timedelta(minutes=1)).losses_w == 0


@given(homes(powers_w))
def test_the_balance_holds_whenever_all_parts_are_known(readings: Sequence[Reading]) -> None:
    found = flows(readings, SITE, NOON)
    fed = (found.solar_w, found.grid_w, found.battery_w, found.generator_w)
    drawn = (found.home_w, found.chargers_w, found.v2l_w, found.losses_w, found.unaccounted_w)
    if None in (*fed, *drawn):
        assert found.grid_w is None
        return

    assert sum(p for p in fed if p is not None) == pytest.approx(
        sum(p for p in drawn if p is not None), abs=1e-6
    )


@given(homes(powers_w | st.none()))
def test_an_unmetered_home_never_draws_less_than_nothing(readings: Sequence[Reading]) -> None:
    unmetered = [reading for reading in readings if not isinstance(reading, LoadReading)]

    home_w = flows(unmetered, SITE, NOON).home_w

    assert home_w is None or home_w >= 0


@given(homes(powers_w | st.none()))
def test_the_order_of_the_readings_does_not_matter(readings: list[Reading]) -> None:
    one, other = flows(readings, SITE, NOON), flows(readings[::-1], SITE, NOON)

    assert one.home_w == pytest.approx(other.home_w, abs=1e-6)
    assert one.unaccounted_w == pytest.approx(other.unaccounted_w, abs=1e-6)
