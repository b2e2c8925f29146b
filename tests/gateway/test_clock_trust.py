"""A clock that is behind what has been written by it is believed once it has gone on so for half a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ohmstead.gateway.clock_trust import ClockTrust
from ohmstead.model import ScaledClock
from ohmstead.testing import elapse, warped
from tests.gateway.conftest import NOON

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
WRITTEN_UNTIL = NOON + 48 * HOUR
BOOT = datetime(1970, 1, 1, tzinfo=UTC)


def trust(speed: float = 1.0) -> ClockTrust:
    return ClockTrust(ScaledClock(NOON, speed), slack=QUARTER)


@warped
async def test_it_is_believed_after_half_a_day_from_the_earliest_it_has_told() -> None:
    judge = trust()
    assert judge.future_from(WRITTEN_UNTIL, NOON) is None
    assert judge.future_from(WRITTEN_UNTIL, NOON - HOUR) is None
    await elapse(12 * 3600 - 1)
    assert judge.future_from(WRITTEN_UNTIL, NOON + 12 * HOUR) is None
    await elapse(1)
    assert judge.future_from(WRITTEN_UNTIL, NOON + 12 * HOUR) == NOON - HOUR


@warped
async def test_half_a_day_of_a_fast_clock_is_soon_over() -> None:
    judge = trust(speed=3600.0)
    assert judge.future_from(WRITTEN_UNTIL, NOON) is None
    await elapse(12)
    assert judge.future_from(WRITTEN_UNTIL, NOON + 12 * HOUR) == NOON


@warped
async def test_one_that_is_set_meanwhile_begins_anew() -> None:
    judge = trust()
    assert judge.future_from(WRITTEN_UNTIL, NOON) is None
    await elapse(11 * 3600)
    assert judge.future_from(WRITTEN_UNTIL, WRITTEN_UNTIL - QUARTER) is None
    assert judge.future_from(WRITTEN_UNTIL, NOON) is None
    await elapse(11 * 3600)
    assert judge.future_from(WRITTEN_UNTIL, NOON) is None


@warped
async def test_one_that_was_never_set_is_never_believed() -> None:
    judge = trust()
    assert judge.future_from(WRITTEN_UNTIL, BOOT) is None
    await elapse(13 * 3600)
    assert judge.future_from(WRITTEN_UNTIL, BOOT + 13 * HOUR) is None
