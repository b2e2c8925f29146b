"""Takes out of registers and headers which unit they came from. What stays: the kind of unit, its date of manufacture.

A serial such as `SA2114G123` becomes `SA2114G000`. What is not recognised as one is blanked where only a serial can
stand, and left alone where a register group may also hold something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ohmstead.families.givenergy.registers import TABLES
from ohmstead.families.givenergy.registers.meters import MeterProductTable
from ohmstead.families.givenergy.serials import (
    MODULE_SERIAL,
    Read,
    Run,
    Words,
    run_of,
    split_serial,
    text_of,
    words_of,
)
from ohmstead.families.givenergy.types import Bank

STANDARD: Final = re.compile(r"^[A-Z]{2}\d{4}[A-Z]\d{3}$")
EMS: Final = re.compile(r"^[A-Z]{3}\d{7}$")
ZEROS: Final = "000"
LENGTH: Final = 10
BLANK: Final = "*" * LENGTH
MODULE_WINDOW: Final = 120
MODULES_IN_A_ROW: Final = 8
"""Some stacks show their modules one after the other, in windows of so many registers."""

METER_IDENTIFIER: Final = run_of(MeterProductTable.serial_number)
"""Short, of no known shape, and always a name."""


def _groups() -> Iterator[Run]:
    for table in TABLES.values():
        yield from (run_of(line) for line in table.lines.values() if line.facts.secret)
    bank, base, count = MODULE_SERIAL
    yield from ((bank, base + MODULE_WINDOW * module, count) for module in range(MODULES_IN_A_ROW))


GROUPS: Final = tuple(sorted({*_groups()} - {METER_IDENTIFIER}))
"""Where serials stand."""


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


def redacted_registers(read: Read) -> Iterator[tuple[Bank, int, Words]]:
    """The registers that have to change, as runs with what they become."""
    for bank, base, count in GROUPS:
        words = read(bank, base, count)
        safe = None if words is None else redact_words(words)
        if safe is not None:
            yield bank, base, safe
    yield from _split(read)
    if read(*METER_IDENTIFIER) is not None:
        bank, base, count = METER_IDENTIFIER
        yield bank, base, (0,) * count


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
    serial = split_serial(read)
    safe = None if serial is None else redact_words(serial)
    if safe is not None:
        bank, base, _ = MODULE_SERIAL
        yield bank, base, (0, *safe[1:])
