"""A clock that leaps when told, for worlds that are caught up by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

MIDSUMMER = datetime(2025, 6, 21, tzinfo=UTC)


class LeapClock:
    speed = 1.0

    def __init__(self, start: datetime = MIDSUMMER) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at

    def leap(self, seconds_s: float) -> None:
        self.at += timedelta(seconds=seconds_s)

    async def sleep_until(self, at: datetime) -> None:
        self.at = max(self.at, at)


@pytest.fixture
def clock() -> LeapClock:
    return LeapClock()


@pytest.fixture(scope="session")
def leap_clock() -> type[LeapClock]:
    """The class, for tests that make a clock for each example."""
    return LeapClock
