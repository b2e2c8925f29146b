"""Serial numbers: how registers spell them, which are valid, and where each kind of device keeps its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from ohmstead.families.givenergy.registers.battery_hv import BcuTable, BmuTable
from ohmstead.families.givenergy.registers.battery_lv import BatteryTable
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables import Field

VALID: Final = re.compile(r"^[A-Z0-9]{10}$")

Run = tuple[Bank, int, int]
"""Bank, base and number of registers."""
Words = tuple[int, ...]
Read = Callable[[Bank, int, int], Words | None]
"""A run of registers, None unless all of them are known."""


def run_of(field: Field[Any]) -> Run:  # Any: of whatever value
    return Bank(field.bank), field.address, field.count


INVERTER_SERIAL: Final = run_of(SinglePhaseTable.serial_number)
PACK_SERIAL: Final = run_of(BatteryTable.serial_number)
STACK_SERIAL: Final = run_of(BcuTable.serial_number)
MODULE_SERIAL: Final = run_of(BmuTable.serial_number)
MODULE_LETTERS: Final[Run] = (Bank.IR, 110, 1)
"""Where some modules keep the first two letters of it, whose own place is zero then."""


def is_valid_serial(text: str | None) -> bool:
    """Ten capital letters and digits: what a present device has and an empty place has not."""
    return text is not None and VALID.match(text) is not None


def text_of(words: Words) -> str:
    return b"".join(word.to_bytes(2, "big") for word in words).decode("latin-1")


def words_of(text: str) -> Words:
    raw = text.encode("latin-1")
    return tuple(int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def split_serial(read: Read) -> Words | None:
    """The whole serial of a module that keeps the letters apart; None for all others."""
    letters, serial = read(*MODULE_LETTERS), read(*MODULE_SERIAL)
    if letters is None or serial is None or serial[0] != 0:
        return None
    return (*letters, *serial[1:])
