"""Which registers hold the daily slots of a unit: it depends on its model, and an index alone says nothing.

Sources: captures of eight plants, the vendor's app; slots 3 to 10 of three-phase units from owners' reports.
"""

from __future__ import annotations

from typing import Final

import msgspec

Pair = tuple[int, int]
"""The registers of a slot's start and end."""


class SlotMap(msgspec.Struct, frozen=True):
    """The slots of one kind of unit, first slot first."""

    name: str
    charge: tuple[Pair, ...]
    discharge: tuple[Pair, ...]


def _extended(first: int) -> tuple[Pair, ...]:
    """Slots 3 to 10, each followed by the register of its state of charge."""
    return tuple((first + 3 * n, first + 3 * n + 1) for n in range(8))


SINGLE: Final = SlotMap("single", ((94, 95), (31, 32)), ((56, 57), (44, 45)))
EXTENDED: Final = SlotMap("extended", SINGLE.charge + _extended(246), SINGLE.discharge + _extended(276))
THREE_PHASE: Final = SlotMap(
    "three-phase",
    ((1113, 1114), (1115, 1116), *_extended(246)),
    ((1118, 1119), (1120, 1121), *_extended(276)),
)

EMS_CHARGE: Final[tuple[Pair, ...]] = ((2053, 2054), (2056, 2057), (2059, 2060))
EMS_DISCHARGE: Final[tuple[Pair, ...]] = ((2044, 2045), (2047, 2048), (2050, 2051))
EMS_EXPORT: Final[tuple[Pair, ...]] = ((2062, 2063), (2065, 2066), (2068, 2069))
PAUSE: Final[Pair] = (319, 320)
SMART_LOAD: Final[tuple[Pair, ...]] = tuple((554 + 2 * n, 555 + 2 * n) for n in range(10))
