"""Whether and when to try again: the one place that reads `retryable`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from random import Random
from typing import Final, TypeVar

from ohmstead.model import Busy, OhmsteadError, TurnedAway

T = TypeVar("T")

JITTER: Final = 0.2
"""A fifth either way, so that many clients of one peer do not come back in step."""


class Backoff:
    """Waits that double from `first_s`; with their jitter never above `cap_s`."""

    def __init__(self, first_s: float = 1.0, cap_s: float = 30.0, random: Random | None = None) -> None:
        self._first_s = first_s
        self._cap_s = cap_s
        self._random = random or Random()
        self._nominal_s = first_s

    def next_s(self) -> float:
        nominal_s = min(self._nominal_s, self._cap_s / (1 + JITTER))
        self._nominal_s = min(self._nominal_s * 2, self._cap_s)
        return nominal_s * self._random.uniform(1 - JITTER, 1 + JITTER)

    def reset(self) -> None:
        self._nominal_s = self._first_s


async def retry(
    operation: Callable[[], Awaitable[T]],
    *,
    attempts: int,
    first_s: float = 1.0,
    cap_s: float = 30.0,
    within_s: float = inf,
    random: Random | None = None,
) -> T:
    """The first success of up to `attempts`; none is begun when `within_s` are over. Raises what the last one raised, and at
    once what cannot get better. Who is turned away knocks once more, and goes.
    """
    if attempts < 1:
        raise ValueError(f"there is at least one attempt, not {attempts}")
    backoff = Backoff(first_s, cap_s, random)
    now_s = asyncio.get_running_loop().time
    last_s = now_s() + within_s
    was_turned_away = False
    for left in reversed(range(attempts)):
        try:
            return await operation()
        except OhmsteadError as error:
            if not (error.retryable and left) or (was_turned_away and isinstance(error, TurnedAway)):
                raise
            was_turned_away = isinstance(error, TurnedAway)
            wait_s = backoff.next_s()
            if isinstance(error, Busy):
                wait_s = max(wait_s, error.after.total_seconds())
            if now_s() + wait_s > last_s:
                raise
        await asyncio.sleep(wait_s)
    raise AssertionError("the last attempt returns or raises")
