"""What a DTU remembers of past power: a value every two minutes for a week, and the energy of each day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

STEP_S: Final = 120
DAYS_KEPT: Final = 7
VALUES_PER_PACKET: Final = 100


class Day(msgspec.Struct, kw_only=True):
    start: datetime
    """Of the first value."""
    powers_w: list[float]
    energy_wh: float = 0.0


class PowerHistory:
    """Days are local ones of the home."""

    def __init__(self, at: datetime, utc_offset_s: float) -> None:
        self._offset = timedelta(seconds=utc_offset_s)
        self.days: dict[date, Day] = {}
        self._due = at

    def recall(self, at: datetime, could_w: Callable[[datetime], float]) -> None:
        """Fill in the day so far, as if it had been watched from its midnight. `could_w` is asked once for each moment."""
        step = timedelta(seconds=STEP_S)
        steps = (at - self._midnight(at)) // step
        self.days.clear()
        moment = at - steps * step
        for _ in range(steps):
            self._note(moment, could_w(moment))
            moment += step
        self._due = moment

    def tick(self, at: datetime, power_w: float) -> None:
        if at >= self._due:
            self._due += timedelta(seconds=STEP_S)
            if self._due <= at:
                self._due = at + timedelta(seconds=STEP_S)
            self._note(at, power_w)

    def day(self, at: datetime, days_ago: int) -> Day | None:
        if days_ago >= DAYS_KEPT:
            return None
        return self.days.get((at + self._offset).date() - timedelta(days=days_ago))

    def kept(self) -> Sequence[Day]:
        """Oldest first."""
        return tuple(self.days.values())

    def _note(self, at: datetime, power_w: float) -> None:
        key = (at + self._offset).date()
        if key not in self.days:
            self.days[key] = Day(start=at, powers_w=[])
            while len(self.days) > DAYS_KEPT:
                del self.days[next(iter(self.days))]
        day = self.days[key]
        day.powers_w.append(power_w)
        day.energy_wh += power_w * STEP_S / 3600.0

    def _midnight(self, at: datetime) -> datetime:
        local = at + self._offset
        return local.replace(hour=0, minute=0, second=0, microsecond=0) - self._offset
