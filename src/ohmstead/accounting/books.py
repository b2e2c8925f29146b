"""What energy cost and emitted, also the part that waited in the battery.

A battery is a purse: what goes in brings its cost and its emissions along, what comes out takes its share of both. Cost
is conserved, so the losses of storing make what comes out dearer than what went in. Energy that was in the battery
before the books were opened is worth nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import msgspec

from ohmstead.accounting.amounts import Amounts, Sink, Source
from ohmstead.accounting.matrix import Matrix, added, split

WH_PER_KWH: Final = 1000.0
USUAL_EFFICIENCY: Final = 0.88
"""From AC to AC and back, until a battery's own counters say better."""
LEARNT_AFTER_WH: Final = 20_000.0
LOWEST_EFFICIENCY: Final = 0.5


class Rates(msgspec.Struct, frozen=True, kw_only=True):
    """Of one stretch of time; money in the site's currency."""

    import_per_kwh: float = 0.0
    """May be below zero."""
    export_per_kwh: float = 0.0
    grid_g_per_kwh: float = 0.0
    """Emissions of the grid, in grams of CO₂ equivalent."""
    generator_per_kwh: float = 0.0
    generator_g_per_kwh: float = 0.0


class Value(msgspec.Struct, frozen=True):
    cost: float = 0.0
    emitted_g: float = 0.0

    def __add__(self, other: Value) -> Value:
        return Value(self.cost + other.cost, self.emitted_g + other.emitted_g)

    def times(self, factor: float) -> Value:
        return Value(self.cost * factor, self.emitted_g * factor)


NOTHING: Final = Value()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One stretch of time."""

    matrix: Matrix
    by_sink: Mapping[Sink, Value]
    """What each sink's energy cost and emitted; for the grid, what the energy sold had cost."""
    earned: float
    """By what was sold."""
    unaccounted_wh: float


def total(entries: Collection[Entry]) -> Entry:
    """Several stretches of time as one."""
    by_sink: dict[Sink, Value] = {}
    for entry in entries:
        for sink, value in entry.by_sink.items():
            by_sink[sink] = by_sink.get(sink, NOTHING) + value
    return Entry(
        matrix=added([entry.matrix for entry in entries]),
        by_sink=by_sink,
        earned=sum(entry.earned for entry in entries),
        unaccounted_wh=sum(entry.unaccounted_wh for entry in entries),
    )


class Books(msgspec.Struct):
    """Entries are made in order of time. All of it can be stored between two of them."""

    stored_wh: float = 0.0
    """Energy in the battery that was bought or made since the books were opened, as it went in."""
    stored: Value = NOTHING
    charged_wh: float = 0.0
    discharged_wh: float = 0.0

    @property
    def efficiency(self) -> float:
        """What comes out of what went in."""
        if self.charged_wh < LEARNT_AFTER_WH:
            return USUAL_EFFICIENCY
        return min(1.0, max(LOWEST_EFFICIENCY, self.discharged_wh / self.charged_wh))

    def enter(self, amounts: Amounts, rates: Rates) -> Entry:
        """Book one stretch."""
        matrix = split(amounts)
        per_wh = {
            Source.GRID: Value(rates.import_per_kwh, rates.grid_g_per_kwh).times(1 / WH_PER_KWH),
            Source.GENERATOR: Value(rates.generator_per_kwh, rates.generator_g_per_kwh).times(1 / WH_PER_KWH),
            Source.BATTERY: self._withdraw(amounts.given.get(Source.BATTERY, 0.0)),
        }
        by_sink: dict[Sink, Value] = {}
        for (source, sink), amount_wh in matrix.items():
            by_sink[sink] = by_sink.get(sink, NOTHING) + per_wh.get(source, NOTHING).times(amount_wh)
        self._deposit(amounts.taken.get(Sink.BATTERY, 0.0), by_sink.get(Sink.BATTERY, NOTHING))
        sold_wh = amounts.taken.get(Sink.GRID, 0.0)
        return Entry(
            matrix=matrix,
            by_sink=by_sink,
            earned=sold_wh * rates.export_per_kwh / WH_PER_KWH,
            unaccounted_wh=amounts.unaccounted_wh,
        )

    def _withdraw(self, amount_wh: float) -> Value:
        """Takes it out of the purse; says what each Wh is worth."""
        if amount_wh <= 0:
            return NOTHING
        drawn_wh = min(amount_wh / self.efficiency, self.stored_wh)
        share = drawn_wh / self.stored_wh if self.stored_wh > 0 else 0.0
        value = self.stored.times(share)
        self.stored_wh -= drawn_wh
        self.stored = self.stored.times(1 - share)
        self.discharged_wh += amount_wh
        return value.times(1 / amount_wh)

    def _deposit(self, amount_wh: float, value: Value) -> None:
        self.stored_wh += amount_wh
        self.stored += value
        self.charged_wh += amount_wh
