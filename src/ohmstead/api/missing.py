"""Answers about what is missing of the past: polls that were due and brought nothing, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

import msgspec

from ohmstead.api.asks import GapsAsk
from ohmstead.api.past import bounds
from ohmstead.api.problems import Declined
from ohmstead.gateway import DeviceStatus, Gateway
from ohmstead.history import Gap
from ohmstead.polling import DARK, interval

LONGEST: Final = timedelta(days=1860)
"""Five years and a month."""


class GapView(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    """The source's name, or the device's id where only that device was missing."""
    start: datetime
    """When the first of its polls was due."""
    end: datetime
    """About when the next one was due; now, while it lasts."""
    polls: int
    """How many were due."""
    reason: str
    lasts: bool
    """Whether nothing has come since."""
    asleep: bool
    """Whether it was solar equipment without sun: nothing was wrong, and it produced nothing."""


class GapsView(msgspec.Struct, frozen=True, kw_only=True):
    start: datetime
    end: datetime
    gaps: tuple[GapView, ...]
    """In the order in which they began. The first may have begun before `start`, the last may end after `end`."""
    is_complete: bool
    """If not, there were more than the limit, and the oldest are left out."""


async def gaps(gateway: Gateway, ask: GapsAsk) -> GapsView:
    now = gateway.clock.now()
    start, end = bounds(ask.start, ask.end, now, gateway.site_file.site.zone)
    if end - start > LONGEST:
        raise Declined(
            HTTPStatus.BAD_REQUEST,
            f"Gaps are told for {LONGEST.days} days at once, not for {(end - start).days}: ask for a shorter time.",
        )
    found = await gateway.history.newest_gaps(start, end, ask.source, ask.limit)
    known = {name: status for status in gateway.devices() for name in (status.source, status.id)}
    views = tuple(gap_view(gap, known.get(gap.source), now, gateway.clock.speed) for gap in found.gaps)
    return GapsView(start=start, end=end, gaps=views, is_complete=found.is_complete)


def gap_view(gap: Gap, status: DeviceStatus | None, now: datetime, speed: float) -> GapView:
    """`status`: of the source or device, while the site has it; without it nobody waits for it any more."""
    lasts = gap.lasts and status is not None
    end = gap.end_at
    if gap.polls == 1 and status is not None and status.contract is not None:
        end = gap.last_at + interval(status.contract, speed)
    return GapView(
        source=gap.source,
        start=gap.first_at,
        end=max(now, gap.last_at) if lasts else end,
        polls=gap.polls,
        reason=gap.reason,
        lasts=lasts,
        asleep=gap.reason == DARK,
    )
