"""DINs out of the numbers that an old decoder prints: it takes the members of a group for numbers, and lists each byte
of the nested messages one by one.

Each member is the tag 10, a length, and that many characters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

TAG: Final = 10
LINES: Final = re.compile(r"participant_dins\s*:\s*(\d+)")
NUMBERS: Final = re.compile(r"[\s\[\]()]*\d{1,3}(?:[\s,\[\]()]+\d{1,3})+[\s,\[\]()]*")


class Participants(msgspec.Struct, frozen=True):
    dins: tuple[str, ...]
    incomplete_at: int | None = None
    """Where a member begins that is not whole: the place in the list, from 0."""


def printed_numbers(text: str) -> tuple[int, ...]:
    """The numbers of `participant_dins: 10` lines, or of a bare list that begins like one; nothing else."""
    found = LINES.findall(text)
    if not found and NUMBERS.fullmatch(text) and text.strip(" \t\r\n[(").startswith(f"{TAG}"):
        found = re.findall(r"\d+", text)
        if not _is_din_list(found):
            return ()
    return tuple(map(int, found))


def _is_din_list(found: Sequence[str]) -> bool:
    """Blank-separated hex of the same digits begins differently: after the length a letter or digit follows."""
    return len(found) > 2 and 0 < int(found[1]) <= 64 and 48 <= int(found[2]) <= 90


def participants(numbers: Sequence[int]) -> Participants:
    dins: list[str] = []
    at = 0
    while at < len(numbers):
        length = numbers[at + 1] if at + 1 < len(numbers) else 0
        codes = numbers[at + 2 : at + 2 + length]
        if (
            numbers[at] != TAG
            or not length
            or len(codes) < length
            or not all(31 < code < 127 for code in codes)
        ):
            return Participants(tuple(dins), at)
        dins.append(bytes(codes).decode("ascii"))
        at += 2 + length
    return Participants(tuple(dins))
