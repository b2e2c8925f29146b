"""Whether and when to try again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.link import Backoff, retry
from ohmstead.model import BadAnswer, Busy, Refused, TimedOut, TurnedAway, Unreachable
from ohmstead.testing import warped


class Steady(Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        return (a + b) / 2


class Operation:
    """Fails with each error in turn, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.tried_at_s: list[float] = []

    async def __call__(self) -> str:
        self.tried_at_s.append(asyncio.get_running_loop().time())
        if self._errors:
            raise self._errors.pop(0)
        return "done"


@warped
async def test_what_may_get_better_is_tried_again_after_waits_that_double() -> None:
    operation = Operation(TimedOut("slow"), Unreachable("away"), BadAnswer("odd"))

    assert await retry(operation, attempts=4, random=Steady()) == "done"
    assert operation.tried_at_s == [0, 1, 3, 7]


@warped
async def test_the_last_attempts_error_comes_out() -> None:
    operation = Operation(TimedOut("first"), TimedOut("second"), TimedOut("third"))

    with pytest.raises(TimedOut, match="second"):
        await retry(operation, attempts=2)
    assert len(operation.tried_at_s) == 2


@warped
async def test_nothing_is_begun_any_more_when_the_time_is_over() -> None:
    operation = Operation(TimedOut("first"), TimedOut("second"), TimedOut("third"))

    with pytest.raises(TimedOut, match="second"):
        await retry(operation, attempts=4, within_s=2.5, random=Steady())
    assert operation.tried_at_s == [0, 1]


@pytest.mark.parametrize("error", [Refused("no"), ValueError("bug")])
@warped
async def test_what_cannot_get_better_comes_out_at_once(error: Exception) -> None:
    operation = Operation(error)

    with pytest.raises(type(error)):
        await retry(operation, attempts=5)
    assert operation.tried_at_s == [0]


@warped
async def test_a_busy_device_is_left_alone_as_long_as_it_asks() -> None:
    operation = Operation(
        Busy("later", after=timedelta(minutes=2)), Busy("soon", after=timedelta(seconds=0.1))
    )

    assert await retry(operation, attempts=3, random=Steady()) == "done"
    assert operation.tried_at_s == [0, 120, 122]


@warped
async def test_who_is_turned_away_knocks_once_more_and_goes() -> None:
    operation = Operation(TurnedAway("taken"), TurnedAway("taken"), TurnedAway("taken"))

    with pytest.raises(TurnedAway):
        await retry(operation, attempts=5, random=Steady())
    assert operation.tried_at_s == [0, 1]


@warped
async def test_no_attempt_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one attempt"):
        await retry(Operation(), attempts=0)


def test_waits_double_up_to_their_cap_and_start_again_after_a_reset() -> None:
    backoff = Backoff(1, 12, Steady())

    assert [backoff.next_s() for _ in range(6)] == [1, 2, 4, 8, 10, 10]
    backoff.reset()
    assert backoff.next_s() == 1


@given(st.integers(), st.integers(1, 100))
def test_jitter_is_a_fifth_either_way_and_never_passes_the_cap(seed: int, failures: int) -> None:
    backoff = Backoff(1, 30, Random(seed))
    waits_s = [backoff.next_s() for _ in range(failures)]

    assert 0.8 <= waits_s[0] <= 1.2
    assert all(wait_s <= 30 for wait_s in waits_s)
    assert all(wait_s >= 20 for wait_s in waits_s[6:])
