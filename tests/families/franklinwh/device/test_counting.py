"""Totals that never fall from counters that begin anew each midnight."""

from __future__ import annotations

from ohmstead.families.franklinwh.device.counting import Tallies, counted


def totals(*told_wh: dict[str, float | None]) -> list[float | None]:
    tallies, found = Tallies(), []
    for answer in told_wh:
        tallies = counted(tallies, answer)
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


def test_what_is_not_known_leaves_the_total() -> None:
    assert totals({"solar": None}, {"solar": 5.0}, {"solar": None}) == [None, 5, 5]


def test_the_home_uses_the_load_less_what_left_through_the_port() -> None:
    tallies = counted(Tallies(), {"home_use": 1000.0, "v2l_export": 500.0, "v2l_import": 0.0})
    assert tallies.home_wh == 1000.0

    supplied = counted(tallies, {"home_use": 1800.0, "v2l_export": 800.0, "v2l_import": 0.0})
    fed = counted(supplied, {"home_use": 1900.0, "v2l_export": 800.0, "v2l_import": 200.0})

    assert (supplied.home_wh, fed.home_wh) == (1500.0, 1800.0)
