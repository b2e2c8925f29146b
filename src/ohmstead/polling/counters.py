"""One never-falling total from a counter that may reset, roll over, jump or lie.

A step that no home can make is held back until the counter goes on from there for some samples: then it is believed,
and the total continues from where it was. What happened in between is unknown, so nothing is added for it, except at a
rollover, whose size is known.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.polling.ranges import FASTEST_W

CONFIRMATIONS: Final = 3
"""Samples after the first that must go on from a held value before it is believed."""
SLACK_WH: Final = 1_000.0
"""Counters in whole kWh step by this much at any power."""
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


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of one counter."""

    raw_wh: float
    at: datetime
    offset_wh: float = 0.0
    """Total minus raw value."""
    held: tuple[float, ...] = ()
    """Values that did not follow from `raw_wh`, oldest first, each following from the one before."""

    @property
    def total_wh(self) -> float:
        return self.raw_wh + self.offset_wh


class Step(msgspec.Struct, frozen=True):
    counter: Counter
    total_wh: float | None
    reason: str = ""
    """Why there is no total now, or what was settled."""


def step(counter: Counter | None, raw_wh: float, at: datetime) -> Step:
    """Take the next raw value. `total_wh` is None while the value is held back."""
    if counter is None:
        first = Counter(raw_wh=raw_wh, at=at)
        return Step(first, first.total_wh)
    fastest_wh = SLACK_WH + max((at - counter.at).total_seconds(), 0.0) / 3600 * FASTEST_W
    if _follows(counter.raw_wh, raw_wh, fastest_wh):
        return _accept(counter, raw_wh, at, counter.offset_wh)
    follows_held = counter.held and _follows(counter.held[-1], raw_wh, fastest_wh)
    held = (*counter.held, raw_wh) if follows_held else (raw_wh,)
    if len(held) <= CONFIRMATIONS:
        return Step(
            msgspec.structs.replace(counter, held=held), None, _held_reason(counter.raw_wh, raw_wh, held)
        )
    rolled_wh = _rolled(counter.raw_wh, held[0])
    taken = _accept(counter, raw_wh, at, counter.total_wh + rolled_wh - held[0])
    what = "rolled over" if rolled_wh else "was reset"
    return msgspec.structs.replace(
        taken, reason=f"the counter {what}: the total goes on from {counter.total_wh:.0f} Wh"
    )


def _accept(counter: Counter, raw_wh: float, at: datetime, offset_wh: float) -> Step:
    # Rounding of raw + offset must not make a total fall by the last bit.
    total_wh = max(raw_wh + offset_wh, counter.total_wh)
    taken = Counter(raw_wh=raw_wh, at=at, offset_wh=total_wh - raw_wh if offset_wh else 0.0)
    return Step(taken, total_wh)


def _follows(before_wh: float, after_wh: float, fastest_wh: float) -> bool:
    return 0 <= after_wh - before_wh <= fastest_wh


def _rolled(before_wh: float, after_wh: float) -> float:
    """What a rollover added between two values; 0 if it was none."""
    for span_wh in SPANS_WH:
        if (1 - NEAR) * span_wh <= before_wh <= span_wh and after_wh <= NEAR * span_wh:
            return span_wh - before_wh + after_wh
    return 0.0


def _held_reason(before_wh: float, after_wh: float, held: tuple[float, ...]) -> str:
    what = "fell" if after_wh < before_wh else "jumped"
    left = CONFIRMATIONS + 1 - len(held)
    return f"the counter {what} from {before_wh:.0f} to {after_wh:.0f} Wh; held until {left} more polls confirm it"
