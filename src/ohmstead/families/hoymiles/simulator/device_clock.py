"""The clock of a simulated device. Only a cloud sets it; until then it counts from its start."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random


class DeviceClock:
    def __init__(self, at: datetime, random: Random, *, is_set: bool) -> None:
        # It was on for a while when the world begins.
        self.booted_at = at - timedelta(seconds=random.randint(600, 3600))
        self.is_set = is_set
        self.error = timedelta(0)
        """What it is ahead by, once set."""

    def time_s(self, at: datetime) -> int:
        """What it shows at a moment."""
        since = at.timestamp() + self.error.total_seconds() if self.is_set else self.up_s(at)
        return int(since)

    def alarm_time_s(self, at: datetime) -> int:
        """-1 while it is not set, as real ones have it."""
        return self.time_s(at) if self.is_set else -1

    def up_s(self, at: datetime) -> float:
        return (at - self.booted_at).total_seconds()

    def set(self, time_s: int, now: datetime) -> None:
        self.is_set = True
        self.error = timedelta(seconds=time_s - int(now.timestamp()))

    def restart(self, at: datetime, *, is_set: bool) -> None:
        """`is_set`: whether it knows the time then, as one that a battery keeps."""
        self.booted_at = at
        self.is_set = is_set
