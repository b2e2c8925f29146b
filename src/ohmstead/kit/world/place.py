"""Where the home stands: what the sun and the household's day need to know of it."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Place(msgspec.Struct, frozen=True):
    """North and east are positive. The offset is one for the whole year: a simulated home keeps no summer time."""

    latitude_deg: float = 50.0
    longitude_deg: float = 10.0
    utc_offset_s: float = 3600.0

    def __post_init__(self) -> None:
        if not -90.0 <= self.latitude_deg <= 90.0:
            raise ValueError(f"a latitude lies in -90 to 90 degrees, not at {self.latitude_deg}")
        if not -180.0 <= self.longitude_deg <= 180.0:
            raise ValueError(f"a longitude lies in -180 to 180 degrees, not at {self.longitude_deg}")
        if not abs(self.utc_offset_s) <= 14 * 3600:
            raise ValueError(f"an offset from UTC is at most 14 hours, not {self.utc_offset_s} s")

    def local_hour_h(self, at: datetime) -> float:
        """Hours since local midnight, 0 to 24."""
        return ((at.timestamp() + self.utc_offset_s) % 86400.0) / 3600.0
