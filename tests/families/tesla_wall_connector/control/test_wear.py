"""The budget of flash writes: the burst, the quarter of an hour, the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.tesla_wall_connector.control.wear import (
    DAY,
    Purpose,
    Wear,
    next_write_at,
    share_of_life,
    written,
)

START = datetime(2026, 3, 1, tzinfo=UTC)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def passed(wishes_min: list[float]) -> list[float]:
    """Which of the wishes at these minutes are written."""
    wear, found = Wear(), []
    for minute in wishes_min:
        if next_write_at(wear, after(minute)) <= after(minute):
            wear = written(wear, after(minute))
            found.append(minute)
    return found


def test_three_pass_at_once_and_then_one_each_quarter_of_an_hour() -> None:
    assert passed([0, 1, 2, 3, 14, 15, 16, 29, 30, 31]) == [0, 1, 2, 15, 30]


def test_a_quiet_hour_gives_the_burst_back() -> None:
    assert passed([0, 1, 2, 62, 63, 64, 65]) == [0, 1, 2, 62, 63, 64]


def test_what_is_held_back_is_told_when_it_may_pass() -> None:
    wear = Wear()
    for minute in (0, 1, 2):
        wear = written(wear, after(minute))

    assert next_write_at(wear, after(3)) == after(15)
    assert next_write_at(wear, after(3), Purpose.SAFETY) == after(3)


def test_a_day_has_23_wishes_and_one_way_back() -> None:
    wear, minute = Wear(), 0.0
    while len(wear.writes) < 23:
        minute = (next_write_at(wear, after(minute)) - START).total_seconds() / 60
        wear = written(wear, after(minute))

    assert minute == 300  # the burst, and 20 quarters of an hour
    assert next_write_at(wear, after(400)) == START + DAY
    assert next_write_at(wear, after(400), Purpose.RESTORE) == after(400)
    assert next_write_at(written(wear, after(400)), after(401), Purpose.RESTORE) == START + DAY


def test_writes_of_a_clock_that_was_years_ahead_hold_nothing_back_for_years() -> None:
    wear, wrong = Wear(), START + timedelta(days=1000)
    for minute in range(0, 23 * 15, 15):
        wear = written(wear, wrong + timedelta(minutes=minute))

    assert next_write_at(wear, START) == START
    wear = written(wear, START)
    assert (wear.writes, wear.total) == ((START,), 24)
    assert next_write_at(wear, after(1)) == after(1)


def test_writes_of_a_clock_that_was_an_hour_ahead_count() -> None:
    wear = Wear()
    for minute in (60, 61, 62):
        wear = written(wear, after(minute))

    assert next_write_at(wear, START) == after(75)


@given(st.lists(st.floats(0, 40), min_size=1, max_size=300))
def test_no_rhythm_of_wishes_gets_more_than_24_a_day(gaps_min: list[float]) -> None:
    at, wishes = 0.0, []
    for gap in gaps_min:
        at += gap
        wishes.append(at)
    found = passed(wishes)

    assert all(sum(m <= x < m + 24 * 60 for x in found) <= 23 for m in found)
    assert all(sum(m <= x < m + 14.9 for x in found) <= 3 for m in found)


def test_the_share_of_life_is_of_an_assumed_life() -> None:
    assert share_of_life(Wear(total=500)) == 0.005
