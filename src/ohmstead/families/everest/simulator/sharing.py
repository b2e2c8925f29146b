"""What each EVSE may draw: the smallest of all that limits it, and a fair part of the fuse that all share. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

LEAST_A: Final = 6.0
"""IEC 61851-1: a pilot cannot offer less."""


class SourceLimit(msgspec.Struct, frozen=True):
    """Somebody's limit, per phase; one that has run out counts no more."""

    current_a: float
    valid_until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return self.valid_until is None or at < self.valid_until


def smallest(limits: Mapping[str, SourceLimit], at: datetime) -> tuple[str, float]:
    """Who limits most now, and to what."""
    holding = {source: limit.current_a for source, limit in limits.items() if limit.holds(at)}
    source = min(holding, key=holding.__getitem__)
    return source, max(holding[source], 0.0)


def shared(fuse_a: float, wanted_a: Sequence[float]) -> list[float]:
    """Parts of the fuse, none above what is wanted, and what one leaves over goes to the others."""
    parts_a = [0.0] * len(wanted_a)
    left_a = fuse_a
    for place, number in enumerate(sorted(range(len(wanted_a)), key=wanted_a.__getitem__)):
        parts_a[number] = min(wanted_a[number], left_a / (len(wanted_a) - place))
        left_a -= parts_a[number]
    return parts_a
