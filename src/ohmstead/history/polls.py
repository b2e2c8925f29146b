"""One device poll as it lies in the hot table: every value with its signal's number and its quality. Pure.

A poll is written once a few seconds, and read until its hour is sealed: it is plain and quick, not small.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import lru_cache
from struct import Struct
from typing import Final

from ohmstead.history.errors import DamagedBlob
from ohmstead.model import Quality

QUALITIES: Final = (Quality.GOOD, Quality.ESTIMATED, Quality.STALE, Quality.SUSPECT)
"""By their stored number. Only ever append."""
SUSPECT: Final = QUALITIES.index(Quality.SUSPECT)
_NUMBERS: Final = {quality: number for number, quality in enumerate(QUALITIES)}
_VALUE_BYTES: Final = 8 + 4 + 1
_CHECK_BYTES: Final = 4

Entry = tuple[int, float, int]
"""Signal number, value, quality number."""


def quality_number(quality: Quality) -> int:
    return _NUMBERS[quality]


def pack_poll(values: Sequence[float], signals: Sequence[int], qualities: Sequence[int]) -> bytes:
    body = _layout(len(values)).pack(*values, *signals, *qualities)
    return zlib.crc32(body).to_bytes(_CHECK_BYTES, "little") + body


def unpack_poll(blob: bytes) -> list[Entry]:
    """Raises `DamagedBlob`, and nothing else, for bytes that `pack_poll` did not make."""
    count, rest = divmod(len(blob) - _CHECK_BYTES, _VALUE_BYTES)
    if count < 0 or rest or zlib.crc32(blob[_CHECK_BYTES:]) != int.from_bytes(blob[:_CHECK_BYTES], "little"):
        raise DamagedBlob("a stored poll fails its checksum")
    fields = _layout(count).unpack_from(blob, _CHECK_BYTES)
    return list(zip(fields[count : 2 * count], fields[:count], fields[2 * count :], strict=True))


@lru_cache(maxsize=256)
def _layout(count: int) -> Struct:
    return Struct(f"<{count}d{count}I{count}B")
