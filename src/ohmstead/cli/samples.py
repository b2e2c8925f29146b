"""A sample for programs and for people. Secrets are blanked in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.kit.console import Table, blank, quantity
from ohmstead.model import Detail, DeviceId, DeviceInfo, Reading, Sample

UNITS: Final = {
    "w": "W",
    "wh": "Wh",
    "a": "A",
    "v": "V",
    "hz": "Hz",
    "c": "°C",
    "pct": "%",
    "s": "s",
}
"""The last word of a field's name is its unit."""

COLUMNS: Final = ("field", "value")


class DeviceDocument(msgspec.Struct, frozen=True, kw_only=True):
    id: DeviceId
    family: str
    model: str
    serial: str
    firmware: str
    name: str
    readings: tuple[Reading, ...]
    details: tuple[Detail, ...]


class SampleDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `ohmstead read --json` prints."""

    at: datetime
    devices: tuple[DeviceDocument, ...]
    missing: Mapping[str, str]


def sample_document(devices: Mapping[DeviceId, DeviceInfo], sample: Sample) -> SampleDocument:
    documents = tuple(
        DeviceDocument(
            **msgspec.structs.asdict(info),
            readings=tuple(reading for reading in sample.readings if reading.device == device),
            details=tuple(blanked(detail) for detail in sample.details.get(device, ())),
        )
        for device, info in devices.items()
    )
    return SampleDocument(at=sample.at, devices=documents, missing=sample.missing)


def blanked(detail: Detail) -> Detail:
    return msgspec.structs.replace(detail, value=blank(detail.value)) if detail.secret else detail


def sample_tables(document: SampleDocument) -> Iterator[Table]:
    """One table for each device, its readings first; and one for what is missing."""
    for device in document.devices:
        rows = [row for reading in device.readings for row in reading_rows(reading)]
        rows += [(detail.label, quantity(detail.value, detail.unit)) for detail in device.details]
        yield Table(title=device_title(device), columns=COLUMNS, rows=tuple(rows))
    if document.missing:
        rows = list(document.missing.items())
        yield Table(title="Missing", columns=("what", "why"), rows=tuple(rows))


def device_title(device: DeviceDocument) -> str:
    words = (device.name or device.model, device.serial, device.firmware, f"({device.id})")
    return " ".join(word for word in words if word)


def reading_rows(reading: Reading) -> Iterator[tuple[str, str]]:
    """The known fields, in words: `imported_wh` of a grid reading is `grid imported` in Wh."""
    role = str(reading.__struct_config__.tag).replace("_", " ")
    for field, value in msgspec.structs.asdict(reading).items():
        if field in {"device", "at", "quality"} or value is None:
            continue
        words, _, last = field.rpartition("_")
        name, unit = (words, UNITS[last]) if last in UNITS else (field, "")
        yield f"{role} {name.replace('_', ' ')}", quantity(value, unit)
