"""What can be seen from one page alone, or beside what the cache holds."""

from __future__ import annotations

from functools import lru_cache, partial
from operator import contains, itemgetter
from typing import Final, Protocol

from ohmstead.families.givenergy.serials import (
    INVERTER_SERIAL,
    MODULE_SERIAL,
    PACK_SERIAL,
    STACK_SERIAL,
    Run,
    is_valid_serial,
    split_serial,
    text_of,
)
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables import Words

FULL: Final = 60
INVERTER: Final = 0x11
BATTERIES: Final = range(0x32, 0x38)
MODULES: Final = range(0x50, 0x70)
CONTROLLERS: Final = range(0x70, 0x90)
BATTERY_BASE: Final = 60

FINGERPRINT: Final[dict[int, frozenset[int]]] = {
    28: frozenset({0x4C32}),
    30: frozenset({0xA119}),
    31: frozenset({0x34EA}),
    32: frozenset({0xE77F}),
    33: frozenset({0xD475}),
    35: frozenset({0x4500}),
    40: frozenset({0xE4F9, 0xB619}),
    41: frozenset({0xC0A8}),
    43: frozenset({0xC0A8}),
    46: frozenset({0xC5E9}),
    50: frozenset({0x60EF, 0x503C}),
    51: frozenset({0x8018}),
    52: frozenset({0x43E0}),
    53: frozenset({0xF6CE}),
    56: frozenset({0x080A}),
    58: frozenset({0xFCC1}),
    59: frozenset({0x661E}),
}
"""Words of one network packet that adapters were seen to leak into pages, by place."""
FINGERPRINT_PLACES: Final = itemgetter(*FINGERPRINT)
FINGERPRINT_LIMIT: Final = 5
"""More matches than this are no accident."""

IPV4: Final = 0x4500
TELLING: Final = frozenset({IPV4}).union(*FINGERPRINT.values())
"""Words of which there is one at least where there is a packet."""
IPV4_WORDS: Final = 10
TCP_AND_UDP: Final = frozenset({6, 17})


class Reply(Protocol):
    """A read reply with a valid CRC."""

    @property
    def device(self) -> int: ...
    @property
    def bank(self) -> Bank: ...
    @property
    def base(self) -> int: ...
    @property
    def words(self) -> tuple[int, ...]: ...


def is_battery_page(reply: Reply) -> bool:
    return (
        reply.device in BATTERIES
        and reply.bank is Bank.IR
        and reply.base == BATTERY_BASE
        and len(reply.words) == FULL
    )


def holds_network_bytes(reply: Reply) -> bool:
    words = reply.words
    if reply.bank is not Bank.IR or reply.base % FULL or len(words) != FULL:
        return False
    # Every page of every poll passes here, and hardly one has any of these words.
    if TELLING.isdisjoint(words):
        return False
    matches = sum(map(contains, FINGERPRINT.values(), FINGERPRINT_PLACES(words)))
    return matches > FINGERPRINT_LIMIT or (IPV4 in words and _holds_ipv4(words))


def _holds_ipv4(words: tuple[int, ...]) -> bool:
    """Another adapter leaks another packet: any IPv4 header between private addresses, with its own checksum right."""
    for at in range(len(words) - IPV4_WORDS + 1):
        header = words[at : at + IPV4_WORDS]
        if (
            header[0] == IPV4
            and header[4] & 0xFF in TCP_AND_UDP
            and _is_private(header[6])
            and _is_private(header[8])
        ):
            total = sum(header)
            if (total & 0xFFFF) + (total >> 16) == 0xFFFF:
                return True
    return False


def _is_private(word: int) -> bool:
    return word == 0xC0A8 or word >> 8 == 10 or 0xAC10 <= word <= 0xAC1F


def is_zeroed(reply: Reply, known: Words) -> bool:
    """A full page of zeros over registers that held something."""
    if len(reply.words) < FULL or any(reply.words):
        return False
    whole = known.words(reply.bank, reply.base, len(reply.words))
    if whole is not None:
        return any(whole)
    run = range(reply.base, reply.base + len(reply.words))
    return any(known.words(reply.bank, address, 1) not in (None, (0,)) for address in run)


SERIAL_PLACES: Final[dict[int, Run]] = {
    INVERTER: INVERTER_SERIAL,
    **dict.fromkeys(BATTERIES, PACK_SERIAL),
    **dict.fromkeys(CONTROLLERS, STACK_SERIAL),
    **dict.fromkeys(MODULES, MODULE_SERIAL),
}
"""Where the serial number of a device stands."""


def is_foreign(reply: Reply) -> bool:
    """Holds the place of its kind's serial number, and no valid one there."""
    place = SERIAL_PLACES.get(reply.device)
    serial = None if place is None else _words(reply, *place)
    if serial is None:
        return False
    if place is MODULE_SERIAL and serial[0] == 0:
        serial = split_serial(partial(_words, reply)) or serial
    return not _is_valid(serial)


@lru_cache(256)
def _is_valid(serial: tuple[int, ...]) -> bool:
    # The same few serials come with every poll.
    return is_valid_serial(text_of(serial))


def _words(reply: Reply, bank: Bank, base: int, count: int) -> tuple[int, ...] | None:
    """A run of registers, None unless all of them are in it."""
    start = base - reply.base
    is_in_it = bank is reply.bank and 0 <= start <= len(reply.words) - count
    return reply.words[start : start + count] if is_in_it else None
