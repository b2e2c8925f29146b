"""Answers about energy: which source fed which sink, what it cost, by quarter-hour, hour, day or month."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.accounting import Sink, Source
from ohmstead.api.asks import EnergyAsk, EnergyStep
from ohmstead.api.past import bounds, require_few
from ohmstead.gateway import Gateway, Stretch


class EnergyFlow(msgspec.Struct, frozen=True):
    source: Source
    sink: Sink
    energy_wh: float


class EnergyPeriod(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    """Its start."""
    flows: tuple[EnergyFlow, ...]
    """Adds up to the meters, by source and by sink."""
    cost_by_sink: Mapping[Sink, float]
    """What each sink's energy cost when it was bought, also where it waited in the battery."""
    emitted_g_by_sink: Mapping[Sink, float]
    earned: float
    """By what was sold."""
    unaccounted_wh: float
    """What sinks took beyond what any source is known to have given."""


class EnergyView(msgspec.Struct, frozen=True, kw_only=True):
    start: datetime
    end: datetime
    currency: str
    periods: tuple[EnergyPeriod, ...]
    """Those in which something flowed; the present quarter-hour is not among them."""


async def energy(gateway: Gateway, ask: EnergyAsk) -> EnergyView:
    site = gateway.site_file.site
    start, end = bounds(ask.start, ask.end, gateway.clock.now(), site.zone)
    step = ask.step or (EnergyStep.QUARTER if end - start <= timedelta(days=2) else EnergyStep.DAY)
    require_few(-((start - end) // LENGTHS[step]))
    stretches = await gateway.books.stretches(edges(step, start, end, site.zone))
    return EnergyView(start=start, end=end, currency=site.currency, periods=tuple(map(_period, stretches)))


def _period(stretch: Stretch) -> EnergyPeriod:
    entry = stretch.entry
    return EnergyPeriod(
        at=stretch.at,
        flows=tuple(EnergyFlow(source, sink, round(wh, 3)) for (source, sink), wh in entry.matrix.items()),
        cost_by_sink={sink: round(value.cost, 6) for sink, value in entry.by_sink.items()},
        emitted_g_by_sink={sink: round(value.emitted_g, 3) for sink, value in entry.by_sink.items()},
        earned=round(entry.earned, 6),
        unaccounted_wh=round(entry.unaccounted_wh, 3),
    )


# --- where periods begin ---


def edges(step: EnergyStep, start: datetime, end: datetime, zone: tzinfo) -> list[datetime]:
    """`start`, whatever begins behind it, and `end`; days and months begin at the site's midnight."""
    found, next_one = [start], NEXT[step]
    while (edge := next_one(found[-1], zone)) < end:
        found.append(edge)
    return [*found, end]


def _quarter(at: datetime, _: tzinfo) -> datetime:
    return at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0) + LENGTHS[EnergyStep.QUARTER]


def _hour(at: datetime, _: tzinfo) -> datetime:
    """Zones that are half an hour off have whole quarters all the same."""
    return at.replace(minute=0, second=0, microsecond=0) + LENGTHS[EnergyStep.HOUR]


def _day(at: datetime, zone: tzinfo) -> datetime:
    return _midnight(at.astimezone(zone).date() + timedelta(days=1), zone)


def _month(at: datetime, zone: tzinfo) -> datetime:
    first = at.astimezone(zone).date().replace(day=1)
    return _midnight((first + timedelta(days=31)).replace(day=1), zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


NEXT: Final[Mapping[EnergyStep, Callable[[datetime, tzinfo], datetime]]] = MappingProxyType(
    {
        EnergyStep.QUARTER: _quarter,
        EnergyStep.HOUR: _hour,
        EnergyStep.DAY: _day,
        EnergyStep.MONTH: _month,
    }
)
"""The first beginning behind an instant."""
LENGTHS: Final[Mapping[EnergyStep, timedelta]] = MappingProxyType(
    {
        EnergyStep.QUARTER: timedelta(minutes=15),
        EnergyStep.HOUR: timedelta(hours=1),
        EnergyStep.DAY: timedelta(days=1),
        EnergyStep.MONTH: timedelta(days=28),
    }
)
"""The shortest each can be."""
