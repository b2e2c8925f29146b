"""Takes out of registers and headers which unit they came from. What stays: the kind of unit, its date of manufacture.

A serial such as `SA2114G123` becomes `SA2114G000`. What is not recognised as one is blanked where only a serial can
stand, and left alone where a register group may also hold something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from ohmstead.families.givenergy.types import Bank

STANDARD: Final = re.compile(r"^[A-Z]{2}\d{4}[A-Z]\d{3}$")
EMS: Final = re.compile(r"^[A-Z]{3}\d{7}$")
VALID: Final = re.compile(r"^[A-Z0-9]{10}$")
ZEROS: Final = "000"
LENGTH: Final = 10
BLANK: Final = "*" * LENGTH

GROUPS: Final[tuple[tuple[Bank, int, int], ...]] = (
    (Bank.HR, 8, 5),
    (Bank.HR, 13, 5),
    (Bank.HR, 180, 7),
    (Bank.HR, 214, 5),
    (Bank.IR, 110, 5),
    *((Bank.IR, 114 + 120 * stack, 5) for stack in range(8)),
    (Bank.IR, 138, 5),
    *((Bank.IR, base, 5) for base in (1627, 1841, 1846, 1848, 1851, 1855)),
    *((Bank.IR, base, 5) for base in (2066, 2071, 2076, 2081)),
    (Bank.IR, 95, 2),
)
"""Where serials stand: bank, base and number of registers."""

METER_IDENTIFIER: Final = (Bank.MR, 60, 2)
"""Short, of no known shape, and always a name."""

SPLIT: Final = (110, 114)
"""Some module serials begin at the first and go on behind the second, which is zero."""

Words = tuple[int, ...]
Read = Callable[[Bank, int, int], Words | None]
"""A run of registers, None unless all of them are known."""


def is_valid_serial(text: str | None) -> bool:
    """Ten capital letters and digits: what a present device has and an empty place has not."""
    return text is not None and VALID.match(text) is not None


def redact_serial(text: str) -> str | None:
    """The serial without its unit number; None for what is not recognised as a serial."""
    if STANDARD.match(text) or EMS.match(text):
        return text[:-3] + ZEROS
    return None


def redact_header(text: str) -> str:
    """The same where only a serial can stand: anything else becomes blank, but nothing stays nothing."""
    if not text.strip("\0"):
        return text
    return redact_serial(text) or BLANK


def text_of(words: Words) -> str:
    return b"".join(word.to_bytes(2, "big") for word in words).decode("latin-1")


def words_of(text: str) -> Words:
    raw = text.encode("latin-1")
    return tuple(int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def redacted_registers(read: Read) -> Iterator[tuple[Bank, int, Words]]:
    """The registers that have to change, as runs with what they become."""
    for bank, base, count in GROUPS:
        words = read(bank, base, count)
        safe = None if words is None else redact_words(words)
        if safe is not None:
            yield bank, base, safe
    yield from _split(read)
    if read(*METER_IDENTIFIER) is not None:
        yield Bank.MR, METER_IDENTIFIER[1], (0, 0)


def redact_words(words: Words) -> Words | None:
    """A register group without the unit number of the serial in it; None where it holds none."""
    text = text_of(words)
    for shown in (text, swapped(text)):
        padding = len(shown) - len(shown.rstrip("\0 "))
        safe = redact_serial(shown[: len(shown) - padding].upper())
        if safe is not None:
            safe += shown[len(shown) - padding :]
            return words_of(safe if shown is text else swapped(safe))
    return None


def swapped(text: str) -> str:
    """With the two characters of each register exchanged, as All-in-Ones keep their own serial in one place."""
    return "".join(text[at + 1] + text[at] for at in range(0, len(text) - 1, 2))


def _split(read: Read) -> Iterator[tuple[Bank, int, Words]]:
    first, rest = SPLIT
    head, tail = read(Bank.IR, first, 1), read(Bank.IR, rest, 5)
    if head is not None and tail is not None and tail[0] == 0:
        safe = redact_words(head + tail[1:])
        if safe is not None:
            yield Bank.IR, rest, (0, *safe[1:])
