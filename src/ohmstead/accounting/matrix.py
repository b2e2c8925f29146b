"""Which source fed which sink. Nobody can label a watt, so a rule has to say; this one gives what people expect.

Nothing that comes from the street goes back to it, and no battery charges itself, as long as there is another way to
read the meters. What is sold is taken from the sun first hand, what is stored as well; everything else drinks from one
mixture. The matrix always adds up to the meters, by row and by column.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from ohmstead.accounting.amounts import SINKS, SOURCES, Amounts, Sink, Source

Matrix = Mapping[tuple[Source, Sink], float]
"""Wh by source and sink; pairs without any are left out."""

PICKY: Final[tuple[tuple[Sink, tuple[Source, ...]], ...]] = (
    (Sink.GRID, (Source.SOLAR, Source.GENERATOR, Source.VEHICLE, Source.BATTERY)),
    (Sink.BATTERY, (Source.SOLAR, Source.GENERATOR, Source.VEHICLE, Source.GRID)),
)
"""Sinks that some source cannot sensibly feed, in the order in which they choose."""
LEAST_WH: Final = 1e-9
"""Below this is the dust of floating point."""


def split(amounts: Amounts) -> Matrix:
    """The matrix of one stretch of time."""
    left = {source: amounts.given.get(source, 0.0) for source in SOURCES}
    wanted = {sink: amounts.taken.get(sink, 0.0) for sink in SINKS}
    found: dict[tuple[Source, Sink], float] = {}
    for sink, fitting in PICKY:
        for choice in (fitting, SOURCES):
            wanted[sink] -= _pour(found, left, sink, choice, wanted[sink])
    mixture_wh = sum(wanted.values())
    supply_wh = sum(left.values())
    for sink, amount_wh in wanted.items():
        if amount_wh > LEAST_WH and supply_wh > LEAST_WH:
            share = amount_wh / mixture_wh
            _pour(found, {source: have * share for source, have in left.items()}, sink, SOURCES, amount_wh)
    return {pair: amount for pair, amount in found.items() if amount > LEAST_WH}


def _pour(
    found: dict[tuple[Source, Sink], float],
    left: dict[Source, float],
    sink: Sink,
    choice: Collection[Source],
    amount_wh: float,
) -> float:
    """Take up to so much from the chosen sources, from each in proportion to what it has left."""
    have_wh = sum(left[source] for source in choice)
    taken_wh = min(amount_wh, have_wh)
    if taken_wh <= LEAST_WH:
        return 0.0
    for source in choice:
        part_wh = left[source] * taken_wh / have_wh
        found[source, sink] = found.get((source, sink), 0.0) + part_wh
        left[source] -= part_wh
    return taken_wh


def added(matrices: Collection[Matrix]) -> Matrix:
    """Several stretches as one."""
    total: dict[tuple[Source, Sink], float] = {}
    for matrix in matrices:
        for pair, amount in matrix.items():
            total[pair] = total.get(pair, 0.0) + amount
    return total
