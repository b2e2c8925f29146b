"""What is done with a page, and why."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec


class Action(StrEnum):
    STORE = "store"
    HOLD = "hold"
    """Not believed yet: the next page decides."""
    DROP = "drop"


class Reason(StrEnum):
    GOOD = "nothing against it"
    NETWORK_BYTES = "holds a network packet in the place of registers"
    ZEROS = "all zero, after it held data"
    CELLS_ZERO = "no cell voltage, though the pack has a charge"
    TEMPERATURES_ZERO = "cell temperatures are zero"
    FOREIGN = "no valid serial number"
    COLD_START = "the first page of this pack waits for a second like it"
    OTHER_SERIAL = "another pack's serial number"
    CONSTANTS = "number of cells or firmware changed"
    ONE_JUMP = "one value jumped further than it can"
    JUMPS = "several values jumped further than they can"


class Verdict(msgspec.Struct, frozen=True):
    action: Action
    reason: Reason = Reason.GOOD

    @property
    def may_store(self) -> bool:
        return self.action is Action.STORE


STORE: Final = Verdict(Action.STORE)
