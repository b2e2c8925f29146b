"""The inverter's own clock: civil time in the place's zone, plus what it is wrong by."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

DAY_S: Final = 86_400.0


class InverterClock:
    def __init__(self, now: datetime, utc_offset_s: float, *, drift_s_per_day: float = 0.0) -> None:
        self.drift_s_per_day = drift_s_per_day
        self._set_at_s = now.timestamp()
        self._offset_s = utc_offset_s

    def local_s(self, now_s: float) -> float:
        """Seconds since 1970 as this clock shows them, at an instant given in seconds since 1970."""
        drift_s = (now_s - self._set_at_s) * self.drift_s_per_day / DAY_S
        return now_s + self._offset_s + drift_s

    def shows(self, now: datetime) -> datetime:
        """Date and time of day, without a zone: a device knows none."""
        return datetime.fromtimestamp(int(self.local_s(now.timestamp())), UTC).replace(tzinfo=None)

    def set(self, now: datetime, wanted: datetime) -> None:
        """Show `wanted`, which has no zone, from now on."""
        self._set_at_s = now.timestamp()
        self._offset_s = wanted.replace(tzinfo=UTC).timestamp() - self._set_at_s
