"""The file and everything done with it, one call at a time. Whoever owns the store brings the thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

from ohmstead.history.answers import Gap, Series, Signal, Value
from ohmstead.history.asking import Asking
from ohmstead.history.catalogue import signals
from ohmstead.history.errors import HistoryError
from ohmstead.history.file import open_file, set_aside
from ohmstead.history.hours import Hours
from ohmstead.history.importing import Importer, Line
from ohmstead.history.items import Item
from ohmstead.history.retention import Retention, prune
from ohmstead.history.sealing import due, seal
from ohmstead.history.times import HOUR_MS, to_ms
from ohmstead.history.transactions import is_damage, transaction
from ohmstead.history.writing import Writing
from ohmstead.model import DeviceId

LINGER: Final = timedelta(minutes=2)
"""An hour is sealed when it has been over for so long: most late samples are in by then."""


class Store:
    """Every method may raise `HistoryError`. After `append` or `seal_next` did, nothing of that call is stored."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self._fault: sqlite3.Error | None = None
        self.set_aside: tuple[Path, ...] = ()
        self._damaged_before = 0
        self._open(now)

    def append(self, items: Sequence[Item], now: datetime) -> None:
        """All of them, durable on return; or none."""
        with self._writing(now):
            self._writer.write(items)

    def seal_next(self, now: datetime) -> bool:
        """Seal one device hour that is due. False: none is."""
        with self._asking():
            end_hour = max(0, to_ms(now) - LINGER // timedelta(milliseconds=1)) // HOUR_MS
            found = due(self._connection, self._names.devices().values(), end_hour)
        if found is None:
            return False
        with self._writing(now):
            seal(self._connection, self._hours, self._names, *found)
        return True

    def take_in(self, lines: Iterable[Line], now: datetime) -> int:
        """Imported lines; says how many. What was committed before an error stays."""
        if self._fault is not None:
            self._mend(self._fault, now)
        try:
            return Importer(self._connection, self._hours, self._names).take_in(lines)
        except sqlite3.Error as error:
            self._fault = error
            raise HistoryError(f"the history cannot be written: {error}.") from error
        finally:
            self._writer = Writing(self._connection, self._names)

    def prune(self, now: datetime, retention: Retention) -> int:
        """Drop what is older than it is to be kept, and say how many blobs that were."""
        with self._writing(now):
            return prune(self._connection, self._names, now, retention)

    def series(self, device: DeviceId, signal: str, start: datetime, end: datetime, step_s: float) -> Series:
        with self._asking() as asking:
            return asking.series(device, signal, start, end, step_s)

    def days(self, device: DeviceId, signal: str, first: date, last: date, zone: tzinfo) -> Series:
        with self._asking() as asking:
            return asking.days(device, signal, first, last, zone)

    def latest(self, device: DeviceId) -> tuple[Value, ...]:
        with self._asking() as asking:
            return asking.latest(device)

    def gaps(self, start: datetime, end: datetime, source: str | None) -> tuple[Gap, ...]:
        with self._asking() as asking:
            return asking.gaps(start, end, source)

    def signals(self) -> tuple[Signal, ...]:
        with self._asking():
            return signals(self._connection, self._hours, self._names)

    @property
    def damaged(self) -> int:
        return self._damaged_before + len(self._hours.damaged)

    def close(self) -> None:
        """Checkpoints, as the last connection of a log does."""
        self._connection.close()

    def _open(self, now: datetime) -> None:
        self._connection, self._names, aside = open_file(self.path, now)
        self.set_aside += () if aside is None else (aside,)
        self._hours = Hours(self._connection)
        self._writer = Writing(self._connection, self._names)
        self._fault = None

    @contextmanager
    def _asking(self) -> Iterator[Asking]:
        try:
            yield Asking(self._connection, self._hours, self._names)
        except sqlite3.Error as error:
            raise HistoryError(f"the history cannot be read: {error}.") from error

    @contextmanager
    def _writing(self, now: datetime) -> Iterator[None]:
        try:
            if self._fault is not None:
                self._mend(self._fault, now)
            with transaction(self._connection):
                yield
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.Error) and not is_damage(self._fault):
                self._fault = error
            raise HistoryError(f"the history cannot be written: {error}.") from error

    def _mend(self, fault: sqlite3.Error, now: datetime) -> None:
        """Numbers given out in the failed transaction are void; a damaged file makes room for a fresh one."""
        if not is_damage(fault):
            self._names.reload()
            self._writer = Writing(self._connection, self._names)
            self._fault = None
            return
        self._connection.close()
        if self.path.exists():
            self._damaged_before += len(self._hours.damaged)
            self.set_aside += (set_aside(self.path, now),)
        self._open(now)
