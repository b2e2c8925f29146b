"""What is remembered of which signal."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ohmstead.history.answers import Signal
from ohmstead.history.hours import Hours
from ohmstead.history.names import Names
from ohmstead.history.reading import open_reader
from ohmstead.history.times import END_HOUR, from_ms, key
from ohmstead.model import DeviceId, unit_of


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """What a history file holds."""

    size_bytes: int
    """With the log beside it."""
    signals: tuple[Signal, ...]

    @property
    def samples(self) -> int:
        return sum(signal.samples for signal in self.signals)


def extent(path: Path) -> Extent:
    """Of a file that a gateway may be writing. Raises `HistoryError`."""
    parts = (path, path.with_name(path.name + "-wal"))
    size_bytes = sum(part.stat().st_size for part in parts if part.exists())
    with open_reader(path) as reader:
        return Extent(size_bytes=size_bytes, signals=signals(reader.connection, reader.hours, reader.names))


class _Extent(msgspec.Struct):
    samples: int
    first_ms: int | None
    last_ms: int | None

    def widen(self, at_ms: int) -> None:
        self.samples += 1
        self.first_ms = at_ms if self.first_ms is None else min(self.first_ms, at_ms)
        self.last_ms = at_ms if self.last_ms is None else max(self.last_ms, at_ms)


def signals(connection: sqlite3.Connection, hours: Hours, names: Names) -> tuple[Signal, ...]:
    """Those with samples, in order of device, role and field."""
    found: list[Signal] = []
    for device, number in sorted(names.devices().items()):
        fields = names.signals(number)
        extents = _extents(connection, hours, number, fields)
        for signal, (role, field) in sorted(fields.items(), key=lambda item: item[1]):
            found += _signal(DeviceId(device), role, field, extents[signal])
    return tuple(found)


def _extents(
    connection: sqlite3.Connection, hours: Hours, device: int, fields: Mapping[int, object]
) -> dict[int, _Extent]:
    """The sealed ones as counted, with hot hours counted anew."""
    rows = connection.execute("SELECT id, samples, first_ms, last_ms FROM signal WHERE device = ?", (device,))
    extents = {row[0]: _Extent(*row[1:]) for row in rows}
    for hour in hours.hot(device, 0, END_HOUR):
        for signal in fields:
            row = connection.execute(
                "SELECT samples FROM block WHERE key = ?", (key(signal, hour),)
            ).fetchone()
            extents[signal].samples -= 0 if row is None else row[0]
        for at_ms, entries in hours.entire(device, hour, fields).items():
            for signal, _, _ in entries:
                extents[signal].widen(at_ms)
    return extents


def _signal(device: DeviceId, role: str, field: str, extent: _Extent) -> list[Signal]:
    if not extent.samples or extent.first_ms is None or extent.last_ms is None:
        return []
    return [
        Signal(
            device=device,
            role=role,
            field=field,
            unit=unit_of(field),
            first_at=from_ms(extent.first_ms),
            last_at=from_ms(extent.last_ms),
            samples=extent.samples,
        )
    ]
