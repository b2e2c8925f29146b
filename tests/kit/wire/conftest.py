"""An invented table, and pages as a device would have filled them."""

from __future__ import annotations

from enum import IntEnum

from ohmstead.kit.wire.tables import UNKNOWN, Block, Page, Paging, Write
from ohmstead.kit.wire.tables.page import FROM_ZERO
from ohmstead.kit.wire.tables.quantities import (
    HIGH_BYTE,
    LOW_BYTE,
    celsius,
    choice,
    flag,
    kilowatt_hours,
    number,
    numbers,
    percent,
    ratio,
    volts,
    watts,
)


class Mode(IntEnum):
    OFF = 0
    ON = 1


class Live(Block, bank="IR", source="invented", models="A;B", evidence="guess"):
    grid_v = volts(0, per=10, bounds=(180, 260))
    grid_w = watts(1, signed=True)
    total_kwh = kilowatt_hours(2, wide=True, per=10)
    low_kwh = kilowatt_hours(4, wide=True, low_first=True)
    net_w = watts(6, wide=True, signed=True, times=-1)
    heat_c = celsius(8, signed=True, per=10, note="as measured inside")
    mode = choice(9, Mode)
    mode_or_off = choice(9, Mode, otherwise=Mode.OFF, shared=True)
    soc = percent(10, part=LOW_BYTE)
    cycles = number(10, part=HIGH_BYTE)
    switch = flag(11, part=(3, 1))
    prices = numbers(12, 3)
    across_kwh = kilowatt_hours(59, wide=True)
    far = ratio(200, per=1000, models="B", evidence="seen", write=Write("user", 0, 10))


def pages(*words: int | None, base: int = 0, bank: str = "IR", paging: Paging = FROM_ZERO) -> dict[str, Page]:
    """Registers from `base` on, None for those that have not been seen."""
    found: dict[str, Page] = {}
    for address, word in enumerate(words, base):
        if word is not None:
            (window,) = paging.windows(bank, address, 1)
            page = found.get(window.key, Page.of(UNKNOWN))
            found[window.key] = page.with_words(window.place.start, (word,))
    return found


GOOD = pages(2305, 0xFFFE, 1, 2, 2, 1, 0xFFFF, 0xFFFE, 0xFFF6, 1, 0x0742, 8, 5, 6, 7)
