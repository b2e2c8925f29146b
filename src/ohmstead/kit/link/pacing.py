"""Keeps a distance between the requests to one device."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Pacer:
    """`async with pacer:` for one exchange at a time, each at least `gap_s` after the end of the one before."""

    def __init__(self, gap_s: float = 0.0) -> None:
        self.gap_s = gap_s
        self._one_at_a_time = asyncio.Lock()
        self._next_at_s = float("-inf")

    async def __aenter__(self) -> None:
        await self._one_at_a_time.acquire()
        left_s = self._next_at_s - asyncio.get_running_loop().time()
        if left_s <= 0:
            return  # a sleep of nothing would still cost a turn of the loop
        try:
            await asyncio.sleep(left_s)
        except BaseException:
            self._one_at_a_time.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._next_at_s = asyncio.get_running_loop().time() + self.gap_s
        self._one_at_a_time.release()
