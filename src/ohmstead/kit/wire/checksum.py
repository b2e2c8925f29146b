"""CRC-16/MODBUS: polynomial 0x8005 reflected (0xA001), start 0xFFFF, nothing inverted, low byte first on the wire.

Short data goes through a table of 65,536 entries, two bytes a step. Long data is folded first, as one big integer, which
Python's own C does a hundred bits at a time. The polynomial is (x + 1)(x^15 + x + 1), and modulo its second factor
x^15 = x + 1, so also x^(15 s) = x^s + 1 for each power of two s: the first 14 s bits of the data may be moved 15 s and
14 s bits towards its end, where they only flip bits. That keeps the remainder of the second factor; the first one's is
the parity of the bits, counted before, and the two together make the CRC.

Where `fastcrc` is installed (`pip install "ohmstead[speed]"`), it is asked instead: the same number, forty times faster.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from functools import cache
from struct import unpack_from
from typing import Final, NamedTuple

try:
    from fastcrc import crc16 as compiled
except ImportError:
    compiled = None

POLYNOMIAL: Final = 0xA001
START: Final = 0xFFFF
SECOND_FACTOR: Final = 0xC001
"""x^15 + x + 1, reflected: the highest power is the lowest bit."""

FOLDED_BYTES: Final = 64
"""From here on folding is faster than the table alone. Measured."""
SHORT_BITS: Final = 52
"""What is left to the table: four steps. Each costs more than it seems, because other work keeps pushing the table out."""
KEPT_PLANS: Final = 1024


class Plan(NamedTuple):
    """How to fold data of one length, and with what to finish: one look-up brings all of it."""

    folds: tuple[tuple[int, int, int], ...]
    """Bits to take from the start, the mask of that many ones, and s."""
    padding_bits: int
    words: int
    table: array[int]


class Plans(dict[int, Plan]):
    """By length in bytes. Who sends ever other lengths empties it."""

    def __missing__(self, size: int) -> Plan:
        if len(self) >= KEPT_PLANS:
            self.clear()
        found = self[size] = _plan(8 * size)
        return found


_PLANS: Final = Plans()


Data = bytes | bytearray | memoryview


def in_python(data: Data) -> int:
    """The CRC without a compiled dependency."""
    size = len(data)
    if size < FOLDED_BYTES:
        return _by_table(data)
    folds, padding_bits, words, table = _PLANS[size]
    # The first bit of the wire, which has the highest power, is the lowest bit of the integer.
    bits = int.from_bytes(data, "little") ^ START
    ones = bits.bit_count()
    for count, mask, step in folds:
        first = bits & mask
        bits = (bits >> count) ^ first ^ (first << step)
    bits <<= padding_bits
    crc = 0
    for _ in range(words):
        crc = table[crc ^ bits & 0xFFFF]
        bits >>= 16
    return crc ^ SECOND_FACTOR if (crc.bit_count() ^ ones) & 1 else crc


def _by_table(data: bytes | bytearray | memoryview) -> int:
    pairs, rest = divmod(len(data), 2)
    table = _two_bytes()
    crc = START
    for pair in unpack_from(f"<{pairs}H", data):
        crc = table[crc ^ pair]
    return (crc >> 8) ^ _one_byte()[(crc ^ data[-1]) & 0xFF] if rest else crc


def _plan(bits: int) -> Plan:
    folds = []
    while bits > SHORT_BITS:
        # The largest power of two that 29 times fits: then no bit is moved beyond the end.
        step = 1 << (bits // 29).bit_length() - 1
        folds.append((14 * step, _ones(14 * step), step))
        bits -= 14 * step
    padding_bits = -bits % 16
    return Plan(tuple(folds), padding_bits, (bits + padding_bits) // 16, _two_bytes())


@cache
def _ones(bits: int) -> int:
    """Kept once for all plans: the masks are all there is to them."""
    return (1 << bits) - 1


@cache
def _one_byte() -> array[int]:
    """What a byte makes of a register of zeros."""

    def shifted(register: int) -> int:
        for _ in range(8):
            register = (register >> 1) ^ (POLYNOMIAL if register & 1 else 0)
        return register

    return array("H", map(shifted, range(0x100)))


@cache
def _two_bytes() -> array[int]:
    """The same for two bytes, low one first. Made at first use: most processes never check a CRC.

    128 KiB: a tuple of numbers is faster as long as nothing else runs, but has 2 MiB more to keep near.
    """
    one = _one_byte()

    def step(register: int) -> int:
        return (register >> 8) ^ one[register & 0xFF]

    return array("H", (step(step(register)) for register in range(0x10000)))


crc16_modbus: Final[Callable[[Data], int]] = in_python if compiled is None else compiled.modbus
