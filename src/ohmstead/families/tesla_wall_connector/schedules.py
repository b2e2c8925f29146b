"""Charging schedules as a unit takes them: one period at least, and a time zone with one change of its offset."""

from __future__ import annotations

from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp

from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import WCAPIConfigureChargeScheduleRequest
from ohmstead.families.tesla_wall_connector.protos.wc_schedule_pb2 import (
    WCChargeSchedule,
    WCChargeScheduleConfig,
    WCChargeScheduleDayTimePeriods,
    WCChargeScheduleTimePeriod,
    WCTimeZone,
    WCTimeZoneInfo,
    WCTimeZoneTransition,
)

EVERY_DAY: Final = 127
DAY_S: Final = 86_400


def always(*, is_enabled: bool) -> WCAPIConfigureChargeScheduleRequest:
    """All day, every day: enabling and disabling it works as a switch."""
    all_day = WCChargeScheduleDayTimePeriods(
        time_periods=[WCChargeScheduleTimePeriod(end_seconds=DAY_S)], day_bitmask=EVERY_DAY
    )
    utc = WCTimeZoneInfo(transitions=[WCTimeZoneTransition(timestamp=Timestamp())])
    return WCAPIConfigureChargeScheduleRequest(
        config=WCChargeScheduleConfig(
            enable_schedule=is_enabled, schedule=WCChargeSchedule(day_time_periods=[all_day])
        ),
        time_zone=WCTimeZone(time_zone_id="UTC", time_zone_info=utc),
    )
