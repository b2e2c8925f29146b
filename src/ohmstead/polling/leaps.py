"""Values that change faster than their quantity can: kept aside until the next poll says nearly the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.polling.pace import MARGIN, peak


class Leap(msgspec.Struct, frozen=True):
    """How far a value may move from one poll to the next."""

    step_value: float
    """However soon it comes."""
    minute_value: float
    """More for each minute in between."""
    what: str

    def reach(self, elapsed_s: float) -> float:
        return self.step_value + self.minute_value * max(elapsed_s, 0.0) / 60


LEAPS: Final[Mapping[str, Leap]] = MappingProxyType(
    {
        "soc_pct": Leap(10.0, 5.0, "no battery's charge changes that fast"),
        "vehicle_soc_pct": Leap(10.0, 5.0, "no car's charge changes that fast"),
        "temperature_c": Leap(15.0, 5.0, "no battery warms or cools that fast"),
    }
)
"""A battery is full in no less than a quarter of an hour; the rest is how coarsely it counts."""
COMMON_W: Final = 25_000.0
"""Up to here any power of a home may come at once."""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered of one field."""

    value: float
    at: datetime
    doubted_value: float | None = None
    """The value before this one that was kept aside."""


def leap(last: Seen | None, field: str, value: float, at: datetime) -> tuple[Seen, str]:
    """What to remember, and why the value is doubted; no reason if it is not."""
    limit = LEAPS[field]
    if last is None:
        return Seen(value=value, at=at), ""
    reach = limit.reach((at - last.at).total_seconds())
    is_confirmed = last.doubted_value is not None and abs(value - last.doubted_value) <= limit.step_value
    if abs(value - last.value) <= reach or is_confirmed:
        return Seen(value=value, at=at), ""
    doubted = msgspec.structs.replace(last, doubted_value=value)
    return doubted, f"from {last.value:g} to {value:g} at once: {limit.what}, until the next poll confirms it"


class Peak(msgspec.Struct, frozen=True, kw_only=True):
    highest_w: float | None = None
    doubted_w: float | None = None


def surge(known: Peak, power_w: float) -> tuple[Peak, str]:
    """The same for a power: doubted where the device never had it, and hardly any home could."""
    limit_w = max(COMMON_W, MARGIN * (known.highest_w or 0.0))
    is_confirmed = known.doubted_w is not None and abs(power_w - known.doubted_w) <= abs(power_w) / 2
    if abs(power_w) <= limit_w or is_confirmed:
        return Peak(highest_w=peak(known.highest_w, power_w)), ""
    return (
        Peak(highest_w=known.highest_w, doubted_w=power_w),
        f"{power_w:.0f} W is far more than was ever seen here, until the next poll confirms it",
    )
