"""Totals that never fall from counters that begin anew each midnight."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest

import pytest

from ohmstead.families.franklinwh.device.counting import Tallies, counted

TODAY, TOMORROW, IN_TWO_DAYS = date(2026, 6, 21), date(2026, 6, 22), date(2026, 6, 23)
A_MINUTE_S, A_MORNING_S = 60.0, 8 * 3600.0


def totals(
    *told_wh: dict[str, float | None], days: tuple[date, ...] = (), unheard_s: float = A_MINUTE_S
) -> list[float | None]:
    tallies, found = Tallies(), []
    for answer, day in zip_longest(told_wh, days, fillvalue=TODAY):
        tallies = counted(tallies, answer, day, unheard_s)  # type: ignore[arg-type] - the fill is a day
        found.append(tallies.total_wh("solar"))
    return found


def test_a_new_day_goes_on_where_the_old_one_ended() -> None:
    assert totals({"solar": 100.0}, {"solar": 9000.0}, {"solar": 0.0}, {"solar": 50.0}) == [
        100,
        9000,
        9000,
        9050,
    ]


def test_a_small_fall_is_an_answer_of_another_age() -> None:
    assert totals({"solar": 5000.0}, {"solar": 4990.0}, {"solar": 5010.0}) == [5000, 5000, 5010]


def test_a_day_that_begins_with_much_begins_anew_too() -> None:
    told = ({"solar": 6000.0}, {"solar": 5000.0}, {"solar": 5100.0})

    assert totals(*told, days=(TODAY, TOMORROW, TOMORROW)) == [6000, 11_000, 11_100]


def test_a_counter_that_is_late_for_midnight_is_followed() -> None:
    told = ({"solar": 6000.0}, {"solar": 6000.0}, {"solar": 0.0}, {"solar": 10.0})

    assert totals(*told, days=(TODAY, TOMORROW, TOMORROW, TOMORROW)) == [6000, 6000, 6000, 6010]


@pytest.mark.parametrize(
    ("day", "unheard_s", "total_wh"),
    [
        (TOMORROW, A_MORNING_S, 14_000),
        (TOMORROW, A_MINUTE_S, 8000),
        (IN_TWO_DAYS, A_MORNING_S, 14_000),
        (TODAY, A_MORNING_S, 8000),
    ],
)
def test_after_an_outage_over_midnight_a_counter_that_is_above_yesterdays_counts_whole(
    day: date, unheard_s: float, total_wh: float
) -> None:
    told = ({"solar": 6000.0}, {"solar": 8000.0})

    assert totals(*told, days=(TODAY, day), unheard_s=unheard_s) == [6000, total_wh]


def test_a_counter_that_is_heard_later_than_others_on_a_new_day_counts_whole_too() -> None:
    told = ({"solar": 6000.0}, {"solar": None, "home_use": 10.0}, {"solar": 8000.0})

    assert totals(*told, days=(TODAY, TOMORROW, TOMORROW), unheard_s=A_MORNING_S) == [6000, 6000, 14_000]


def test_a_day_that_comes_again_as_the_clock_was_ahead_begins_nothing_anew() -> None:
    told = ({"solar": 6000.0}, {"solar": 5990.0}, {"solar": 6010.0})

    assert totals(*told, days=(TOMORROW, TODAY, TODAY)) == [6000, 6000, 6010]


def test_what_is_not_known_leaves_the_total() -> None:
    assert totals({"solar": None}, {"solar": 5.0}, {"solar": None}) == [None, 5, 5]


def test_the_home_uses_the_load_less_what_left_through_the_port() -> None:
    tallies = counted(
        Tallies(), {"home_use": 1000.0, "v2l_export": 500.0, "v2l_import": 0.0}, TODAY, A_MINUTE_S
    )
    assert tallies.home_wh == 1000.0

    supplied = counted(
        tallies, {"home_use": 1800.0, "v2l_export": 800.0, "v2l_import": 0.0}, TODAY, A_MINUTE_S
    )
    fed = counted(supplied, {"home_use": 1900.0, "v2l_export": 800.0, "v2l_import": 200.0}, TODAY, A_MINUTE_S)

    assert (supplied.home_wh, fed.home_wh) == (1500.0, 1800.0)
