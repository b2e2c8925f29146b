"""What each inverter has to complain of: a short log with running numbers, and a counter that never falls.

A code is the alarm's number with its state in the two highest bits: still on, over, or a mere event. Numbers of 1000 and
more carry no state. Sources: captures of devices, owners' reports.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from typing import Final

import msgspec

from ohmstead.families.hoymiles.protos.alarms_pb2 import Alarm

KEPT: Final = 50
"""Alarms of one inverter; a DTU keeps the last ones only."""
PLAIN_NUMBERS: Final = 1000
"""From here on a code is a number without state bits."""


class Number(IntEnum):
    """The alarms the model raises by itself."""

    RESTART = 1
    CLOCK = 2
    LOCKED = 123
    SWITCHED_OFF = 124
    OFFLINE = 130
    NO_GRID = 147
    NO_INPUT_1 = 209
    OVER_VOLTAGE_2 = 217


class State(IntEnum):
    ACTIVE = 0x0000
    ENDED = 0x4000
    EVENT = 0x8000


class Entry(msgspec.Struct, kw_only=True):
    number: int
    state: State
    sequence: int
    started_at: datetime
    ended_at: datetime | None = None
    data1: int = 0
    data2: int = 0

    @property
    def code(self) -> int:
        return self.number if self.number >= PLAIN_NUMBERS else self.number | self.state


class AlarmLog:
    """Of one inverter."""

    def __init__(self, serial: int) -> None:
        self.serial = serial
        self.counter = 0
        """Of all alarms ever raised, as the live data shows it."""
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self._active: dict[int, Entry] = {}

    def event(self, number: int, at: datetime, data1: int = 0, data2: int = 0) -> None:
        """Something that is over as it happens."""
        entry = self._add(number, State.EVENT, at, data1, data2)
        entry.ended_at = at

    def begin(self, number: int, at: datetime, data1: int = 0, data2: int = 0) -> None:
        """Something that lasts; once only until it ends."""
        if number not in self._active:
            self._active[number] = self._add(number, State.ACTIVE, at, data1, data2)

    def end(self, number: int, at: datetime) -> None:
        if (entry := self._active.pop(number, None)) is not None:
            entry.state, entry.ended_at = State.ENDED, at

    def clear(self) -> None:
        """Forget the entries; what is still on comes again by itself when it next begins. The counter goes on."""
        self.entries.clear()
        self._active.clear()

    def forget_counter(self) -> None:
        """A replaced or reset unit counts anew."""
        self.counter = 0

    def shown(self, time_s: Callable[[datetime], int]) -> list[Alarm]:
        """As on the wire, by the DTU's clock."""
        return [
            Alarm(
                inverter_serial=self.serial,
                code=entry.code,
                sequence=entry.sequence,
                start_time=time_s(entry.started_at),
                end_time=time_s(entry.ended_at) if entry.ended_at is not None else 0,
                data1=entry.data1,
                data2=entry.data2,
            )
            for entry in self.entries
        ]

    def _add(self, number: int, state: State, at: datetime, data1: int, data2: int) -> Entry:
        self.counter += 1
        entry = Entry(
            number=number,
            state=state,
            sequence=self.counter,
            started_at=at,
            data1=data1,
            data2=data2,
        )
        self.entries.append(entry)
        return entry


def halves(seconds: int) -> tuple[int, int]:
    """A signed count of seconds as the two 16-bit readings of the clock alarm."""
    word = seconds & 0xFFFFFFFF
    return word >> 16, word & 0xFFFF
