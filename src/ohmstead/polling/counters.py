"""One never-falling total from a counter that may reset, roll over, jump or lie.

1. A value *follows* when the powers that were seen explain how far it has come since the last one that was believed: it
   becomes the total. One that its device could have reached, but that nobody saw, has to be confirmed by two more polls.
2. Any other value is held back until the counter has gone on from there for some polls: then it is believed. What
   happened in between is unknown, so nothing is added for it, except at a rollover, whose size is known.
3. Did it begin elsewhere, the total continues from where it was. Did it only fall to where it had been a few polls ago,
   what was believed since was wrong: the total waits until the counter has caught up.
4. If the counter then returns to where it would be without all that, there was no reset: the old count goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.polling.pace import Pace, Reach, reach, seen

CONFIRMATIONS: Final = 3
"""Samples after the first that must go on from a held value before it is believed."""
POSSIBLE_CONFIRMATIONS: Final = 2
"""The same for a rise that is unlikely, but possible."""
RECENT: Final = 4
"""Polls back to which a counter may fall that was wrong since."""
RETURN: Final = timedelta(hours=6)
"""After a reset that was none, a counter comes back within this."""
SPANS_WH: Final = tuple(
    sorted(
        width * scale
        for width in (2.0**16, 2.0**24, 2.0**32, 1e6, 1e8)
        for scale in (0.1, 1.0, 10.0, 100.0, 1_000.0)
    )
)
"""Where counters roll over: word widths and decimal displays in the units meters count in."""
NEAR: Final = 0.002
"""Share of its span within which a counter counts as about to roll over."""


class Left(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where a counter was when it was believed to have been reset."""

    raw_wh: float
    at: datetime
    offset_wh: float


class Counter(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is remembered of one counter."""

    raw_wh: float
    at: datetime
    offset_wh: float = 0.0
    """Total minus raw value, where the total does not wait."""
    held: tuple[float, ...] = ()
    """Values that did not follow from `raw_wh`, oldest first, each following from the one before."""
    highest_wh: float = 0.0
    """The total so far, which never falls."""
    recent: tuple[float, ...] = ()
    """The last values believed before `raw_wh`, oldest first."""
    pace: Pace | None = None
    left: Left | None = None

    @property
    def total_wh(self) -> float:
        return max(self.raw_wh + self.offset_wh, self.highest_wh)

    def raised_to(self, total_wh: float) -> Counter:
        """That has been that high already."""
        if total_wh <= self.highest_wh:
            return self
        return msgspec.structs.replace(self, highest_wh=total_wh)


class Step(msgspec.Struct, frozen=True):
    counter: Counter
    total_wh: float | None
    reason: str = ""
    """Why there is no total now, or what was settled."""


def step(counter: Counter | None, raw_wh: float, at: datetime, power_w: float | None = None) -> Step:
    """Take the next raw value, and what its device said of its power with it.

    `total_wh` is None while the value is held back.
    """
    if counter is None:
        first = _believed(Counter(raw_wh=raw_wh, at=at), raw_wh, at, power_w)
        return Step(first, first.total_wh)
    can = _reach(counter, counter.at, at, power_w)
    if 0 <= raw_wh - counter.raw_wh <= can.likely_wh:
        return _accept(counter, raw_wh, at, power_w)
    return _hold(counter, raw_wh, at, power_w, can)


def _hold(counter: Counter, raw_wh: float, at: datetime, power_w: float | None, can: Reach) -> Step:
    follows_held = counter.held and 0 <= raw_wh - counter.held[-1] <= can.likely_wh
    held = (*counter.held, raw_wh) if follows_held else (raw_wh,)
    is_possible = 0 <= held[0] - counter.raw_wh <= can.possible_wh
    left = counter.left if _is_return(counter, held[0], at, power_w) else None
    if (is_possible or left) and len(held) > POSSIBLE_CONFIRMATIONS:
        return _return(counter, left, raw_wh, at, power_w) if left else _accept(counter, raw_wh, at, power_w)
    if len(held) <= CONFIRMATIONS:
        waiting = msgspec.structs.replace(counter, held=held)
        more = (POSSIBLE_CONFIRMATIONS if is_possible or left else CONFIRMATIONS) + 1 - len(held)
        return Step(waiting, None, _held_reason(counter.raw_wh, raw_wh, more))
    return _begin_anew(counter, raw_wh, held, at, power_w)


def _begin_anew(
    counter: Counter, raw_wh: float, held: tuple[float, ...], at: datetime, power_w: float | None
) -> Step:
    known_wh = counter.total_wh
    rolled_wh = _rolled(counter.raw_wh, held[0])
    was_wrong = bool(counter.recent) and min(counter.recent) <= held[0] < counter.raw_wh
    anew = msgspec.structs.replace(
        counter,
        raw_wh=raw_wh,
        at=at,
        offset_wh=counter.offset_wh if was_wrong else known_wh + rolled_wh - held[0],
        recent=(),
        left=Left(raw_wh=counter.raw_wh, at=counter.at, offset_wh=counter.offset_wh),
    )
    what = "had been wrong" if was_wrong else "rolled over" if rolled_wh else "was reset"
    taken = _accept(anew, raw_wh, at, power_w)
    return Step(
        taken.counter, taken.total_wh, f"the counter {what}: the total goes on from {known_wh:.0f} Wh"
    )


def _is_return(counter: Counter, raw_wh: float, at: datetime, power_w: float | None) -> bool:
    """Whether the counter is where it would be without the last reset."""
    left = counter.left
    if left is None or not timedelta() <= at - left.at <= RETURN:
        return False
    return 0 <= raw_wh - left.raw_wh <= _reach(counter, left.at, at, power_w).possible_wh


def _return(counter: Counter, left: Left, raw_wh: float, at: datetime, power_w: float | None) -> Step:
    back = msgspec.structs.replace(
        counter, raw_wh=left.raw_wh, offset_wh=left.offset_wh, recent=(), left=None
    )
    taken = _accept(back, raw_wh, at, power_w)
    return Step(taken.counter, taken.total_wh, "the counter is back where it was before its reset")


def _accept(counter: Counter, raw_wh: float, at: datetime, power_w: float | None) -> Step:
    taken = _believed(counter, raw_wh, at, power_w)
    return Step(taken, taken.total_wh)


def _believed(counter: Counter, raw_wh: float, at: datetime, power_w: float | None) -> Counter:
    pace, left = counter.pace or Pace(), counter.left
    return Counter(
        raw_wh=raw_wh,
        at=at,
        offset_wh=counter.offset_wh,
        highest_wh=max(counter.total_wh, raw_wh + counter.offset_wh),
        recent=(*counter.recent, counter.raw_wh)[-RECENT:],
        pace=seen(
            pace,
            raw_wh,
            power_w,
            elapsed_s=_elapsed_s(counter.at, at),
            rise_wh=raw_wh - counter.raw_wh,
        ),
        left=left if left is not None and raw_wh < left.raw_wh else None,
    )


def _reach(counter: Counter, since: datetime, at: datetime, power_w: float | None) -> Reach:
    return reach(counter.pace or Pace(), _elapsed_s(since, at), power_w)


def _elapsed_s(since: datetime, at: datetime) -> float:
    """A clock that was set back makes no time pass."""
    return max((at - since).total_seconds(), 0.0)


def _rolled(before_wh: float, after_wh: float) -> float:
    """What a rollover added between two values; 0 if it was none."""
    for span_wh in SPANS_WH:
        if (1 - NEAR) * span_wh <= before_wh <= span_wh and after_wh <= NEAR * span_wh:
            return span_wh - before_wh + after_wh
    return 0.0


def _held_reason(before_wh: float, after_wh: float, more: int) -> str:
    what = "fell" if after_wh < before_wh else "jumped"
    confirmed = "one more poll confirms" if more == 1 else f"{more} more polls confirm"
    return f"the counter {what} from {before_wh:.0f} to {after_wh:.0f} Wh; held until {confirmed} it"
