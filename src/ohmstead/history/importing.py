"""Takes an exported CSV file into a history: a second home's, or what another program wrote in the same columns."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from math import isfinite
from operator import itemgetter
from pathlib import Path
from typing import Final, get_args

import msgspec

from ohmstead.history.errors import HistoryError
from ohmstead.history.exporting import COLUMNS
from ohmstead.history.flattening import role_of
from ohmstead.history.hours import Hours
from ohmstead.history.names import Names
from ohmstead.history.polls import Entry, pack_poll, quality_number
from ohmstead.history.times import HOUR_MS, key, to_ms
from ohmstead.history.transactions import transaction
from ohmstead.model import AnyReading, Quality

SIGNALS: Final = frozenset(
    f"{role.name}.{field}" for role in map(role_of, get_args(AnyReading)) for field in role.fields
)
"""What the model can say. A signal of another name would never be shown anywhere."""
ROWS_A_TURN: Final = 50_000
"""In one transaction: after a power cut the import is simply run again."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """A row of the file that makes sense."""

    at_ms: int
    device: str
    signal: str
    value: float | str
    quality: Quality


class Importer:
    """Adds lines to an open history. One that was there before at the same instant is replaced."""

    def __init__(self, connection: sqlite3.Connection, hours: Hours, names: Names) -> None:
        self._connection = connection
        self._hours = hours
        self._names = names

    def take_in(self, lines: Iterable[Line]) -> int:
        """Say how many there were.

        Lines of one device and hour should stand together, as an export has them; if not, it only takes longer.
        """
        count = 0
        for chunk in _chunks(lines):
            with transaction(self._connection):
                for (device, hour), group in groupby(chunk, key=_device_and_hour):
                    count += self._merge(self._names.device(device), hour, list(group))
        return count

    def _merge(self, device: int, hour: int, lines: list[Line]) -> int:
        """A poll in the hot table replaces the whole sealed poll of its instant: what was there comes along."""
        before = self._hours.entire(device, hour, self._names.signals(device))
        arriving: dict[int, dict[int, Entry]] = {}
        for line in lines:
            entry = self._entry(device, line)
            arriving.setdefault(line.at_ms, {})[entry[0]] = entry
        for at_ms, entries in arriving.items():
            merged = {entry[0]: entry for entry in before.get(at_ms, ())} | entries
            signals, values, qualities = zip(*merged.values(), strict=True)
            self._connection.execute(
                "INSERT OR REPLACE INTO hot (key, body) VALUES (?, ?)",
                (key(device, at_ms), pack_poll(values, signals, qualities)),
            )
        return len(lines)

    def _entry(self, device: int, line: Line) -> Entry:
        role, _, field = line.signal.partition(".")
        signal = self._names.signal(device, role, field)
        number = self._names.word(signal, line.value) if isinstance(line.value, str) else line.value
        return signal, float(number), quality_number(line.quality)


def _device_and_hour(line: Line) -> tuple[str, int]:
    return line.device, line.at_ms // HOUR_MS


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    chunk: list[Line] = []
    for line in lines:
        # A device's hour is not torn apart where it need not be.
        if len(chunk) >= ROWS_A_TURN and line.at_ms // HOUR_MS != chunk[-1].at_ms // HOUR_MS:
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def read_csv(path: Path) -> Iterator[Line]:
    """Raises `HistoryError` that names the line for anything that is not what an export would have."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            places = _places(next(reader, []), path)
            for cells in reader:
                if cells:
                    yield _line(cells, places, f"{path}, line {reader.line_num}")
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise HistoryError(f"{path} cannot be read as CSV: {error}.") from error


def _places(header: list[str], path: Path) -> Mapping[str, int]:
    """Columns may come in any order, and others beside them."""
    places = {name.strip(): place for place, name in enumerate(header)}
    if missing := [name for name in COLUMNS if name not in places and name not in ("unit", "quality")]:
        raise HistoryError(
            f"{path} has no column {missing[0]!r}; its first line is to be {','.join(COLUMNS)}."
        )
    return places


def _line(cells: list[str], places: Mapping[str, int], where: str) -> Line:
    try:
        at, device, signal, value = itemgetter(*(places[name] for name in COLUMNS[:4]))(cells)
        quality = cells[places["quality"]] if "quality" in places else Quality.GOOD
        at_ms = to_ms(datetime.fromisoformat(at))
    except IndexError:
        raise HistoryError(f"{where}: expected {len(places)} columns, found {len(cells)}.") from None
    except ValueError as error:
        raise HistoryError(f"{where}: {error}. An instant is written like 2026-06-21T09:00:00Z.") from None
    if not device:
        raise HistoryError(f"{where}: names no device.")
    if signal not in SIGNALS:
        raise HistoryError(f"{where}: no device has a signal {signal!r}; one is called solar.power_w.")
    return Line(at_ms, device, signal, _value(value, signal, where), _quality(quality, where))


def _quality(text: str, where: str) -> Quality:
    try:
        return Quality(text)
    except ValueError:
        raise HistoryError(f"{where}: {text!r} is no quality; there are {', '.join(Quality)}.") from None


def _value(text: str, signal: str, where: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        if "_" in signal.partition(".")[2]:  # a unit: this is a number or nothing
            raise HistoryError(f"{where}: {signal} is a number, not {text!r}.") from None
        return text
    if not isfinite(number):
        raise HistoryError(f"{where}: {text} is no value anybody measured.")
    return number
