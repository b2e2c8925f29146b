"""Adds up one signal between bounds, from the coarsest roll-ups that fit. Reads only."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from ohmstead.history.hours import Hours
from ohmstead.history.polls import SUSPECT
from ohmstead.history.rollups import Summary
from ohmstead.history.times import HOUR_MS, MINUTE_MS, key, keys


class Tally:
    """Sums by bucket. Bucket n reaches from bound n up to, not including, bound n + 1."""

    def __init__(self, bounds: Sequence[int]) -> None:
        self._bounds = bounds
        self._sums: dict[int, Summary] = {}

    def add(self, at_ms: int, count: int, total: float, low: float, high: float) -> None:
        place = bisect_right(self._bounds, at_ms) - 1
        if not 0 <= place < len(self._bounds) - 1:
            return
        if (before := self._sums.get(place)) is not None:
            start_ms, counted, summed, lowest, highest = before
            count, total, low, high = counted + count, summed + total, min(lowest, low), max(highest, high)
        else:
            start_ms = self._bounds[place]
        self._sums[place] = (start_ms, count, total, low, high)

    def sums(self) -> list[Summary]:
        """In order; the tick is the start of the bucket in milliseconds. Buckets without samples are left out."""
        return [self._sums[place] for place in sorted(self._sums)]


def tally(
    connection: sqlite3.Connection, hours: Hours, device: int, signal: int, bounds: Sequence[int]
) -> list[Summary]:
    """Whole hours come from the hour table; hours cut at whole minutes from minutes; all others from samples."""
    first_hour, end_hour = bounds[0] // HOUR_MS, -(-bounds[-1] // HOUR_MS)
    hot = set(hours.hot(device, first_hour, end_hour))
    cut = {bound // HOUR_MS for bound in bounds if bound % HOUR_MS}
    odd = {bound // HOUR_MS for bound in bounds if bound % MINUTE_MS}
    sums = Tally(bounds)
    for start, end in _runs(cut - hot - odd):
        for hour, minutes in hours.minutes(signal, start, end):
            for minute, count, total, low, high in minutes:
                sums.add(hour * HOUR_MS + minute * MINUTE_MS, count, total, low, high)
    for start, end in _runs(hot | odd):
        for samples in hours.samples(device, signal, start, end):
            for at_ms, value, quality in samples:
                if quality != SUSPECT:
                    sums.add(at_ms, 1, value, value, value)
    for row in _whole_hours(connection, signal, bounds, hot | cut):
        sums.add(*row)
    return sums.sums()


def _whole_hours(
    connection: sqlite3.Connection, signal: int, bounds: Sequence[int], apart: set[int]
) -> Iterator[tuple[int, int, float, float, float]]:
    """Added up by SQLite, over stretches of buckets of one width: a year by day is three, for two clock changes."""
    left_out = json.dumps(sorted(apart))
    for width, stretch in groupby(pairwise(bounds), key=lambda pair: pair[1] - pair[0]):
        if width < HOUR_MS:
            continue
        pairs = list(stretch)
        first_ms, end_ms = pairs[0][0], pairs[-1][1]
        yield from connection.execute(
            """SELECT ?1 + ((key - ?2) * 3600000 - ?1) / ?3 * ?3, sum(count), sum(total), min(low), max(high)
            FROM hour WHERE key BETWEEN ?4 AND ?5 AND key - ?2 NOT IN (SELECT value FROM json_each(?6))
            GROUP BY ((key - ?2) * 3600000 - ?1) / ?3""",
            (
                first_ms,
                key(signal, 0),
                width,
                *keys(signal, -(-first_ms // HOUR_MS), end_ms // HOUR_MS),
                left_out,
            ),
        )


def _runs(hours: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring hours as first and end."""
    ordered = sorted(hours)
    for _, run in groupby(enumerate(ordered), key=lambda placed: placed[1] - placed[0]):
        neighbours = [hour for _, hour in run]
        yield neighbours[0], neighbours[-1] + 1
