"""When a car is gone, and what the drive costs it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import msgspec

from ohmstead.kit.world.place import Place


class Trip(msgspec.Struct, frozen=True):
    leaves_at: datetime
    returns_at: datetime
    energy_wh: float
    plugs_in: bool = True
    """Whether the driver plugs in on coming back."""

    def __post_init__(self) -> None:
        if self.returns_at <= self.leaves_at:
            raise ValueError(f"a trip ends after it begins, not at {self.returns_at.isoformat()}")


class Commute(msgspec.Struct, frozen=True):
    """Every weekday the same, in local hours."""

    place: Place
    leaves_h: float = 7.75
    returns_h: float = 17.5
    energy_wh: float = 8000.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.leaves_h < self.returns_h < 24.0:
            raise ValueError(
                f"a commute leaves before it returns on one day, not from {self.leaves_h} to {self.returns_h} h"
            )

    def trip_after(self, at: datetime) -> Trip:
        """The next one that has not begun."""
        local = at.astimezone(timezone(timedelta(seconds=self.place.utc_offset_s)))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        while midnight.weekday() > 4 or midnight + timedelta(hours=self.leaves_h) <= local:
            midnight += timedelta(days=1)
        return Trip(
            midnight + timedelta(hours=self.leaves_h),
            midnight + timedelta(hours=self.returns_h),
            self.energy_wh,
        )
