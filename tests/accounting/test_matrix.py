"""Which source fed which sink: the rule, and that it always adds up to the meters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.accounting import SINKS, SOURCES, Amounts, Sink, Source, split
from ohmstead.accounting.amounts import balanced
from ohmstead.accounting.matrix import added

wh = st.one_of(st.just(0.0), st.floats(0.001, 20_000.0))
metered = st.tuples(
    st.dictionaries(st.sampled_from(SOURCES), wh),
    st.dictionaries(st.sampled_from([sink for sink in SINKS if sink is not Sink.HOME]), wh),
    st.one_of(st.none(), wh),
)


def amounts(given_wh: dict[Source, float], taken_wh: dict[Sink, float]) -> Amounts:
    return Amounts(given=given_wh, taken=taken_wh)


@given(metered)
def test_rows_and_columns_add_up_to_the_meters(
    meters: tuple[dict[Source, float], dict[Sink, float], float | None],
) -> None:
    found = balanced(*meters)
    matrix = split(found)
    for source in SOURCES:
        row = sum(amount for pair, amount in matrix.items() if pair[0] is source)
        assert row == pytest.approx(found.given.get(source, 0.0), abs=1e-6)
    for sink in SINKS:
        column = sum(amount for pair, amount in matrix.items() if pair[1] is sink)
        assert column == pytest.approx(found.taken.get(sink, 0.0), abs=1e-6)
    assert all(amount > 0 for amount in matrix.values())


def test_what_is_sold_comes_from_the_roof_while_the_street_feeds_the_home() -> None:
    found = split(amounts({Source.SOLAR: 100.0, Source.GRID: 200.0}, {Sink.GRID: 80.0, Sink.HOME: 220.0}))
    assert found == {
        (Source.SOLAR, Sink.GRID): 80.0,
        (Source.SOLAR, Sink.HOME): 20.0,
        (Source.GRID, Sink.HOME): 200.0,
    }


def test_a_battery_charges_from_roof_and_street_and_not_from_itself() -> None:
    found = split(
        amounts(
            {Source.SOLAR: 60.0, Source.GRID: 60.0, Source.BATTERY: 30.0},
            {Sink.BATTERY: 100.0, Sink.HOME: 50.0},
        )
    )
    assert found == pytest.approx(
        {
            (Source.SOLAR, Sink.BATTERY): 50.0,
            (Source.GRID, Sink.BATTERY): 50.0,
            (Source.SOLAR, Sink.HOME): 10.0,
            (Source.GRID, Sink.HOME): 10.0,
            (Source.BATTERY, Sink.HOME): 30.0,
        }
    )


def test_home_and_car_drink_from_one_mixture() -> None:
    found = split(
        amounts({Source.SOLAR: 300.0, Source.GRID: 100.0}, {Sink.HOME: 100.0, Sink.CHARGERS: 300.0})
    )
    assert found == pytest.approx(
        {
            (Source.SOLAR, Sink.HOME): 75.0,
            (Source.GRID, Sink.HOME): 25.0,
            (Source.SOLAR, Sink.CHARGERS): 225.0,
            (Source.GRID, Sink.CHARGERS): 75.0,
        }
    )


def test_meters_that_leave_no_other_way_are_believed() -> None:
    found = split(amounts({Source.GRID: 50.0}, {Sink.GRID: 50.0}))
    assert found == {(Source.GRID, Sink.GRID): 50.0}


def test_what_no_meter_sees_is_the_homes() -> None:
    found = balanced({Source.GRID: 500.0}, {Sink.CHARGERS: 200.0}, None)
    assert (found.taken[Sink.HOME], found.unaccounted_wh) == (300.0, 0.0)


def test_a_home_meter_that_says_more_than_was_given_is_not_believed_and_told() -> None:
    found = balanced({Source.GRID: 500.0}, {}, 540.0)
    assert (found.taken[Sink.HOME], found.unaccounted_wh) == (500.0, 40.0)


def test_sinks_that_took_more_than_was_given_are_scaled_and_told() -> None:
    found = balanced({Source.SOLAR: 90.0}, {Sink.GRID: 60.0, Sink.BATTERY: 40.0}, None)
    assert found.taken == pytest.approx({Sink.GRID: 54.0, Sink.BATTERY: 36.0, Sink.HOME: 0.0})
    assert found.unaccounted_wh == pytest.approx(10.0)


def test_a_day_is_the_sum_of_its_quarters() -> None:
    one = split(amounts({Source.SOLAR: 10.0}, {Sink.HOME: 10.0}))
    two = split(amounts({Source.SOLAR: 5.0, Source.GRID: 1.0}, {Sink.HOME: 6.0}))
    assert added([one, two]) == {(Source.SOLAR, Sink.HOME): 15.0, (Source.GRID, Sink.HOME): 1.0}
