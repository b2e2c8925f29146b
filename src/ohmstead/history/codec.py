"""Columns of numbers to bytes and back. Pure.

Integers are stored as differences in the narrowest of five widths, byte plane by byte plane (all lowest bytes, then
all next ones): deflate finds more in planes than in rows, and both ways run at the speed of the standard library
instead of a loop per number. Measurements are decimals in disguise, so floats become integers where that is exact.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate
from operator import sub
from typing import Final

from ohmstead.history.errors import DamagedBlob

_WIDTHS: Final = ((1, "b"), (2, "h"), (4, "i"), (8, "q"))
_CODES: Final = dict(_WIDTHS)
_SWAPPED: Final = sys.byteorder == "big"
_LARGEST_BYTES: Final = 1 << 26
_LARGEST_COUNT: Final = 1 << 23
_LARGEST_INTEGER: Final = 1 << 40
"""Small enough that an hour of them adds up within 64 bits."""
_MOST_DECIMALS: Final = 6


def as_integers(values: Sequence[float]) -> tuple[int, list[int]] | None:
    """The fewest decimals that keep every value exactly, and the values as integers of that scale."""
    largest = max(map(abs, values))
    for decimals in range(_MOST_DECIMALS + 1):
        scale = 10**decimals
        if largest * scale >= _LARGEST_INTEGER:
            return None
        if round(values[0] * scale) / scale != values[0]:
            continue
        integers = [round(value * scale) for value in values]
        if all(integer / scale == value for integer, value in zip(integers, values, strict=True)):
            return decimals, integers
    return None


def pack_varint(number: int) -> bytes:
    """A number that is not negative, seven bits a byte, lowest first."""
    packed = bytearray()
    while number > 0x7F:
        packed.append(number & 0x7F | 0x80)
        number >>= 7
    packed.append(number)
    return bytes(packed)


def pack_integers(numbers: Sequence[int]) -> bytes:
    """How many, how wide, and the planes. All zeros take no planes."""
    width, planes = _planes(numbers)
    return pack_varint(len(numbers)) + bytes((width,)) + planes


def pack_differences(numbers: Sequence[int]) -> bytes:
    """For columns whose neighbours are alike. Not for an empty one."""
    first = numbers[0]
    zigzag = first << 1 if first >= 0 else (-first << 1) - 1
    return pack_varint(zigzag) + pack_integers(list(map(sub, numbers[1:], numbers)))


def pack_doubles(values: Sequence[float]) -> bytes:
    return pack_varint(len(values)) + _split(array("d", values))


def protect(content: bytes) -> bytes:
    """Deflated if that helps, with a checksum in front."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = squeezer.compress(content) + squeezer.flush()
    body = b"\1" + deflated if len(deflated) < len(content) else b"\0" + content
    return zlib.crc32(body).to_bytes(4, "little") + body


def unprotect(blob: bytes) -> Parts:
    """The content for reading. Raises `DamagedBlob`, and nothing else, for bytes that `protect` did not make."""
    if len(blob) < 5 or zlib.crc32(blob[4:]) != int.from_bytes(blob[:4], "little"):
        raise DamagedBlob("stored bytes fail their checksum")
    if blob[4] == 0:
        return Parts(blob[5:])
    try:
        return Parts(zlib.decompressobj(-15).decompress(blob[5:], _LARGEST_BYTES))
    except zlib.error as error:
        raise DamagedBlob("stored bytes do not inflate") from error


class Parts:
    """Reads, in order, what the `pack_…` functions wrote."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._place = 0

    def take(self, size: int) -> bytes:
        part = self._content[self._place : self._place + size]
        if len(part) != size:
            raise DamagedBlob("stored bytes end too early")
        self._place += size
        return part

    def varint(self) -> int:
        number = shift = 0
        while shift < 64:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7
        raise DamagedBlob("a stored number has no end")

    def integers(self) -> Sequence[int]:
        count = self._count()
        width = self.take(1)[0]
        if width == 0:
            return (0,) * count
        if width not in _CODES:
            raise DamagedBlob(f"no integer is {width} bytes wide")
        return _join(_CODES[width], self.take(count * width), width)

    def differences(self) -> list[int]:
        zigzag = self.varint()
        first = zigzag >> 1 if zigzag & 1 == 0 else -(zigzag + 1 >> 1)
        return list(accumulate(self.integers(), initial=first))

    def doubles(self) -> Sequence[float]:
        values = array("d")
        values.frombytes(_join("q", self.take(self._count() * 8), 8).tobytes())
        return values

    def _count(self) -> int:
        count = self.varint()
        if count > _LARGEST_COUNT:
            raise DamagedBlob(f"{count} numbers are more than one blob holds")
        return count


def _planes(numbers: Sequence[int]) -> tuple[int, bytes]:
    low, high = min(numbers, default=0), max(numbers, default=0)
    if low == high == 0:
        return 0, b""
    for width, code in _WIDTHS:
        limit = 1 << (8 * width - 1)
        if -limit <= low and high < limit:
            return width, _split(array(code, numbers))
    raise OverflowError(f"a column of {low} to {high} does not fit 64 bits")


def _split(column: array[int] | array[float]) -> bytes:
    if _SWAPPED:
        column.byteswap()
    rows = column.tobytes()
    return b"".join(rows[plane :: column.itemsize] for plane in range(column.itemsize))


def _join(code: str, planes: bytes, width: int) -> array[int]:
    rows = bytearray(len(planes))
    count = len(planes) // width
    for plane in range(width):
        rows[plane::width] = planes[plane * count : (plane + 1) * count]
    column = array(code)
    column.frombytes(rows)
    if _SWAPPED:
        column.byteswap()
    return column
