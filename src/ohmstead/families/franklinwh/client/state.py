"""What a line remembers between calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.client.decoding import Decoded
from ohmstead.families.franklinwh.client.plans import NO_ELECTRICAL, NO_METERING_NOW, NO_METERING_TOTALS
from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.client.today import SinceMidnight

NO_RECORD: Final[Mapping[str, Any]] = MappingProxyType({})
"""Any: the vendor's JSON."""


class LineState(msgspec.Struct):
    stats: Stats | None = None
    """The last live ones: what is told again while nothing newer comes."""
    stats_at: datetime | None = None
    written_at: datetime | None = None
    """The last write of ours: what was read before it may have changed."""
    snapshot: Any = None
    """Any: discovery's snapshot; discovery imports this package, not the other way round."""
    snapshot_at: datetime | None = None
    electrical: Decoded = NO_ELECTRICAL
    """The last read of voltages and relays; it stays until the next."""
    electrical_at: datetime | None = None
    metering: Mapping[str, Any] = NO_RECORD
    """The last one, and what it says."""
    metering_now: Decoded = NO_METERING_NOW
    metering_totals: Decoded = NO_METERING_TOTALS
    today: dict[str, SinceMidnight] = {}
    """Of counters that count a lifetime, by their name."""
    resting: dict[str, datetime] = {}
    """What could not be read and is left alone until then."""
    accessory_list: list[Any] | None = None
    """Any: the vendor's JSON."""
    accessory_kinds: frozenset[int] = frozenset()
    """Of that list."""
    is_not_grid_tied: bool | None = None
    """Read once; None until then."""
    plan: Mapping[str, Any] = NO_RECORD
    """The tariff's, once somebody asked for it."""
    zone: tzinfo = UTC
    """The gateway's own, known together with the plan."""

    def rest(self, name: str, until: datetime) -> None:
        self.resting[name] = until

    def is_resting(self, name: str, now: datetime) -> bool:
        until = self.resting.get(name)
        return until is not None and now < until
