"""What is missing: due polls that brought nothing, how long that took, and whether it goes on."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from ohmstead.history.answers import Gap, Gaps
from ohmstead.history.errors import HistoryError
from ohmstead.history.hours import Hours
from ohmstead.history.names import Names
from ohmstead.history.reading import open_reader
from ohmstead.history.times import END_HOUR, HOUR_MS, LATEST_MS, from_ms, keys, to_ms
from ohmstead.model import source_of


def read_gaps(path: Path, start: datetime, end: datetime, about: str | None, most: int) -> Gaps:
    """Of a file that a gateway may be writing. Raises `HistoryError`, also for a source of which it has nothing."""
    with open_reader(path) as reader:
        asked = Missing(reader.connection, reader.hours, reader.names)
        if about is not None and not asked.knows(about):
            raise HistoryError(
                f"nothing was ever recorded of {about!r}, and nothing missed; `ohmstead history stats` lists the devices."
            )
        return asked.newest(start, end, about, most)


class Missing:
    def __init__(self, connection: sqlite3.Connection, hours: Hours, names: Names) -> None:
        self._connection = connection
        self._hours = hours
        self._names = names

    def knows(self, about: str) -> bool:
        """Whether there are samples or gaps of a device, or of a source."""
        sources = self._connection.execute("SELECT DISTINCT source FROM gap")
        named = {*self._names.devices(), *(source for (source,) in sources)}
        return about in named or about in map(source_of, named)

    def newest(self, start: datetime, end: datetime, about: str | None, most: int) -> Gaps:
        """At most so many that touch the time, in order; of all sources, or of one with its devices, or of a device
        with its source.
        """
        rows = self._connection.execute(
            """SELECT source, first_ms, last_ms, polls, reason FROM gap
            WHERE first_ms < ?2 AND last_ms >= ?1
            AND (?3 IS NULL OR source IN (?3, ?4) OR substr(source, 1, length(?3) + 1) = ?3 || '/')
            ORDER BY first_ms DESC, id DESC LIMIT ?5""",
            (to_ms(start), to_ms(end), about, about and source_of(about), most + 1),
        ).fetchall()
        seen: set[str] = set()
        found = [self._gap(row, seen) for row in rows[:most]]
        return Gaps(gaps=tuple(reversed(found)), is_complete=len(rows) <= most)

    def _gap(self, row: tuple[str, int, int, int, str], seen: set[str]) -> Gap:
        """`seen`: the sources whose newest gap is known."""
        source, first_ms, last_ms, polls, reason = row
        lasts = source not in seen and self._lasts(source, last_ms)
        seen.add(source)
        return Gap(
            source=source,
            first_at=from_ms(first_ms),
            last_at=from_ms(last_ms),
            polls=polls,
            reason=reason,
            lasts=lasts,
        )

    def _lasts(self, source: str, last_ms: int) -> bool:
        later = self._connection.execute(
            "SELECT 1 FROM gap WHERE source IN (?, ?) AND last_ms > ? LIMIT 1",
            (source, source_of(source), last_ms),
        )
        if later.fetchone() is not None:
            return False
        own = (n for name, n in self._names.devices().items() if source in (name, source_of(name)))
        return not any(self._spoke_after(device, last_ms) for device in own)

    def _spoke_after(self, device: int, at_ms: int) -> bool:
        hour = at_ms // HOUR_MS
        known = self._connection.execute(
            """SELECT EXISTS (SELECT 1 FROM hot WHERE key BETWEEN ? AND ?)
            OR EXISTS (SELECT 1 FROM ticks WHERE key BETWEEN ? AND ?)""",
            (*keys(device, at_ms + 1, LATEST_MS), *keys(device, hour + 1, END_HOUR)),
        ).fetchone()[0]
        return bool(known) or any(tick_ms > at_ms for tick_ms in self._hours.entire(device, hour, ()))
