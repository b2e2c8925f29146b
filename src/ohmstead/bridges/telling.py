"""What may be told of a reading. A suspect is never told; of an old one only its totals are, for they stay true.

What is only recalled after a restart is not told at all: after a power cut it may be older than what was told before it,
and a total must not fall.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

import msgspec

from ohmstead.bridges.fields import FIELDS_OF, Field, Kind
from ohmstead.gateway import DeviceStatus
from ohmstead.model import ChargerState, Detail, Quality, Reading, SolarReading
from ohmstead.polling import HealthState

REACHED = frozenset({HealthState.GOOD, HealthState.STALE, HealthState.ASLEEP})
"""One lost poll is no absence, and neither is a night without sun."""

Value = float | int | bool | str | None


class Told(msgspec.Struct, frozen=True):
    field: Field
    value: Value
    """None: not known now."""


class Recalled:
    """What devices had said before the start, as it stands when a bridge begins."""

    def __init__(self, devices: Iterable[DeviceStatus] = ()) -> None:
        self._ats = {
            (status.id, type(reading)): reading.at
            for status in devices
            if status.last_good_at is None
            for reading in status.readings
        }

    def has(self, reading: Reading) -> bool:
        return self._ats.get((reading.device, type(reading))) == reading.at


def is_reached(status: DeviceStatus) -> bool:
    return status.health in REACHED


def told(status: DeviceStatus, recalled: Recalled) -> Iterator[tuple[Reading, tuple[Told, ...]]]:
    """Each reading of a device with all its fields."""
    is_asleep = status.health is HealthState.ASLEEP
    for reading in status.readings:
        if recalled.has(reading):
            yield reading, tuple(Told(field, None) for field in FIELDS_OF[type(reading)])
            continue
        yield (
            reading,
            tuple(Told(field, _value(reading, field, is_asleep)) for field in FIELDS_OF[type(reading)]),
        )


def told_details(status: DeviceStatus) -> Iterator[Detail]:
    """Those a person may see who looks at a broker: none that are secret, no suspect value."""
    for detail in status.details:
        if not detail.secret:
            is_doubtful = detail.quality is Quality.SUSPECT
            yield msgspec.structs.replace(detail, value=None) if is_doubtful else detail


def _value(reading: Reading, field: Field, is_asleep: bool) -> Value:  # noqa: FBT001 - one call, above
    if reading.quality is Quality.SUSPECT:
        return None
    if is_asleep and isinstance(reading, SolarReading) and field.name == "power_w":
        return 0.0
    if reading.quality is Quality.STALE and field.kind is not Kind.TOTAL:
        return None
    found = getattr(reading, field.name)
    if found is ChargerState.UNKNOWN:
        return None
    value: Value = found.value if isinstance(found, Enum) else found
    return value
