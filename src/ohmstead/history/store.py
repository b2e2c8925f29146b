"""The file and everything done with it, one call at a time. Whoever owns the store brings the thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.history.answers import Gap, Gaps, Series, Signal, Value
from ohmstead.history.asking import Asking
from ohmstead.history.catalogue import signals
from ohmstead.history.copying import Progress, no_progress
from ohmstead.history.errors import FullDisk, HistoryError
from ohmstead.history.file import can_write, open_file, set_aside
from ohmstead.history.gaps import Missing
from ohmstead.history.hours import Hours
from ohmstead.history.importing import Importer, Line
from ohmstead.history.items import Item
from ohmstead.history.reserve import Reserve
from ohmstead.history.retention import Retention, is_usual, make_room, prune
from ohmstead.history.salvaging import Wreck, open_wreck, put_in
from ohmstead.history.sealing import Backlog, seal
from ohmstead.history.times import HOUR_MS, to_ms
from ohmstead.history.transactions import is_damage, is_full, is_unreadable, transaction
from ohmstead.history.writing import Writing
from ohmstead.model import DeviceId

TRIES: Final = 3
"""A file that cannot be read or written so many times, one after the other, is put aside; its folder can be."""
LINGER: Final = timedelta(minutes=2)
"""An hour is sealed when it has been over for so long: most late samples are in by then."""


class Salvage(msgspec.Struct, frozen=True, kw_only=True):
    values: int
    lost_hours: int
    """Hours of devices that could not be read."""


class Store:
    """Every method may raise `HistoryError`. After `append` or `seal_next` did, nothing of that call is stored."""

    def __init__(self, path: Path, now: datetime) -> None:
        self.path = path
        self._fault: sqlite3.Error | None = None
        self.set_aside: tuple[Path, ...] = ()
        self._damaged_before = 0
        self._failures = 0
        self._waits_for_file = False
        self._open(now)
        self._reserve = Reserve(path)
        self._reserve.lay_up()

    def append(self, items: Sequence[Item], now: datetime) -> None:
        """All of them, durable on return; or none."""
        with self._writing(now):
            self._backlog.note(items)
            self._writer.write(items)

    def seal_next(self, now: datetime) -> bool:
        """Seal one device hour that is due. False: none is."""
        with self._asking():
            end_hour = max(0, to_ms(now) - LINGER // timedelta(milliseconds=1)) // HOUR_MS
            found = self._backlog.due(self._connection, self._names.devices().values(), end_hour)
        if found is None:
            return False
        with self._writing(now):
            seal(self._connection, self._hours, self._names, *found)
        self._reserve.lay_up()
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
            self._backlog = Backlog()

    def salvage(self, path: Path, now: datetime, progress: Progress = no_progress) -> Salvage:
        """Take in what can still be read of a damaged file, an hour in each transaction. Run again, it changes nothing."""
        values = 0
        try:
            with open_wreck(path) as connection:
                wreck = Wreck(connection)
                for hour in wreck.hours(progress):
                    with self._writing(now):
                        values += put_in(self._connection, self._names, wreck.names, hour)
                    self._seal_all(now)
        except sqlite3.Error as error:
            raise HistoryError(f"nothing of {path} can be read: {error}.") from error
        return Salvage(values=values, lost_hours=wreck.lost)

    def _seal_all(self, now: datetime) -> None:
        while self.seal_next(now):
            pass

    def prune(self, now: datetime, retention: Retention) -> int:
        """Drop what is older than it is to be kept, and say how many blobs that were."""
        with self._writing(now):
            return prune(self._connection, self._names, now, retention)

    def is_usual(self, now: datetime) -> bool:
        """Whether recording went on for long enough at this time of the clock to give anything up by it."""
        with self._asking():
            return is_usual(self._connection, self._names, now)

    def make_room(self, now: datetime, retention: Retention) -> int:
        """Drop the oldest day of samples that a full disk need not keep, and say how many blobs that were."""
        self._reserve.give_up()
        with self._writing(now):
            return make_room(self._connection, self._names, now, retention)

    def series(self, device: DeviceId, signal: str, start: datetime, end: datetime, step_s: float) -> Series:
        with self._asking() as asking:
            return asking.series(device, signal, start, end, step_s)

    def days(self, device: DeviceId, signal: str, first: date, last: date, zone: tzinfo) -> Series:
        with self._asking() as asking:
            return asking.days(device, signal, first, last, zone)

    def between(self, device: DeviceId, signal: str, edges: Sequence[datetime]) -> Series:
        with self._asking() as asking:
            return asking.between(device, signal, edges)

    def latest(self, device: DeviceId) -> tuple[Value, ...]:
        with self._asking() as asking:
            return asking.latest(device)

    def gaps(self, start: datetime, end: datetime, source: str | None) -> tuple[Gap, ...]:
        with self._asking() as asking:
            return asking.gaps(start, end, source)

    def newest_gaps(self, start: datetime, end: datetime, about: str | None, most: int) -> Gaps:
        with self._asking():
            missing = Missing(self._connection, self._hours, self._names)
            return missing.newest(start, end, about, most)

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
        self._backlog = Backlog()
        self._fault = None

    @contextmanager
    def _asking(self) -> Iterator[Asking]:
        """Damage that shows here makes room for a fresh file at the next writing."""
        try:
            yield Asking(self._connection, self._hours, self._names)
        except sqlite3.Error as error:
            if is_damage(error):
                self._fault = error
            raise HistoryError(f"the history cannot be read: {error}.") from error

    @contextmanager
    def _writing(self, now: datetime) -> Iterator[None]:
        try:
            if self._fault is not None:
                self._mend(self._fault, now)
            with transaction(self._connection):
                yield
            self._failures = 0
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, sqlite3.Error):
                self._failures += is_unreadable(error)
                self._fault = self._fault if is_damage(self._fault) else error
            kind = FullDisk if is_full(self._fault) else HistoryError
            raise kind(f"the history cannot be written: {error}.") from error

    def _mend(self, fault: sqlite3.Error, now: datetime) -> None:
        """Numbers given out in the failed transaction are void; a file that is of no use makes room for a fresh one."""
        if is_damage(fault) or (self._failures >= TRIES and can_write(self.path.parent)):
            self._begin_anew(now)
            return
        self._names.reload()
        self._writer = Writing(self._connection, self._names)
        self._fault = None

    def _begin_anew(self, now: datetime) -> None:
        self._connection.close()
        if not self._waits_for_file and self.path.exists():
            self._damaged_before += len(self._hours.damaged)
            self.set_aside += (set_aside(self.path, now),)
        self._waits_for_file = True  # a fresh one that cannot be opened either is no reason to put it aside
        self._open(now)
        self._waits_for_file = False
        self._failures = 0
