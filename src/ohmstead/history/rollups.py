"""What an hour comes to, by minute and as a whole. Pure.

Days are not rolled up: when a day begins is a question of time zone and season, so days are added up from hours when
asked for, exactly and in any zone. Suspect values are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from ohmstead.history.codec import (
    Parts,
    as_integers,
    pack_differences,
    pack_doubles,
    pack_integers,
    protect,
    unprotect,
)
from ohmstead.history.errors import DamagedBlob
from ohmstead.history.times import MINUTE_MS

_DECIMAL: Final = 1


Summary = tuple[int, int, float, float, float]
"""Tick, samples, total, low, high. The tick is the minute of the hour, or an instant, as the place it stands in has
it. A plain tuple, since a day's curve makes thousands and has milliseconds for them.
"""


def summarise(offsets_ms: Sequence[int], values: Sequence[float]) -> tuple[bytes, Summary]:
    """The minutes as a blob and the hour as a summary of tick 0. Offsets rise from the start of the hour."""
    decimal = as_integers(values)
    if decimal is None:
        rows = _by_minute(offsets_ms, values)
        return protect(bytes((0,)) + _pack_floats(rows)), whole(rows)
    decimals, integers = decimal
    rows = _by_minute(offsets_ms, integers)
    scale = 10**decimals
    _, samples, total, low, high = whole(rows)
    blob = protect(bytes((_DECIMAL, decimals)) + _pack_decimals(rows))
    return blob, (0, samples, total / scale, low / scale, high / scale)


def unpack_minutes(blob: bytes) -> list[Summary]:
    """Raises `DamagedBlob`, and nothing else, for bytes that `summarise` did not make."""
    parts = unprotect(blob)
    rows = _decimals(parts) if parts.take(1)[0] == _DECIMAL else _floats(parts)
    if rows[0][0] < 0 or rows[-1][0] > 59:
        raise DamagedBlob("stored minutes do not fit an hour")
    return rows


def whole(rows: Iterable[Summary]) -> Summary:
    """All of them as one, of tick 0."""
    _, counts, totals, lows, highs = zip(*rows, strict=True)
    return 0, sum(counts), sum(totals), min(lows), max(highs)


def _by_minute(offsets_ms: Sequence[int], values: Sequence[float]) -> list[Summary]:
    rows: list[Summary] = []
    placed = zip((offset // MINUTE_MS for offset in offsets_ms), values, strict=True)
    for minute, group in groupby(placed, key=itemgetter(0)):
        inside = [value for _, value in group]
        rows.append((minute, len(inside), sum(inside), min(inside), max(inside)))
    return rows


def _pack_decimals(rows: Sequence[Summary]) -> bytes:
    """Lows as differences; what stands above a low is small, and not negative."""
    minutes, counts, totals, lows, highs = (list(map(int, column)) for column in zip(*rows, strict=True))
    spreads = [high - low for low, high in zip(lows, highs, strict=True)]
    excess = [total - count * low for count, total, low in zip(counts, totals, lows, strict=True)]
    columns = pack_differences(minutes) + pack_differences(counts) + pack_differences(lows)
    return columns + pack_integers(spreads) + pack_integers(excess)


def _decimals(parts: Parts) -> list[Summary]:
    scale = 10 ** parts.take(1)[0]
    minutes, counts, lows = parts.differences(), parts.differences(), parts.differences()
    columns = zip(minutes, counts, lows, parts.integers(), parts.integers(), strict=False)
    return [
        (minute, count, (above + count * low) / scale, low / scale, (low + spread) / scale)
        for minute, count, low, spread, above in columns
    ]


def _pack_floats(rows: Sequence[Summary]) -> bytes:
    minutes, counts, *columns = zip(*rows, strict=True)
    return pack_differences(minutes) + pack_differences(counts) + b"".join(map(pack_doubles, columns))


def _floats(parts: Parts) -> list[Summary]:
    minutes, counts = parts.differences(), parts.differences()
    columns = zip(minutes, counts, parts.doubles(), parts.doubles(), parts.doubles(), strict=False)
    return list(columns)
