"""How often a unit's flash memory may be written. Pure, but for a permit's single use.

The endurance of the part is not known; 100,000 writes a cell and ten years are assumed. A bucket of three writes fills
by one every 15 minutes, and a rolling day has 24, one of them kept for putting the default back. Callers may ask as often
as they like; a reduction for safety always passes, and is counted.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from typing import Final

import msgspec

from ohmstead.model import Unsafe

BURST: Final = 3
REFILL: Final = timedelta(minutes=15)
DAY: Final = timedelta(days=1)
WRITES_A_DAY: Final = 24
ASSUMED_LIFE: Final = 100_000


class Purpose(Enum):
    WISH = "wish"
    SAFETY = "safety"
    """Downward, because a conductor needs it."""
    RESTORE = "restore"
    """The default, on leaving."""


class Wear(msgspec.Struct, frozen=True, kw_only=True):
    """What has been written to one unit, by its DIN. Kept over restarts."""

    writes: tuple[datetime, ...] = ()
    """Of the day before the last of them, the oldest first."""
    total: int = 0
    full_at: datetime | None = None
    """When the bucket is full again; None: it is."""


def next_write_at(wear: Wear, now: datetime, purpose: Purpose = Purpose.WISH) -> datetime:
    """The first instant at which a write may pass: `now` itself when it may now."""
    if purpose is Purpose.SAFETY:
        return now
    allowed = WRITES_A_DAY if purpose is Purpose.RESTORE else WRITES_A_DAY - 1
    recent = of_last_day(wear, now)
    day_at = recent[-allowed] + DAY if len(recent) >= allowed else now
    if purpose is Purpose.RESTORE:
        return max(day_at, now)
    # One write is there when at most two fillings are missing.
    bucket_at = _full_at(wear, now) - REFILL * (BURST - 1)
    return max(day_at, bucket_at, now)


def written(wear: Wear, now: datetime) -> Wear:
    """After one more write."""
    return Wear(
        writes=(*of_last_day(wear, now), now),
        total=wear.total + 1,
        full_at=_full_at(wear, now) + REFILL,
    )


def of_last_day(wear: Wear, now: datetime) -> list[datetime]:
    """Its writes. What lies further ahead was written by a clock that has been set back since: it would count for years."""
    return [at for at in wear.writes if abs(at - now) < DAY]


def _full_at(wear: Wear, now: datetime) -> datetime:
    """When the bucket is full again, `now` at the earliest; it is where a clock that was ahead says otherwise."""
    full_at = max(wear.full_at or now, now)
    return full_at if full_at - now < DAY else now


def together(one: Wear, other: Wear) -> Wear:
    """Of one unit, as two programs have counted. Of all time the larger count: most writes are in both."""
    return Wear(
        writes=tuple(sorted({*one.writes, *other.writes})),
        total=max(one.total, other.total),
        full_at=max(filter(None, (one.full_at, other.full_at)), default=None),
    )


def share_of_life(wear: Wear) -> float:
    return wear.total / ASSUMED_LIFE


class Permit:
    """One write to flash memory. Only the ladder, which counts them, gives them."""

    def __init__(self, din: str) -> None:
        self.din = din
        self._is_used = False

    def use(self) -> None:
        if self._is_used:
            raise Unsafe("a permit is good for one write to flash memory")
        self._is_used = True
