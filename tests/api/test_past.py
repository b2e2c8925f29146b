from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ohmstead.api.asks import HistoryAsk, Step
from ohmstead.api.past import Span, span_of
from ohmstead.api.problems import Declined

BERLIN = ZoneInfo("Europe/Berlin")


def span(now: str, **asked: Any) -> Span:  # Any: fields of several types
    return span_of(HistoryAsk(device="d", signal="s", **asked), datetime.fromisoformat(now), BERLIN)


def test_today_runs_from_midnight_to_midnight_at_the_site() -> None:
    found = span("2025-06-01T22:30:00+00:00")
    assert found.start == datetime(2025, 6, 1, 22, tzinfo=UTC)
    assert found.end == datetime(2025, 6, 2, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"), [("2025-03-30T12:00:00+00:00", 23), ("2025-10-26T12:00:00+00:00", 25)]
)
def test_a_day_on_which_the_clocks_change_has_its_own_length(day: str, hours: int) -> None:
    found = span(day)
    assert found.end - found.start == timedelta(hours=hours)


def test_a_start_alone_runs_to_the_end_of_today() -> None:
    found = span("2025-06-01T10:00:00+00:00", start=datetime(2025, 5, 30, tzinfo=UTC))
    assert found.end == datetime(2025, 6, 1, 22, tzinfo=UTC)


def test_an_end_alone_starts_at_the_midnight_before_it() -> None:
    midnight = datetime(2025, 5, 30, 22, tzinfo=UTC)
    assert span("2025-06-01T10:00:00+00:00", end=midnight).start == datetime(2025, 5, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("length", "step_s"),
    [
        (timedelta(minutes=10), 1.0),
        (timedelta(days=1), 120.0),
        (timedelta(days=7), 900.0),
        (timedelta(days=365), 86_400.0),
        (timedelta(days=3650), 315_360.0),
    ],
)
def test_the_usual_step_is_round_and_keeps_the_answer_small(length: timedelta, step_s: float) -> None:
    end = datetime(2025, 6, 1, tzinfo=UTC)
    assert span("2025-06-01T10:00:00+00:00", start=end - length, end=end).step_s == step_s


def test_five_thousand_points_are_given_and_one_more_is_not() -> None:
    end = datetime(2025, 6, 1, tzinfo=UTC)
    start = end - timedelta(seconds=5000)
    assert span("2025-06-01T10:00:00+00:00", start=start, end=end, step_s=1.0).step_s == 1.0
    with pytest.raises(Declined, match="5001 points, and 5000 are the most"):
        span("2025-06-01T10:00:00+00:00", start=start - timedelta(seconds=1), end=end, step_s=1.0)


def test_a_step_of_the_calendar_stands_alone_and_is_limited_too() -> None:
    days = span("2025-06-01T10:00:00+00:00", start=datetime(2025, 3, 1, tzinfo=UTC), step=Step.DAY)
    assert (days.step, days.step_s) == (Step.DAY, 86_400.0)
    with pytest.raises(Declined, match="not both"):
        span("2025-06-01T10:00:00+00:00", step=Step.DAY, step_s=60.0)
    with pytest.raises(Declined, match="5000 are the most"):
        span("2025-06-01T10:00:00+00:00", start=datetime(2025, 1, 1, tzinfo=UTC), step=Step.QUARTER)


@pytest.mark.parametrize("year", [1, 1969, 2101, 9999])
def test_a_time_no_history_has_is_declined(year: int) -> None:
    for bounds in ({"start": datetime(year, 6, 1, tzinfo=UTC)}, {"end": datetime(year, 6, 1, tzinfo=UTC)}):
        with pytest.raises(Declined):
            span("2025-06-01T10:00:00+00:00", **bounds)
