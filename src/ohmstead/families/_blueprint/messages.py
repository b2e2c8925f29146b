"""Every message, declared once: the client reads and the simulator writes through the same lines.

A field's type says what we make of it, its `Word` how it stands on the wire. Source of all facts here: invented. In a
real family each message cites a capture, a manual or an owner's report.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

import msgspec


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """One field on the wire; numbers are big-endian."""

    format: str
    """As in Python's `struct`; lower case is signed."""
    label: str
    unit: str = ""
    per: int = 1
    """Divisor: a raw 123 with `per=10` is 12.3."""
    absent: int | None = None
    """The raw value that means "not known"."""
    secret: bool = False
    """Blanked in captures and wherever a person may look."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    CODE: ClassVar[int]


class ReadInfo(Message, frozen=True, kw_only=True):
    CODE = 0x01


class ReadLive(Message, frozen=True, kw_only=True):
    CODE = 0x02


class SetLimit(Message, frozen=True, kw_only=True):
    """Hold production back. Kept in memory that does not wear, lost when the sun sets."""

    CODE = 0x03
    limit: Annotated[float | None, Word(format="B", label="Power limit", unit="%")]


class Info(Message, frozen=True, kw_only=True):
    """Who the inverter is: never changes while it runs."""

    CODE = 0x81
    serial: Annotated[str, Word(format="8s", label="Serial number", secret=True)]
    firmware: Annotated[float | None, Word(format="H", label="Firmware", per=100)]
    rating: Annotated[float | None, Word(format="H", label="Rated power", unit="W")]


class Live(Message, frozen=True, kw_only=True):
    """What the inverter measures now."""

    CODE = 0x82
    power: Annotated[float | None, Word(format="H", label="AC power", unit="W", per=10, absent=0xFFFF)]
    energy: Annotated[float | None, Word(format="I", label="Energy since it was built", unit="Wh")]
    temperature: Annotated[
        float | None, Word(format="h", label="Temperature", unit="°C", per=10, absent=0x7FFF)
    ]
    limit: Annotated[float | None, Word(format="B", label="Power limit", unit="%")]


class LimitSet(Message, frozen=True, kw_only=True):
    """The limit that holds from now on."""

    CODE = 0x83
    limit: Annotated[float | None, Word(format="B", label="Power limit", unit="%")]


class Fault(Message, frozen=True, kw_only=True):
    """The inverter says no."""

    CODE = 0xFF
    reason: Annotated[float | None, Word(format="B", label="Reason")]


MESSAGES: Final[tuple[type[Message], ...]] = (ReadInfo, ReadLive, SetLimit, Info, Live, LimitSet, Fault)

REASONS: Final = {1: "it does not know the request", 2: "the limit is out of range"}
