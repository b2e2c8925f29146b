"""Where the periods of an answer begin: quarter-hours and hours by the clock, days and months by the site's calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Final

from ohmstead.api.asks import Step


def edges(step: Step, start: datetime, end: datetime, zone: tzinfo) -> list[datetime]:
    """`start`, whatever begins behind it, and `end`; days and months begin at the site's midnight."""
    found, next_one = [start], NEXT[step]
    while (edge := next_one(found[-1], zone)) < end:
        found.append(edge)
    return [*found, end]


def _quarter(at: datetime, _: tzinfo) -> datetime:
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + LENGTHS[Step.QUARTER]


def _hour(at: datetime, _: tzinfo) -> datetime:
    """Zones that are half an hour off have whole quarters all the same."""
    return at.replace(minute=0, second=0, microsecond=0) + LENGTHS[Step.HOUR]


def _day(at: datetime, zone: tzinfo) -> datetime:
    return _midnight(at.astimezone(zone).date() + timedelta(days=1), zone)


def _month(at: datetime, zone: tzinfo) -> datetime:
    first = at.astimezone(zone).date().replace(day=1)
    return _midnight((first + timedelta(days=31)).replace(day=1), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


NEXT: Final[Mapping[Step, Callable[[datetime, tzinfo], datetime]]] = MappingProxyType(
    {
        Step.QUARTER: _quarter,
        Step.HOUR: _hour,
        Step.DAY: _day,
        Step.MONTH: _month,
    }
)
"""The first beginning behind an instant."""
LENGTHS: Final[Mapping[Step, timedelta]] = MappingProxyType(
    {
        Step.QUARTER: timedelta(minutes=15),
        Step.HOUR: timedelta(hours=1),
        Step.DAY: timedelta(days=1),
        Step.MONTH: timedelta(days=28),
    }
)
"""The shortest each can be."""
