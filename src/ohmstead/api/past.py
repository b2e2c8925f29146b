"""Answers about the past: a series, by default of today as the site's calendar has it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from ohmstead.api.asks import HistoryAsk, Step
from ohmstead.api.periods import LENGTHS, edges
from ohmstead.api.problems import Declined
from ohmstead.api.views import SeriesView, series_view
from ohmstead.gateway import Gateway
from ohmstead.model import DeviceId

MOST_POINTS: Final = 5_000
USUAL_POINTS: Final = 1_000
FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2100, 1, 1, tzinfo=UTC)
# fmt: off
STEPS_S: Final = (
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 21_600.0, 86_400.0
)
# fmt: on


class Span(msgspec.Struct, frozen=True):
    start: datetime
    end: datetime
    step_s: float
    step: Step | None = None


async def history(gateway: Gateway, ask: HistoryAsk) -> SeriesView:
    zone = gateway.site_file.site.zone
    span = span_of(ask, gateway.clock.now(), zone)
    device, remembered = DeviceId(ask.device), gateway.history
    if span.step is None:
        series = await remembered.series(device, ask.signal, span.start, span.end, span.step_s)
    else:
        series = await remembered.between(device, ask.signal, edges(span.step, span.start, span.end, zone))
    return series_view(series, span.start, span.end, span.step_s)


def span_of(ask: HistoryAsk, now: datetime, zone: ZoneInfo) -> Span:
    """What is asked for, with the gaps filled. Raises `Declined` for a span that makes no sense or is too long."""
    start, end = bounds(ask.start, ask.end, now, zone)
    length_s = (end - start).total_seconds()
    if ask.step is not None:
        if ask.step_s is not None:
            raise Declined(HTTPStatus.BAD_REQUEST, "step or step_s, and not both.")
        step_s = LENGTHS[ask.step].total_seconds()
        require_few(ceil(length_s / step_s))
        return Span(start, end, step_s, ask.step)
    step_s = _usual_step_s(length_s) if ask.step_s is None else ask.step_s
    require_few(ceil(length_s / step_s), f"a step_s of {length_s / MOST_POINTS:.0f} or more")
    return Span(start, end, step_s)


def require_few(points: int, instead: str = "a longer step") -> None:
    """Raises `Declined` for an answer that would be too long."""
    if points > MOST_POINTS:
        raise Declined(
            HTTPStatus.BAD_REQUEST,
            f"That would be {points} points, and {MOST_POINTS} are the most: use {instead}, or a shorter time.",
        )


def bounds(
    start: datetime | None, end: datetime | None, now: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    """The time asked for, with what was left open. Raises `Declined` for one that makes no sense."""
    try:
        first, last = _filled_in(start, end, now, zone)
    except OverflowError:
        raise _out_of_time() from None
    if not (FIRST <= first <= LAST and FIRST <= last <= LAST):
        raise _out_of_time()
    if first >= last:
        raise Declined(
            HTTPStatus.BAD_REQUEST,
            f"start is to lie before end, not {first.isoformat()} before {last.isoformat()}.",
        )
    return first, last


def _filled_in(
    start: datetime | None, end: datetime | None, now: datetime, zone: ZoneInfo
) -> tuple[datetime, datetime]:
    if start is None:
        last = _midnight(now, zone, days=1) if end is None else end.astimezone(UTC)
        return _midnight(last - timedelta(microseconds=1), zone), last
    first = start.astimezone(UTC)
    return first, _midnight(max(now, first), zone, days=1) if end is None else end.astimezone(UTC)


def _out_of_time() -> Declined:
    return Declined(
        HTTPStatus.BAD_REQUEST, f"start and end are to lie between the years {FIRST.year} and {LAST.year}."
    )


def _midnight(at: datetime, zone: ZoneInfo, days: int = 0) -> datetime:
    """The site's midnight at or before an instant, or some days later: days may have 23 or 25 hours."""
    date = at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(date, time(), zone).astimezone(UTC)


def _usual_step_s(length_s: float) -> float:
    fitting = (step_s for step_s in STEPS_S if length_s / step_s <= USUAL_POINTS)
    return next(fitting, length_s / USUAL_POINTS)
