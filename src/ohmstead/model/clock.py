"""Civil time: cadence, windows, budgets, stamps, physics. It may run at any speed, or be replayed.

Wire time (timeouts, gaps between frames, back-off, latency) is the event loop's and is never scaled. Only the
outermost layer makes a clock; everybody else is given one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

SLIP_S: Final = 1.0
"""By which a nap may be late before we suspect that the clock was set back."""


class Clock(Protocol):
    @property
    def speed(self) -> float:
        """Civil seconds per second of the event loop."""
        ...

    def now(self) -> datetime:
        """Aware, UTC."""
        ...

    async def sleep_until(self, at: datetime) -> None: ...


async def nap(clock: Clock, until: datetime) -> None:
    """Until then, or for as long as that was to be: the clock may be set back meanwhile, and the caller looks at it again."""
    wire_s = (until - clock.now()).total_seconds() / clock.speed
    with suppress(TimeoutError):
        async with asyncio.timeout(wire_s + SLIP_S):
            await clock.sleep_until(until)


class RealClock:
    """The wall clock of this machine."""

    speed = 1.0

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, at: datetime) -> None:
        # Bounded naps: the wall clock may be set while we sleep, and a deadline is a wall-clock instant.
        while (left_s := (at - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left_s, 60.0))


class ScaledClock:
    """Starts anywhere and runs at any speed, on the event loop's own time; speed 1 in a warped loop warps with it."""

    def __init__(self, start: datetime, speed: float = 1.0) -> None:
        if start.tzinfo is None:
            raise ValueError(f"a clock starts at an aware instant, not at {start.isoformat()}")
        if not speed > 0:
            raise ValueError(f"a clock's speed is above 0, not {speed}")
        self.speed = speed
        self._start = start.astimezone(UTC)
        self._zero_s = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        elapsed_s = (asyncio.get_running_loop().time() - self._zero_s) * self.speed
        return self._start + timedelta(seconds=elapsed_s)

    async def sleep_until(self, at: datetime) -> None:
        while (left_s := (at - self.now()).total_seconds()) > 0:
            await asyncio.sleep(left_s / self.speed)


class ReplayedClock:
    """Moves only when told: by `set`, or through `play`, to the instants of a recording."""

    speed = 1.0

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError(f"a clock starts at an aware instant, not at {start.isoformat()}")
        self._now = start.astimezone(UTC)
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return self._now

    async def set(self, at: datetime) -> None:
        """Jump to an instant and wake whoever waited for it. A recording never runs backwards."""
        async with self._moved:
            self._now = max(self._now, at)
            self._moved.notify_all()

    async def play(self, instants: Iterable[datetime]) -> None:
        for at in instants:
            await self.set(at)

    async def sleep_until(self, at: datetime) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= at)
