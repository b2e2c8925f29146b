"""The circuits record (311), read. Three circuits stand in it on every gateway, fitted or not (capture of a gateway
without the module): how many there are, only the list of accessories knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.typed import typed

Record = Mapping[str, Any]
"""JSON of the vendor's: any value."""

ON_THE_WIRE: Final = 3

FIELDS: Final[Mapping[str, str]] = {
    "name": "Name",
    "mode": "Mode",
    "pro_load_type": "ProLoad",
    "msg_type": "MsgType",
    "soc_cutoff_enabled": "AtuoEn",
    "soc_cutoff_limit": "SocLowSet",
    "cycle_days": "Freq",
    "time_schedules": "Time",
    "time_enabled": "TimeEn",
    "time_set": "TimeSet",
    "load_limit": "LoadLimit",
    "open_time": "OpenTime",
    "close_time": "CloseTime",
    "open_time_2": "OpenTime2",
    "close_time_2": "CloseTime2",
}
"""Our name to what follows `Swn` on the wire. The last five: older firmware."""


class Circuit(msgspec.Struct, frozen=True, kw_only=True):
    """One circuit. What the record does not hold, or holds with the wrong type, is None."""

    number: int
    name: str | None = None
    mode: int | None = None
    """0 off, 1 on."""
    pro_load_type: int | None = None
    """Reads like `mode` (owner report) and is written as its inverse: never a state."""
    msg_type: int | None = None
    soc_cutoff_enabled: int | None = None
    """Off grid only."""
    soc_cutoff_limit: int | None = None
    """%"""
    cycle_days: int | None = None
    """0: once."""
    time_schedules: tuple[str, ...] | None = None
    """Two pairs of start and end, `YYYY-MM-DD HH:MM` in the gateway's zone."""
    time_enabled: tuple[int, ...] | None = None
    time_set: tuple[int, ...] | None = None
    load_limit: int | None = None
    """A"""
    open_time: int | None = None
    """Minutes of the day, as the next three."""
    close_time: int | None = None
    open_time_2: int | None = None
    close_time_2: int | None = None

    @property
    def is_on(self) -> bool | None:
        return None if self.mode is None else self.mode == 1


def circuits(record: Record, fitted: int = ON_THE_WIRE) -> dict[int, Circuit]:
    """The fitted circuits by number, as far as the record names them. In a merged pair 2 is a part of 1 and left out."""
    numbers = range(1, fitted + 1)
    return {
        n: _circuit(record, n)
        for n in numbers
        if f"Sw{n}Mode" in record and not (n == 2 and is_merged(record))
    }


def is_merged(record: Record) -> bool:
    """Whether circuits 1 and 2 are the two legs of one 240 V circuit."""
    return record.get("SwMerge") == 1


def is_newer_merged(record: Record) -> bool:
    """The same of the record of newer firmware (387)."""
    return list(record.get("merge") or ()) == [1, 2]


def _circuit(record: Record, number: int) -> Circuit:
    names = {ours: (f"Sw{number}{theirs}",) for ours, theirs in FIELDS.items()}
    return typed(Circuit, record, names, number=number)
