"""Questions to the tables, in the words of the model."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from ohmstead.history.answers import Gap, Point, Series, Value
from ohmstead.history.errors import HistoryError
from ohmstead.history.hours import Dated, Hours
from ohmstead.history.names import Names
from ohmstead.history.polls import QUALITIES
from ohmstead.history.tally import tally
from ohmstead.history.times import END_HOUR, HOUR_MS, from_ms, keys, tick_of, to_ms
from ohmstead.model import DeviceId, unit_of

MOST_POINTS: Final = 200_000
"""About what a year of five-minute steps or three weeks of raw samples at ten seconds come to."""


class Asking:
    """Answers from what is committed. Unknown devices and signals have empty answers."""

    def __init__(self, connection: sqlite3.Connection, hours: Hours, names: Names) -> None:
        self._connection = connection
        self._hours = hours
        self._names = names

    def series(self, device: DeviceId, signal: str, start: datetime, end: datetime, step_s: float) -> Series:
        step_ms, first_ms, end_ms = round(step_s * 1000), to_ms(start), to_ms(end)
        if step_s < 0 or 0 < step_s < 0.001:
            raise ValueError(f"a step is 0 for raw samples, or at least 0.001 s, not {step_s}")
        if step_ms and (end_ms - first_ms) / step_ms > MOST_POINTS:
            raise _too_many()
        if first_ms >= end_ms:
            return self._series(device, signal, step_s, ())
        if step_ms == 0:
            return self._series(device, signal, 0, self._raw(device, signal, first_ms, end_ms))
        bounds = [*range(first_ms, end_ms, step_ms), end_ms]
        return self._series(device, signal, step_s, self._steps(device, signal, bounds))

    def days(self, device: DeviceId, signal: str, first: date, last: date, zone: tzinfo) -> Series:
        count = (last - first).days + 1
        if count > MOST_POINTS:
            raise _too_many()
        days = (first + timedelta(days=day) for day in range(max(count, 0) + 1))
        return self.between(device, signal, [datetime.combine(day, time(), zone) for day in days])

    def between(self, device: DeviceId, signal: str, edges: Sequence[datetime]) -> Series:
        if len(edges) > MOST_POINTS:
            raise _too_many()
        points = self._steps(device, signal, list(map(to_ms, edges))) if len(edges) > 1 else ()
        return self._series(device, signal, None, points)

    def latest(self, device: DeviceId) -> tuple[Value, ...]:
        """Of the newest hour that holds anything."""
        number = self._names.find_device(device)
        hour = None if number is None else self._newest_hour(number)
        if number is None or hour is None:
            return ()
        fields = self._names.signals(number)
        polls = self._hours.entire(number, hour, fields)
        newest = {entry[0]: (at_ms, entry) for at_ms, entries in polls.items() for entry in entries}
        return tuple(self._value(fields[signal], *newest[signal]) for signal in sorted(newest))

    def gaps(self, start: datetime, end: datetime, source: str | None) -> tuple[Gap, ...]:
        rows = self._connection.execute(
            """SELECT source, first_ms, last_ms, polls, reason FROM gap
            WHERE first_ms < ?2 AND last_ms >= ?1 AND (?3 IS NULL OR source = ?3) ORDER BY first_ms, id LIMIT ?4""",
            (to_ms(start), to_ms(end), source, MOST_POINTS),
        )
        return tuple(
            Gap(source=name, first_at=from_ms(first), last_at=from_ms(last), polls=polls, reason=reason)
            for name, first, last, polls, reason in rows
        )

    def _find(self, device: str, signal: str) -> tuple[int, int] | None:
        number = self._names.find_device(device)
        found = None if number is None else self._names.find_signal(number, signal)
        return None if number is None or found is None else (number, found)

    def _series(self, device: DeviceId, signal: str, step_s: float | None, points: Sequence[Point]) -> Series:
        found = self._find(device, signal)
        return Series(
            device=device,
            signal=signal,
            unit=unit_of(signal),
            step_s=step_s,
            points=tuple(points),
            words={} if found is None else self._names.words(found[1]),
        )

    def _raw(self, device: str, signal: str, first_ms: int, end_ms: int) -> list[Point]:
        if (found := self._find(device, signal)) is None:
            return []
        kept: list[Dated] = []
        for samples in self._hours.samples(*found, first_ms // HOUR_MS, -(-end_ms // HOUR_MS)):
            kept += [sample for sample in samples if first_ms <= sample[0] < end_ms]
            if len(kept) > MOST_POINTS:
                raise _too_many()
        return [
            Point(from_ms(at_ms), value, value, value, 1, QUALITIES[quality])
            for at_ms, value, quality in sorted(kept)
        ]

    def _steps(self, device: str, signal: str, bounds: Sequence[int]) -> list[Point]:
        if (found := self._find(device, signal)) is None:
            return []
        return [
            Point(from_ms(at_ms), total / count, low, high, count)
            for at_ms, count, total, low, high in tally(self._connection, self._hours, *found, bounds)
        ]

    def _newest_hour(self, device: int) -> int | None:
        hot = self._connection.execute(
            "SELECT max(key) FROM hot WHERE key BETWEEN ? AND ?", keys(device, 0, END_HOUR * HOUR_MS)
        ).fetchone()[0]
        sealed = self._connection.execute(
            "SELECT max(key) FROM ticks WHERE key BETWEEN ? AND ?", keys(device, 0, END_HOUR)
        ).fetchone()[0]
        hours = [] if hot is None else [tick_of(hot) // HOUR_MS]
        hours += [] if sealed is None else [tick_of(sealed)]
        return max(hours, default=None)

    def _value(self, field: tuple[str, str], at_ms: int, entry: tuple[int, float, int]) -> Value:
        signal, value, quality = entry
        said = self._names.words(signal).get(int(value), value)
        name = ".".join(field)
        return Value(
            signal=name, unit=unit_of(name), at=from_ms(at_ms), value=said, quality=QUALITIES[quality]
        )


def _too_many() -> HistoryError:
    return HistoryError(
        f"the answer has more than {MOST_POINTS} points; ask for longer steps or a shorter time."
    )
