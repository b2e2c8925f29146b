"""Serial numbers: how registers spell them, which are valid, and where battery modules keep theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from ohmstead.families.givenergy.types import Bank

VALID: Final = re.compile(r"^[A-Z0-9]{10}$")

Run = tuple[Bank, int, int]
"""Bank, base and number of registers."""
Words = tuple[int, ...]
Read = Callable[[Bank, int, int], Words | None]
"""A run of registers, None unless all of them are known."""

MODULE_SERIAL: Final[Run] = (Bank.IR, 114, 5)
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
