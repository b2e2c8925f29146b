"""The pause behind each request, a little different each time, so that no two clients of an adapter stay in step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random


class Gap:
    """Its end is waited for only by who has something to send: most replies take longer, and wake us anyway."""

    def __init__(self, gap_s: float, jitter_s: float, random: Random, over: Callable[[], None]) -> None:
        """`over` is called at the end of a gap that somebody has asked about."""
        self._gap_s = gap_s
        self._jitter_s = jitter_s
        self._random = random
        self._over = over
        self._ends_at_s = float("-inf")
        self._is_awaited = False

    def begin(self) -> None:
        now_s = asyncio.get_running_loop().time()
        self._ends_at_s = now_s + self._gap_s + self._random.uniform(0, self._jitter_s)

    def is_on(self) -> bool:
        loop = asyncio.get_running_loop()
        left_s = self._ends_at_s - loop.time()
        if left_s > 0 and not self._is_awaited:
            self._is_awaited = True
            loop.call_later(left_s, self._end)
        return left_s > 0

    def _end(self) -> None:
        self._is_awaited = False
        self._ends_at_s = float("-inf")  # a timer may be early by the resolution of the loop's clock
        self._over()
