"""What energy cost and emitted, also the part that waited in the battery."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.accounting import Books, Rates, Sink, Source, Value
from ohmstead.accounting.amounts import balanced

NIGHT = Rates(import_per_kwh=0.10, grid_g_per_kwh=100.0, export_per_kwh=0.08)
DAY = Rates(import_per_kwh=0.40, grid_g_per_kwh=400.0, export_per_kwh=0.08)


def test_what_comes_from_the_street_costs_its_price_and_the_sun_nothing() -> None:
    entry = Books().enter(balanced({Source.GRID: 2000.0, Source.SOLAR: 1000.0}, {}, None), DAY)
    assert entry.by_sink == {Sink.HOME: Value(pytest.approx(0.80), pytest.approx(800.0))}


def test_what_is_sold_earns_its_price() -> None:
    entry = Books().enter(balanced({Source.SOLAR: 5000.0}, {Sink.GRID: 5000.0}, None), DAY)
    assert entry.earned == pytest.approx(0.40)
    assert entry.by_sink == {Sink.GRID: Value()}


def test_energy_from_the_battery_costs_what_it_cost_to_charge_it_losses_included() -> None:
    books = Books()
    books.enter(balanced({Source.GRID: 10_000.0}, {Sink.BATTERY: 10_000.0}, None), NIGHT)
    entry = books.enter(balanced({Source.BATTERY: 8800.0}, {}, None), DAY)
    assert entry.by_sink[Sink.HOME].cost == pytest.approx(1.00)
    assert entry.by_sink[Sink.HOME].emitted_g == pytest.approx(1000.0)
    assert books.stored_wh == pytest.approx(0.0)


def test_sun_and_street_in_one_battery_are_one_mixture() -> None:
    books = Books()
    books.enter(balanced({Source.GRID: 5000.0}, {Sink.BATTERY: 5000.0}, None), NIGHT)
    books.enter(balanced({Source.SOLAR: 5000.0}, {Sink.BATTERY: 5000.0}, None), DAY)
    entry = books.enter(balanced({Source.BATTERY: 4400.0}, {}, None), DAY)
    assert entry.by_sink[Sink.HOME].cost == pytest.approx(0.25)


def test_what_was_in_the_battery_before_the_books_were_opened_costs_nothing() -> None:
    entry = Books().enter(balanced({Source.BATTERY: 3000.0}, {}, None), DAY)
    assert entry.by_sink[Sink.HOME] == Value(0.0, 0.0)


def test_a_battery_that_has_shown_its_losses_is_believed() -> None:
    books = Books(charged_wh=100_000.0, discharged_wh=80_000.0)
    assert books.efficiency == pytest.approx(0.8)


steps = st.lists(st.tuples(st.booleans(), st.floats(0, 5000), st.floats(-0.2, 0.6)), max_size=60)


@given(steps)
def test_no_money_appears_or_disappears_in_the_battery(moves: list[tuple[bool, float, float]]) -> None:
    books, paid, spent = Books(), 0.0, 0.0
    for is_charging, amount_wh, price in moves:
        rates = Rates(import_per_kwh=price)
        if is_charging:
            books.enter(balanced({Source.GRID: amount_wh}, {Sink.BATTERY: amount_wh}, None), rates)
            paid += amount_wh * price / 1000
        else:
            entry = books.enter(balanced({Source.BATTERY: amount_wh}, {}, None), rates)
            spent += sum(value.cost for value in entry.by_sink.values())
    assert spent + books.stored.cost == pytest.approx(paid, abs=1e-6)
