"""Energy by period, asked over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from asked import Open

from ohmstead.api.asks import Step
from ohmstead.api.periods import edges
from ohmstead.model import DeviceId, GridReading, Sample
from ohmstead.testing import warped

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")


def of_two_hours(watts: float) -> list[Sample]:
    """As a meter at the street would have told, until now."""
    ats = [NOON - timedelta(minutes=minute) for minute in range(120, -1, -1)]
    return [
        Sample(
            at=at,
            readings=(
                GridReading(
                    device=DeviceId("meter/1"), at=at, power_w=watts, imported_wh=watts * minute / 60
                ),
            ),
        )
        for minute, at in enumerate(ats)
    ]


@warped
async def test_today_comes_by_quarters_that_add_up_to_the_meter(opened: Open) -> None:
    async with opened() as asked:
        for sample in of_two_hours(800.0):
            asked.gateway.history.record(sample)
        await asked.gateway.history.flush()
        await asked.gateway.books.catch_up()
        async with asked.session.get("/api/v1/energy") as response:
            found = await response.json()
    assert found["start"] == "2025-05-31T22:00:00Z"
    assert found["currency"] == "EUR"
    assert len(found["periods"]) == 7  # the last quarter is not settled yet
    assert found["periods"][3]["flows"] == [{"source": "grid", "sink": "home", "energy_wh": 200.0}]


@warped
@pytest.mark.parametrize(
    "query",
    [
        "start=2025-06-02T00:00:00Z&end=2025-06-01T00:00:00Z",
        "step=week",
        "start=2010-01-01T00:00:00Z&step=quarter",
    ],
)
async def test_a_time_that_makes_no_sense_is_declined(opened: Open, query: str) -> None:
    async with opened() as asked, asked.session.get(f"/api/v1/energy?{query}") as response:
        assert response.status == 400
        assert response.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("step", "begins"),
    [
        (Step.QUARTER, ["22:20", "22:30", "22:45", "22:50"]),
        (Step.HOUR, ["20:50", "21:00", "22:00", "22:50"]),
        (Step.DAY, ["20:50", "22:00", "22:50"]),
        (Step.MONTH, ["20:50", "22:00", "22:50"]),
    ],
)
def test_days_and_months_begin_at_the_sites_midnight(step: Step, begins: list[str]) -> None:
    ats = [datetime.fromisoformat(f"2025-06-30T{at}:00+00:00") for at in begins]
    assert edges(step, ats[0], ats[-1], BERLIN) == ats


def test_days_have_the_length_that_the_site_gives_them() -> None:
    start, end = datetime(2025, 3, 28, 23, tzinfo=UTC), datetime(2025, 3, 31, 22, tzinfo=UTC)
    hours = [(end - start) / HOUR for start, end in pairwise(edges(Step.DAY, start, end, BERLIN))]
    assert hours == [24.0, 23.0, 24.0]


def test_months_begin_where_the_calendar_says() -> None:
    start, end = datetime(2025, 1, 30, 23, tzinfo=UTC), datetime(2025, 4, 30, 22, tzinfo=UTC)
    local = [edge.astimezone(BERLIN).date() for edge in edges(Step.MONTH, start, end, BERLIN)]
    assert [f"{day:%m-%d}" for day in local] == ["01-31", "02-01", "03-01", "04-01", "05-01"]
