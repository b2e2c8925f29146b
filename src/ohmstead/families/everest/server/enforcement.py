"""The current in force at one EVSE, and those who wait for one to come into force."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from typing import Final

import msgspec

TOLERANCE: Final = 1.2e-5
"""Relative: the reference's limits are 32-bit floats."""


class _Wanted(msgspec.Struct, frozen=True):
    current_a: float
    is_final: Callable[[float], bool]
    """Of another current: whether it will stay."""


class Enforcement:
    """`now_a` is None until the first report; `reports` counts them."""

    def __init__(self) -> None:
        self.now_a: float | None = None
        self.reports = 0
        self._wanted: dict[asyncio.Future[bool], _Wanted] = {}

    def reported(self, now_a: float) -> bool:
        """What is in force now. Whether anybody has waited for just that."""
        self.now_a = now_a
        self.reports += 1
        has_answered = False
        for future, wanted in self._wanted.items():
            if future.done():
                continue
            if is_same_current(wanted.current_a, now_a):
                has_answered = True
                future.set_result(True)
            elif wanted.is_final(now_a):
                future.set_result(False)
        return has_answered

    def is_now(self, wanted_a: float) -> bool:
        return self.now_a is not None and is_same_current(wanted_a, self.now_a)

    async def coming(
        self, wanted_a: float, within_s: float, is_final: Callable[[float], bool] = lambda _: False
    ) -> bool | None:
        """Wait until a current is in force. False when another one is that will stay, None when it takes too long."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._wanted[future] = _Wanted(wanted_a, is_final)
        try:
            async with asyncio.timeout(within_s):
                return await future
        except TimeoutError:
            return None
        finally:
            del self._wanted[future]


def is_same_current(one_a: float, other_a: float) -> bool:
    return math.isclose(one_a, other_a, rel_tol=TOLERANCE)
