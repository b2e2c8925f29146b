"""A history as rows: one value of one signal at one instant, the shape in which it is exported and imported."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from ohmstead.history.copying import Progress, no_progress
from ohmstead.history.polls import QUALITIES, Entry
from ohmstead.history.reading import Reader, open_reader
from ohmstead.history.times import END_HOUR, HOUR_MS, from_ms, to_ms
from ohmstead.model import Quality, source_of, unit_of


class Row(msgspec.Struct, frozen=True, gc=False):
    at: datetime
    device: str
    signal: str
    """Such as "solar.power_w"."""
    value: float | str
    """A text for a signal that is said in words."""
    unit: str
    quality: Quality


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What of a history is wanted; everything unless it says otherwise."""

    start: datetime | None = None
    end: datetime | None = None
    devices: Collection[str] = ()
    """Ids, or names of sources for all their devices."""
    signals: Collection[str] = ()

    def has_device(self, device: str) -> bool:
        return not self.devices or device in self.devices or source_of(device) in self.devices

    @property
    def reach_ms(self) -> tuple[int, int]:
        """First, and end."""
        start_ms = 0 if self.start is None else to_ms(self.start)
        return start_ms, END_HOUR * HOUR_MS if self.end is None else to_ms(self.end)


EVERYTHING = Choice()


def rows(path: Path, choice: Choice = EVERYTHING, progress: Progress = no_progress) -> Iterator[Row]:
    """By device, then in order of time; all of one instant together. Also while a gateway writes.

    Raises `HistoryError`. Damaged blobs are skipped, as everywhere; `check` lists them.
    """
    start_ms, end_ms = choice.reach_ms
    first_hour, end_hour = start_ms // HOUR_MS, -(-end_ms // HOUR_MS)
    with open_reader(path) as reader:
        devices = {name: n for name, n in sorted(reader.names.devices().items()) if choice.has_device(name)}
        hours = {name: reader.hours_of(number, first_hour, end_hour) for name, number in devices.items()}
        done, total = 0, sum(map(len, hours.values()))
        for device, number in devices.items():
            named = _Named(reader, number, choice)
            for hour in hours[device]:
                yield from named.rows(device, hour, start_ms, end_ms)
                done += 1
                progress(done, total)


class _Named:
    """The chosen signals of one device, with what their numbers mean."""

    def __init__(self, reader: Reader, number: int, choice: Choice) -> None:
        self._hours = reader.hours
        self._number = number
        names = {signal: ".".join(field) for signal, field in reader.names.signals(number).items()}
        self._all = tuple(names)
        self._names = {n: name for n, name in names.items() if not choice.signals or name in choice.signals}
        self._units = {signal: unit_of(name) for signal, name in self._names.items()}
        self._words = {signal: reader.names.words(signal) for signal in self._names}

    def rows(self, device: str, hour: int, start_ms: int, end_ms: int) -> Iterator[Row]:
        for at_ms, entries in self._hours.entire(self._number, hour, self._all).items():
            if not start_ms <= at_ms < end_ms:
                continue
            at = from_ms(at_ms)
            for signal, number, quality in sorted(entries, key=self._name):
                if signal in self._names:
                    value = self._words[signal].get(int(number), number)
                    yield Row(at, device, self._names[signal], value, self._units[signal], QUALITIES[quality])

    def _name(self, entry: Entry) -> str:
        return self._names.get(entry[0], "")
