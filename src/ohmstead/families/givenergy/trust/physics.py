"""What a low-voltage pack cannot do between two polls.

Words are compared as they stand on the wire, without sign or scale. The thresholds come from about 1,100 transitions of
low-power packs; a cell at the knee of its curve may move by 200 mV, which the limit lets pass.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from itertools import compress
from operator import itemgetter, ne
from typing import Final

import msgspec

FIRST: Final = 60
"""The register that the page begins with; places below are distances from it."""
WORDS: Final = 60
CELLS: Final = range(16)
TEMPERATURES: Final = range(16, 20)
REMAINING: Final = 28
CONSTANTS: Final = itemgetter(37, 38)
"""Number of cells, firmware."""
FIRMWARE: Final = 38
SERIAL: Final = slice(50, 55)

Page = tuple[int, ...]


class Quantity(StrEnum):
    CELL = "cell voltage"
    TEMPERATURE = "cell temperature"
    MOSFET = "MOSFET temperature"
    CELL_SUM = "sum of cell voltages"
    OUTPUT = "output voltage"
    CAPACITY = "capacity"
    SOC = "state of charge"
    ENERGY = "lifetime energy"


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """How far each may move from poll to poll, in raw units."""

    cell: int = 300
    temperature: int = 50
    mosfet: int = 200
    cell_sum: int = 1600
    output: int = 4000
    capacity: int = 1500
    soc: int = 10
    energy: int = 50


HEALABLE: Final[dict[Quantity, tuple[int, int]]] = {
    Quantity.CELL: (1000, 5000),
    Quantity.CELL_SUM: (16000, 80000),
    Quantity.OUTPUT: (16000, 80000),
    Quantity.CAPACITY: (0, 50000),
}
"""What may be believed after all when it persists, and within which absolute limits."""


class Jump(msgspec.Struct, frozen=True):
    """One value that moved too far."""

    quantity: Quantity
    place: int
    is_wide: bool
    limit: int
    value: int

    @property
    def is_healable(self) -> bool:
        low, high = HEALABLE.get(self.quantity, (1, 0))
        return low <= self.value <= high

    def is_confirmed_by(self, page: Page) -> bool:
        """Whether a later page shows about the same."""
        return abs(value_at(page, self.place, is_wide=self.is_wide) - self.value) <= self.limit


def value_at(page: Page, place: int, *, is_wide: bool) -> int:
    return page[place] << 16 | page[place + 1] if is_wide else page[place]


class Rule(msgspec.Struct, frozen=True):
    """How far the value at a place may move."""

    quantity: Quantity
    place: int
    is_wide: bool
    limit: int

    def is_broken(self, before: Page, after: Page) -> bool:
        place = self.place
        step = after[place] - before[place]
        if self.is_wide:
            step = (step << 16) + after[place + 1] - before[place + 1]
        return abs(step) > self.limit

    def jump(self, page: Page) -> Jump:
        value = value_at(page, self.place, is_wide=self.is_wide)
        return Jump(self.quantity, self.place, self.is_wide, self.limit, value)


Rules = tuple[Rule | None, ...]
"""By register of the page: what it is a part of."""


def jumps(before: Page, after: Page, rules: Rules) -> tuple[Jump, ...]:
    """Every value that moved further than it can. Most registers of a page did not move at all: they are passed by."""
    moved = compress(rules, map(ne, after, before))
    broken = [rule for rule in moved if rule is not None and rule.is_broken(before, after)]
    # Of a wide value both registers may have moved.
    return tuple(rule.jump(after) for rule in dict.fromkeys(broken)) if broken else ()


@cache
def rules_of(limit: Thresholds) -> Rules:
    single = (
        *((Quantity.CELL, place, limit.cell) for place in CELLS),
        *((Quantity.TEMPERATURE, place, limit.temperature) for place in (*TEMPERATURES, 43, 44)),
        (Quantity.MOSFET, 21, limit.mosfet),
        (Quantity.CELL_SUM, 20, limit.cell_sum),
        (Quantity.SOC, 40, limit.soc),
        *((Quantity.ENERGY, place, limit.energy) for place in (45, 46)),
    )
    wide = (
        (Quantity.OUTPUT, 22, limit.output),
        *((Quantity.CAPACITY, place, limit.capacity) for place in (24, 26, REMAINING, 41)),
    )
    rules: list[Rule | None] = [None] * WORDS
    for quantity, place, most in single:
        rules[place] = Rule(quantity, place, False, most)
    for quantity, place, most in wide:
        rules[place] = rules[place + 1] = Rule(quantity, place, True, most)
    return tuple(rules)


def is_impossible(page: Page) -> bool:
    """No cell has a voltage, though there is a firmware or a charge."""
    return not any(page[CELLS.start : CELLS.stop]) and bool(
        page[FIRMWARE] or page[REMAINING] or page[REMAINING + 1]
    )


def has_cold_cells(base: int, words: tuple[int, ...]) -> bool:
    """Two or more cell temperatures of exactly zero: the mark of a splice, in whatever part of the page was read."""
    start = FIRST + TEMPERATURES.start - base
    end = start + len(TEMPERATURES)
    return end > 0 and words[max(0, start) : end].count(0) > 1


def constants(page: Page) -> tuple[int, ...]:
    found: tuple[int, ...] = CONSTANTS(page)
    return found
