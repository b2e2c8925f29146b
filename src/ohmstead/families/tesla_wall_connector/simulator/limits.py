"""What holds the current down for a while, and is forgotten without power: temporary limits, commands, a schedule."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from ohmstead.families.tesla_wall_connector.protos.wc_schedule_pb2 import WCChargeScheduleConfig
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import WCProvisionalOperationalParams

DAY_S = 86_400


class Limits:
    """Seconds are the world's."""

    def __init__(self) -> None:
        self._most_a = 0
        self._is_inhibited = False
        self._until_s = -math.inf
        self.is_stopped = False
        """By a command; a start command takes it back."""
        self._disallowed_until_s = -math.inf

    def set(self, asked: WCProvisionalOperationalParams, now_s: float) -> None:
        self._most_a = asked.limit_current_max_amps
        self._is_inhibited = asked.inhibit_charging
        self._until_s = now_s + asked.limit_timeout_s

    def disallow(self, ttl_s: float, now_s: float) -> None:
        self._disallowed_until_s = now_s + ttl_s

    def shown(self, now_s: float) -> WCProvisionalOperationalParams:
        left_s = self._until_s - now_s
        if left_s <= 0:
            return WCProvisionalOperationalParams()
        return WCProvisionalOperationalParams(
            limit_current_max_amps=self._most_a,
            limit_timeout_s=math.ceil(left_s),
            inhibit_charging=self._is_inhibited,
        )

    def allowed_a(self, stored_a: float, now_s: float) -> float:
        if self.is_stopped or now_s < self._disallowed_until_s:
            return 0.0
        if now_s >= self._until_s:
            return stored_a
        if self._is_inhibited:
            return 0.0
        return min(stored_a, self._most_a) if self._most_a else stored_a


class Schedule:
    """Whether a schedule lets charge now. Local time is the home's."""

    def __init__(self, config: bytes, utc_offset_s: float) -> None:
        self.config = WCChargeScheduleConfig.FromString(config)
        self._offset = timedelta(seconds=utc_offset_s)

    def allows(self, at: datetime) -> bool:
        if not self.config.enable_schedule:
            return True
        local = at + self._offset
        second = local.hour * 3600 + local.minute * 60 + local.second
        day_bit = 1 << (local.isoweekday() % 7)
        return any(
            period.start_seconds <= second < (period.end_seconds or DAY_S)
            for day in self.config.schedule.day_time_periods
            if day.day_bitmask & day_bit
            for period in day.time_periods
        )
