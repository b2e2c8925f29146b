"""Times on the wire, and clocks that were never set."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

EARLIEST_SET_CLOCK_S: Final = 1_000_000_000
"""A DTU that was never told the time counts seconds since it started; no such count gets near the year 2001."""


def instant(time_s: int) -> datetime | None:
    """A time on the wire; `None` while the device's clock is not set."""
    return datetime.fromtimestamp(time_s, UTC) if time_s >= EARLIEST_SET_CLOCK_S else None
