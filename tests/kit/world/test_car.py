from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.kit.world import Car, CarPhase, Cells, Commute, Place, Trip
from ohmstead.kit.world.car import MOVES

FRIDAY = datetime(2025, 3, 7, tzinfo=UTC)
UTC_HOME = Place(utc_offset_s=0.0)


def parked(soc_pct: float = 50.0) -> Car:
    return Car(Cells(50_000.0, soc_pct, max_charge_w=22_000.0, max_discharge_w=22_000.0))


def plugged(soc_pct: float = 50.0) -> Car:
    car = parked(soc_pct)
    car.plug()
    return car


def test_every_phase_can_be_reached_and_left() -> None:
    assert set(MOVES) == set(CarPhase)
    assert {follower for moves in MOVES.values() for follower in moves.values()} == set(CarPhase)


def test_a_plugged_car_draws_the_current_it_is_offered_on_all_phases() -> None:
    car = plugged()

    assert car.draw(10.0, 230.0, 1.0) == pytest.approx(6_900.0)
    assert car.draw(32.0, 230.0, 1.0) == pytest.approx(11_040.0)
    assert car.draw(10.0, 230.0, 1.0, phases=1) == pytest.approx(2_300.0)
    assert car.phase is CarPhase.CHARGING


def test_an_offer_below_6_ampere_means_do_not_charge() -> None:
    car = plugged()
    car.draw(16.0, 230.0, 1.0)

    assert car.draw(5.9, 230.0, 1.0) == 0.0
    assert car.phase is CarPhase.PLUGGED


def test_a_car_without_a_plug_draws_nothing() -> None:
    car = parked()

    assert car.draw(16.0, 230.0, 1.0) == 0.0
    assert not car.is_plugged


def test_above_80_percent_it_tapers() -> None:
    assert [plugged(soc_pct).taken_a(16.0) for soc_pct in (79.0, 80.0, 90.0, 100.0)] == [
        pytest.approx(16.0),
        pytest.approx(16.0),
        pytest.approx(8.8),
        pytest.approx(1.6),
    ]


def test_it_charges_until_it_is_full_and_again_when_it_was_used() -> None:
    car = plugged(98.0)
    for _ in range(120):
        car.draw(16.0, 230.0, 60.0)

    assert car.phase is CarPhase.FULL
    assert car.draw(16.0, 230.0, 60.0) == 0.0
    car.battery.drain(5_000.0)
    assert car.draw(16.0, 230.0, 60.0) > 0.0


def test_what_it_drew_is_in_the_battery_or_lost() -> None:
    car = plugged(20.0)
    for _ in range(100):
        car.draw(16.0, 230.0, 60.0)

    assert car.drawn_wh == pytest.approx(car.battery.stored_wh - 10_000.0 + car.battery.losses_wh)


def test_a_trip_pulls_the_plug_and_brings_the_car_back_emptier() -> None:
    car = plugged(50.0)
    car.depart(Trip(FRIDAY + timedelta(hours=8), FRIDAY + timedelta(hours=17), 9_000.0))

    phases = []
    for hour_h in (7, 8, 12, 17):
        car.follow(FRIDAY + timedelta(hours=hour_h))
        phases.append(car.phase)

    assert phases == [CarPhase.PLUGGED, CarPhase.AWAY, CarPhase.AWAY, CarPhase.PLUGGED]
    assert (car.battery.stored_wh, car.driven_wh) == (16_000.0, 9_000.0)


def test_a_car_caught_up_late_has_been_away_in_between() -> None:
    car = parked()
    car.depart(Trip(FRIDAY + timedelta(hours=8), FRIDAY + timedelta(hours=17), 9_000.0, plugs_in=False))
    car.follow(FRIDAY + timedelta(hours=20))

    assert (car.phase, car.driven_wh) == (CarPhase.PARKED, 9_000.0)


def test_a_commute_is_for_weekdays() -> None:
    commute = Commute(UTC_HOME, leaves_h=8.0, returns_h=17.0)

    assert commute.trip_after(FRIDAY).leaves_at == datetime(2025, 3, 7, 8, tzinfo=UTC)
    assert commute.trip_after(FRIDAY + timedelta(hours=8)).leaves_at == datetime(2025, 3, 10, 8, tzinfo=UTC)
    assert commute.trip_after(FRIDAY).returns_at == datetime(2025, 3, 7, 17, tzinfo=UTC)


def test_a_commuting_car_leaves_and_returns_by_itself() -> None:
    car = Car(
        Cells(50_000.0, 80.0), commute=Commute(UTC_HOME, leaves_h=8.0, returns_h=17.0, energy_wh=5_000.0)
    )
    for hour_h in range(7 * 24):
        car.follow(FRIDAY + timedelta(hours=hour_h))

    assert car.driven_wh == 25_000.0


def test_an_impossible_move_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="a car that is parked cannot unplug"):
        parked().unplug()
