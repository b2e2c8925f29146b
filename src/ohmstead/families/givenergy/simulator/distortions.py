"""How a good reply is spoilt: wrong pages with a right CRC, wrong bytes, wrong names. As seen in captures and reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from random import Random
from types import MappingProxyType
from typing import Final

from msgspec.structs import replace

from ohmstead.families.givenergy.simulator.faults import Faults, Rule
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import MOST_WORDS, ReadReply, ReadRequest

ZERO_TAIL_FROM: Final = 50
LEAKED_AT: Final = 0x32
LEAKED_PACKET: Final[Mapping[int, int]] = MappingProxyType(
    {
        28: 0x4C32,
        30: 0xA119,
        31: 0x34EA,
        32: 0xE77F,
        33: 0xD475,
        35: 0x4500,
        40: 0xE4F9,
        41: 0xC0A8,
        43: 0xC0A8,
        46: 0xC5E9,
        50: 0x60EF,
        51: 0x8018,
        52: 0x43E0,
        53: 0xF6CE,
        56: 0x080A,
        58: 0xFCC1,
        59: 0x661E,
    }
)
"""Words of a page that an adapter filled with a network packet: addresses, ports, options."""

Words = tuple[int, ...]
STALE_S: Final = 113.0
PACK_PAGE: Final = (Bank.IR, 60)
WRONG_SERIAL: Final = "ZZ9999Z999"
WRONG_SERIAL_WORDS: Final = (0x5A5A, 0x3939, 0x3939, 0x5A39, 0x3939)
SERIAL_AT: Final = 110
TEMPERATURES_AT: Final = (76, 77, 78, 79, 81, 115)


def _set(words: Words, base: int, values: Mapping[int, int]) -> Words:
    changed = list(words)
    for address, value in values.items():
        if 0 <= address - base < len(words):
            changed[address - base] = value
    return tuple(changed)


def _word(words: Words, base: int, address: int) -> int:
    return words[address - base] if 0 <= address - base < len(words) else 0


SPLICES: Final[Mapping[str, Callable[[Words, int], Mapping[int, int]]]] = MappingProxyType(
    {
        "capacity": lambda words, base: {88: 0xED00 | _word(words, base, 88) & 0xFF},
        "cell": lambda words, base: {74: _word(words, base, 91)},
        "temperatures": lambda _words, _base: dict.fromkeys(TEMPERATURES_AT, 0),
        "firmware": lambda words, base: {98: _word(words, base, 98) & 0xFF00},
        "highest": lambda _words, _base: {103: 0},
        "lowest": lambda _words, _base: {104: 0x000B},
    }
)
"""Shapes of a page into which a part of another one got, by name."""


class Pages:
    """Pages as they were answered, for being repeated."""

    def __init__(self) -> None:
        self._last: dict[tuple[int, str, int, int], Words] = {}
        self._frozen: dict[tuple[int, str, int, int], Words] = {}
        self._until_s = float("-inf")

    def freeze(self, now_s: float, seconds: float) -> None:
        self._frozen = dict(self._last)
        self._until_s = now_s + seconds

    def is_stale(self, now_s: float) -> bool:
        return now_s < self._until_s

    def seen(self, reply: ReadReply, now_s: float) -> ReadReply:
        """The reply as it goes out."""
        key = (reply.device, str(reply.bank), reply.base, reply.count)
        if self.is_stale(now_s):
            return replace(reply, words=self._frozen.setdefault(key, reply.words))
        self._last[key] = reply.words
        return reply


def spoil_page(reply: ReadReply, request: ReadRequest, faults: Faults) -> ReadReply:
    """Another page than the device has."""
    if faults.strike("zero-page", request):
        reply = replace(reply, words=(0,) * reply.count)
    if _can_leak(reply) and (rule := faults.strike("substituted-page", request)):
        reply = replace(reply, words=_leaked(reply.words, faults.random))
    if _is_pack_page(reply) and (rule := faults.strike("splice", request)):
        reply = replace(reply, words=_spliced(reply, rule, faults.random))
    return _misnamed(reply, request, faults)


def _can_leak(reply: ReadReply) -> bool:
    return (
        reply.device == LEAKED_AT and (reply.bank, reply.base) == (Bank.IR, 0) and reply.count == MOST_WORDS
    )


def _leaked(words: Words, random: Random) -> Words:
    rest = [random.getrandbits(16) for _ in words]
    return _set(tuple(rest), 0, LEAKED_PACKET)


def _is_pack_page(reply: ReadReply) -> bool:
    return (reply.bank, reply.base) == PACK_PAGE


def _spliced(reply: ReadReply, rule: Rule, random: Random) -> Words:
    how = rule.how if rule.how in SPLICES else random.choice(sorted(SPLICES))
    return _set(reply.words, reply.base, SPLICES[how](reply.words, reply.base))


def _misnamed(reply: ReadReply, request: ReadRequest, faults: Faults) -> ReadReply:
    rule = faults.strike("wrong-serial", request)
    if rule is None:
        return reply
    if rule.how != "battery":
        return replace(reply, envelope_serial=WRONG_SERIAL)
    values = dict(enumerate(WRONG_SERIAL_WORDS, SERIAL_AT))
    return replace(reply, words=_set(reply.words, reply.base, values)) if _is_pack_page(reply) else reply


def spoil_frame(frame: bytes, request: object, faults: Faults) -> bytes:
    """Other bytes than the reply has."""
    asked = request if isinstance(request, ReadRequest) else None
    if faults.strike("bad-crc", asked):
        frame = frame[:-1] + bytes((frame[-1] ^ 0x55,))
    if len(frame) > ZERO_TAIL_FROM and faults.strike("zero-tail", asked):
        frame = frame[:ZERO_TAIL_FROM] + bytes(len(frame) - ZERO_TAIL_FROM)
    if rule := faults.strike("byte-noise", asked):
        frame = noisy(frame, rule.how, faults.random)
    return frame


def noisy(frame: bytes, how: str, random: Random) -> bytes:
    """Bytes inserted, deleted or flipped; an insertion may fall between frames."""
    how = how or random.choice(("insert", "delete", "flip"))
    at = random.randrange(len(frame))
    if how == "delete":
        return frame[:at] + frame[at + random.randint(1, 4) :]
    if how == "flip":
        return frame[:at] + bytes((frame[at] ^ 1 << random.randrange(8),)) + frame[at + 1 :]
    at = random.choice((0, at, len(frame)))
    return frame[:at] + random.randbytes(random.randint(1, 12)) + frame[at:]


def pieces(frame: bytes, size: int, random: Random) -> Sequence[bytes]:
    """A frame as TCP may bring it."""
    if size > 0:
        return [frame[at : at + size] for at in range(0, len(frame), size)]
    cuts = sorted(random.sample(range(1, len(frame)), min(3, len(frame) - 1)))
    ends = (0, *cuts, len(frame))
    return [frame[start:end] for start, end in pairwise(ends)]
