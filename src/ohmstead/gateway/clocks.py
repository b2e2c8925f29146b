"""Whether the clocks of devices are right. Nothing here goes by them; what they do by the time of day does.

Readings are stamped by the gateway's clock, so a device that lives in 1970 loses no sample. But its charging windows open
at its own hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from ohmstead.gateway.status import DeviceStatus
from ohmstead.model import Detail, DeviceId
from ohmstead.polling import Finding, Trouble

CLOCKS: Final = frozenset({"system_time", "data_time_s"})
"""Details in which devices tell their own time: as text in the site's civil time, or in seconds since 1970."""
OFF: Final = timedelta(minutes=15)
"""Data sets are some minutes old where a device measures in steps of five."""
EPOCH_YEARS: Final = timedelta(days=5 * 365)
"""A counter of seconds that never was set began not long ago."""


class DeviceClocks:
    """Remembers since when each clock is known to be off."""

    def __init__(self) -> None:
        self._since: dict[DeviceId, datetime] = {}

    def findings(
        self, statuses: Iterable[DeviceStatus], zone: ZoneInfo, now: datetime
    ) -> tuple[Finding, ...]:
        found = {
            status.id: words(status.id, ahead)
            for status in statuses
            for detail in status.details
            if (ahead := drift(detail, zone)) is not None and abs(ahead) > OFF
        }
        self._since = {device: self._since.get(device, now) for device in found}
        return tuple(
            Finding(trouble=Trouble.CLOCK, words=text, since=self._since[device])
            for device, text in found.items()
        )


def drift(detail: Detail, zone: ZoneInfo) -> timedelta | None:
    """How far a device's clock was ahead when it was read; None if the detail tells none, or not when it came."""
    if detail.key not in CLOCKS or detail.at is None:
        return None
    told = _instant(detail.value, zone)
    return None if told is None else told - detail.at


def words(device: DeviceId, ahead: timedelta) -> str:
    return (
        f"The clock of {device} is {_span(abs(ahead))} {'ahead' if ahead > timedelta() else 'behind'}. What is recorded goes "
        "by the gateway's clock and is right, but its own schedules run at the wrong hours: set its clock in the "
        "vendor's app."
    )


def _instant(value: object, zone: ZoneInfo) -> datetime | None:
    try:
        match value:
            case str():
                told = datetime.fromisoformat(value)
                return told if told.tzinfo else told.replace(tzinfo=zone)
            case int() | float() if value > EPOCH_YEARS.total_seconds():
                return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _span(span: timedelta) -> str:
    if span >= timedelta(days=2):
        return f"{span.days} days"
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
