"""From meters to amounts. A counter's difference is the truth; power times time stands in where there is no counter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.accounting.amounts import Amounts, Sink, Source, balanced


class Account(StrEnum):
    """What one counter of a role counts."""

    SOLAR = "solar"
    GENERATOR = "generator"
    IMPORTED = "imported"
    EXPORTED = "exported"
    DISCHARGED = "discharged"
    CHARGED = "charged"
    CHARGERS = "chargers"
    V2L_OUT = "v2l_out"
    V2L_IN = "v2l_in"
    HOME = "home"


GIVEN: Final[Mapping[Account, Source]] = {
    Account.SOLAR: Source.SOLAR,
    Account.GENERATOR: Source.GENERATOR,
    Account.V2L_IN: Source.VEHICLE,
    Account.DISCHARGED: Source.BATTERY,
    Account.IMPORTED: Source.GRID,
}
TAKEN: Final[Mapping[Account, Sink]] = {
    Account.CHARGERS: Sink.CHARGERS,
    Account.V2L_OUT: Sink.V2L,
    Account.CHARGED: Sink.BATTERY,
    Account.EXPORTED: Sink.GRID,
}


class Meter(msgspec.Struct, frozen=True, kw_only=True):
    """One device's counter over a row of equal stretches of time."""

    account: Account
    counter_wh: Sequence[float | None] = ()
    """At the end of each stretch, with one more in front: the count at the very beginning. None: not known."""
    power_w: Sequence[float | None] = ()
    """Means of the stretches, + in the counter's direction."""


def amounts_of(meters: Iterable[Meter], stretches: int, stretch_h: float) -> list[Amounts]:
    """Of each stretch. A stretch that no meter of an account knows takes none of it."""
    sums: dict[Account, list[float]] = {}
    for meter in meters:
        total = sums.setdefault(meter.account, [0.0] * stretches)
        for index, amount_wh in enumerate(energies(meter, stretches, stretch_h)):
            total[index] += amount_wh
    home = sums.get(Account.HOME)
    return [
        balanced(
            {source: sums[account][index] for account, source in GIVEN.items() if account in sums},
            {sink: sums[account][index] for account, sink in TAKEN.items() if account in sums},
            None if home is None else home[index],
        )
        for index in range(stretches)
    ]


def energies(meter: Meter, stretches: int, stretch_h: float) -> list[float]:
    """Wh of each stretch. What a counter gained while nobody looked is shared among the stretches of that gap as the
    power was, or evenly where that is not known either.
    """
    shape = [max(0.0, power or 0.0) * stretch_h for power in meter.power_w] or [0.0] * stretches
    if not meter.counter_wh:
        return shape
    found = [0.0] * stretches
    last: int | None = None
    for index, count in enumerate(meter.counter_wh):
        if count is None:
            continue
        if last is not None:
            gained_wh = max(0.0, count - (meter.counter_wh[last] or 0.0))
            _share(found, shape, last, index, gained_wh)
        last = index
    _stand_in(found, shape, meter.counter_wh, last)
    return found


def _share(found: list[float], shape: Sequence[float], first: int, end: int, gained_wh: float) -> None:
    weights = shape[first:end]
    total = sum(weights)
    for index in range(first, end):
        share = shape[index] / total if total > 0 else 1 / (end - first)
        found[index] = gained_wh * share


def _stand_in(
    found: list[float], shape: Sequence[float], counter_wh: Sequence[float | None], last: int | None
) -> None:
    """Before the first known count and after the last one only the power is known."""
    first = next((index for index, count in enumerate(counter_wh) if count is not None), len(found))
    for index in (*range(min(first, len(found))), *range(len(found) if last is None else last, len(found))):
        found[index] = shape[index]
