"""One sealed hour: the instants of a device's polls once, and beside them a block for each of its signals. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ohmstead.history.codec import (
    Parts,
    as_integers,
    pack_differences,
    pack_doubles,
    pack_varint,
    protect,
    unprotect,
)
from ohmstead.history.errors import DamagedBlob
from ohmstead.history.polls import QUALITIES

_AT_EVERY_TICK: Final = 1
_ALL_GOOD: Final = 2
_DECIMAL: Final = 4


class Block(msgspec.Struct, frozen=True):
    """A signal's values in one hour. `places` are positions among the device's ticks of that hour."""

    places: Sequence[int]
    values: Sequence[float]
    qualities: bytes


def pack_ticks(offsets_ms: Sequence[int]) -> bytes:
    """Milliseconds since the start of the hour, rising."""
    return protect(pack_differences(offsets_ms))


def unpack_ticks(blob: bytes) -> list[int]:
    return unprotect(blob).differences()


def pack_block(block: Block, ticks: int) -> bytes:
    everywhere = len(block.places) == ticks
    good = not any(block.qualities)
    decimal = as_integers(block.values)
    flags = everywhere * _AT_EVERY_TICK | good * _ALL_GOOD | (decimal is not None) * _DECIMAL
    content = bytes((flags,))
    if not everywhere:
        content += pack_differences(block.places)
    if not good:
        content += pack_varint(len(block.qualities)) + block.qualities
    return protect(content + pack_values(block.values, decimal))


def unpack_block(blob: bytes, ticks: int) -> Block:
    """Raises `DamagedBlob`, and nothing else, for bytes that `pack_block` did not make for this many ticks."""
    parts = unprotect(blob)
    flags = parts.take(1)[0]
    places = range(ticks) if flags & _AT_EVERY_TICK else parts.differences()
    qualities = bytes(len(places)) if flags & _ALL_GOOD else parts.take(parts.varint())
    values = unpack_values(parts, decimal=bool(flags & _DECIMAL))
    fits = len(places) == len(values) == len(qualities)
    if not fits or max(places) >= ticks or min(places) < 0 or max(qualities) >= len(QUALITIES):
        raise DamagedBlob("a stored block does not fit its hour")
    return Block(places, values, qualities)


def pack_values(values: Sequence[float], decimal: tuple[int, list[int]] | None) -> bytes:
    """`decimal` is what `as_integers` found for the values."""
    if decimal is None:
        return pack_doubles(values)
    decimals, integers = decimal
    return bytes((decimals,)) + pack_differences(integers)


def unpack_values(parts: Parts, *, decimal: bool) -> Sequence[float]:
    if not decimal:
        return parts.doubles()
    scale = 10 ** parts.take(1)[0]
    integers = parts.differences()
    return [integer / scale for integer in integers] if scale > 1 else list(map(float, integers))
