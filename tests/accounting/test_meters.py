"""From counters to amounts: gaps, missing counters, meters beside each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.accounting import Account, Meter, Sink, Source, amounts_of
from ohmstead.accounting.meters import energies

QUARTER_H = 0.25


def test_a_counter_is_the_truth_and_its_differences_are_the_amounts() -> None:
    meter = Meter(account=Account.IMPORTED, counter_wh=(1000.0, 1100.0, 1100.0, 1350.0))
    assert energies(meter, 3, QUARTER_H) == [100.0, 0.0, 250.0]


def test_what_was_counted_in_a_gap_is_shared_as_the_power_was() -> None:
    meter = Meter(
        account=Account.SOLAR, counter_wh=(0.0, None, None, 600.0), power_w=(1000.0, 2000.0, 3000.0)
    )
    assert energies(meter, 3, QUARTER_H) == pytest.approx([100.0, 200.0, 300.0])


def test_what_was_counted_in_the_dark_is_shared_evenly() -> None:
    meter = Meter(account=Account.SOLAR, counter_wh=(0.0, None, 300.0))
    assert energies(meter, 2, QUARTER_H) == [150.0, 150.0]


def test_power_stands_in_where_there_is_no_counter() -> None:
    meter = Meter(account=Account.CHARGERS, power_w=(4000.0, None, -50.0))
    assert energies(meter, 3, QUARTER_H) == [1000.0, 0.0, 0.0]


def test_power_stands_in_before_the_first_count_and_after_the_last() -> None:
    meter = Meter(account=Account.SOLAR, counter_wh=(None, 100.0, 150.0, None), power_w=(400.0, 400.0, 800.0))
    assert energies(meter, 3, QUARTER_H) == [100.0, 50.0, 200.0]


def test_a_counter_that_says_nothing_at_all_leaves_it_to_the_power() -> None:
    meter = Meter(account=Account.SOLAR, counter_wh=(None, None), power_w=(400.0,))
    assert energies(meter, 1, QUARTER_H) == [100.0]


def test_meters_of_one_account_add_up_and_the_home_takes_what_is_left() -> None:
    (found,) = amounts_of(
        [
            Meter(account=Account.SOLAR, counter_wh=(0.0, 300.0)),
            Meter(account=Account.SOLAR, counter_wh=(50.0, 150.0)),
            Meter(account=Account.EXPORTED, counter_wh=(0.0, 250.0)),
        ],
        1,
        QUARTER_H,
    )
    assert found.given == {Source.SOLAR: 400.0}
    assert found.taken == {Sink.GRID: 250.0, Sink.HOME: 150.0}


counts = st.lists(st.floats(0, 1e6), min_size=2, max_size=20).map(sorted)


@given(counts, st.data())
def test_whatever_is_missing_in_between_the_sum_is_what_the_meter_gained(
    counter_wh: list[float], data: st.DataObject
) -> None:
    holes = data.draw(st.sets(st.integers(1, max(1, len(counter_wh) - 2))))
    seen = [
        None if index in holes and 0 < index < len(counter_wh) - 1 else c
        for index, c in enumerate(counter_wh)
    ]
    stretches = len(counter_wh) - 1
    powers = data.draw(st.lists(st.floats(0, 10_000), min_size=stretches, max_size=stretches))
    meter = Meter(account=Account.IMPORTED, counter_wh=seen, power_w=powers)
    assert sum(energies(meter, stretches, QUARTER_H)) == pytest.approx(
        counter_wh[-1] - counter_wh[0], abs=1e-3
    )
