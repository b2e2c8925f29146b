"""Registers as lines that survive a forum: `0x32:IR(60,60) 0ca0…`, one line a block.

Reading is forgiving: lines in any order, comments and progress between them, hex that a mail program broke over lines.
A block that does not add up is left out, and only that block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.types import Bank

DIGITS: Final = 4
"""Hex digits a register."""
ROW: Final = re.compile(r"^0x([0-9a-f]{1,2}):(HR|IR|MR)\((\d{1,5}),(\d{1,5})\)\s*([0-9a-f]*)$", re.IGNORECASE)
OLD_ROW: Final = re.compile(r"^(HR|IR|MR)\((\d{1,5}),(\d{1,5})\):\s*([0-9a-f]*)$", re.IGNORECASE)
OLD_DEVICE: Final = re.compile(r"^#.*\bprobe @ device 0x([0-9a-f]{1,2})\b", re.IGNORECASE)
HEX: Final = re.compile(r"^[0-9a-f]+$", re.IGNORECASE)
LAST: Final = 0xFFFF

Block = tuple[int, Bank, int, int]
"""Device, bank, base and count."""


def to_compact(caches: Mapping[int, RegisterCache]) -> str:
    """All registers, by device and bank."""
    return "".join(
        f"0x{device:02x}:{bank}({base},{len(words)}) {''.join(f'{word:04x}' for word in words)}\n"
        for device in sorted(caches)
        for bank, base, words in caches[device].runs()
    )


def parse_compact(text: str) -> dict[int, RegisterCache]:
    """Whatever blocks the text holds, by device."""
    caches: dict[int, RegisterCache] = {}
    for (device, bank, base, count), digits in _blocks(text.splitlines()):
        if len(digits) == DIGITS * count and count and base + count - 1 <= LAST:
            words = tuple(int(digits[at : at + DIGITS], 16) for at in range(0, len(digits), DIGITS))
            caches.setdefault(device, RegisterCache()).store(bank, base, words)
    return caches


def _blocks(lines: Iterable[str]) -> Iterator[tuple[Block, str]]:
    """Each block with the hex that follows it."""
    block: Block | None = None
    digits = ""
    device: int | None = None
    for line in map(str.strip, lines):
        if block is not None and len(digits) < DIGITS * block[3] and HEX.match(line):
            digits += line
            continue
        if block is not None:
            yield block, digits
            block = None
        old = OLD_DEVICE.match(line)
        device = int(old[1], 16) if old else device
        found = _row(line, device)
        if found is not None:
            block, digits = found
    if block is not None:
        yield block, digits


def _row(line: str, device: int | None) -> tuple[Block, str] | None:
    row = ROW.match(line)
    if row is not None:
        return (int(row[1], 16), Bank(row[2].upper()), int(row[3]), int(row[4])), row[5]
    row = OLD_ROW.match(line)
    if row is not None and device is not None:
        return (device, Bank(row[1].upper()), int(row[2]), int(row[3])), row[4]
    return None
