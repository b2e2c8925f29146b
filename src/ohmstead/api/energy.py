"""Answers about energy: which source fed which sink, what it cost, by quarter-hour, hour, day or month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from ohmstead.accounting import Sink, Source
from ohmstead.api.asks import EnergyAsk, Step
from ohmstead.api.past import bounds, require_few
from ohmstead.api.periods import LENGTHS, edges
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
    step = ask.step or (Step.QUARTER if end - start <= timedelta(days=2) else Step.DAY)
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
