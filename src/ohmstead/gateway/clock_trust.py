"""Whether to believe a clock that is behind what has been written by it."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final

from ohmstead.history import EARLIEST
from ohmstead.model import Clock

BELIEVED_AFTER: Final = timedelta(hours=12)
"""A clock that is behind is usually about to be set, as after a boot in 1970. One that goes on so for so long is right, and it
was ahead before.
"""


class ClockTrust:
    """Told again and again where the clock is, it says when one that is behind has gone on for long enough."""

    def __init__(self, clock: Clock, *, slack: timedelta) -> None:
        """A clock that is behind by no more than `slack` has not been set back."""
        self._clock = clock
        self._slack = slack
        self._behind: tuple[datetime, float] | None = None
        """The earliest that it has been while it is behind, and since when it is, on the loop's clock."""

    def future_from(self, written_until: datetime, now: datetime) -> datetime | None:
        """From where on what is written is of a future that has not come; None while that is not sure."""
        if written_until - now <= self._slack or now < EARLIEST:
            self._behind = None
            return None
        loop_s = asyncio.get_running_loop().time()
        first, since_s = self._behind or (now, loop_s)
        first = min(first, now)
        is_believed = (loop_s - since_s) * self._clock.speed >= BELIEVED_AFTER.total_seconds()
        self._behind = None if is_believed else (first, since_s)
        return first if is_believed else None
