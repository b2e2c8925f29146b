"""Arguments are checked before a request exists: what is wrong is said where it was said."""

from __future__ import annotations

from datetime import time
from enum import IntEnum
from typing import Final, TypeVar

from ohmstead.families.givenergy.slots import Pair
from ohmstead.families.givenergy.types import TimeSlot, hhmm
from ohmstead.families.givenergy.wire import TransparentRequest, WriteRequest

E = TypeVar("E", bound=IntEnum)

Requests = list[TransparentRequest]
"""In the order in which they are sent."""

INVERTER: Final = 0x11
"""Inverter, EMS or gateway: the one address that is written to."""


def write(register: int, value: int) -> WriteRequest:
    return WriteRequest(INVERTER, register, value)


def whole(name: str, value: object, low: int, high: int) -> int:
    """Raises `ValueError` for anything but an integer of the range; 50.0 is one, True and 50.5 are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise ValueError(f"{name} is a whole number from {low} to {high}, not {value!r}")
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}; it may be {low} to {high}")
    return int(value)


def switch(name: str, value: object) -> int:
    if not isinstance(value, bool):
        raise ValueError(f"{name} is True or False, not {value!r}")  # noqa: TRY004 - one error for every bad argument
    return int(value)


def member(name: str, value: object, kind: type[E]) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in {int(one) for one in kind}:
        names = ", ".join(f"{one.name} ({one.value})" for one in kind)
        raise ValueError(f"{name} is one of {names}, not {value!r}")
    return int(value)


def moment(name: str, at: time | None) -> int:
    """As a slot register holds it; None clears."""
    if at is not None and not isinstance(at, time):
        raise ValueError(f"{name} is a time of day or None, not {at!r}")
    return hhmm(at)


def numbered(pairs: tuple[Pair, ...], idx: object, what: str) -> Pair:
    """The registers of slot `idx`, counted from 1."""
    return pairs[whole(f"the number of the {what}", idx, 1, len(pairs)) - 1]


def slot(name: str, registers: Pair, timeslot: TimeSlot | None) -> Requests:
    """Start, then end. None clears both."""
    if timeslot is not None and not isinstance(timeslot, TimeSlot):
        raise ValueError(f"{name} is a TimeSlot or None, not {timeslot!r}")
    start, end = (timeslot.start, timeslot.end) if timeslot is not None else (None, None)
    return [
        write(registers[0], moment(f"the start of {name}", start)),
        write(registers[1], moment(f"the end of {name}", end)),
    ]
