"""What is known of one field of the wire: where it lies, what it counts, whom it may be shown to.

The constructors are named after what a field holds, so that a table reads as a list of facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final, Protocol, TypedDict, Unpack

import msgspec


class Kind(Enum):
    NUMBER = "number"
    COUNT = "count"
    """A whole number, or a code."""
    SWITCH = "switch"
    """0 or 1."""
    FLAG = "flag"
    """true or false."""
    TEXT = "text"
    CLOCK = "clock"
    """HH:MM, in the gateway's own zone."""
    INSTANT = "instant"
    """Milliseconds since 1970."""
    NUMBERS = "numbers"
    COUNTS = "counts"
    TEXTS = "texts"
    CELLS = "cells"
    """A number, or one for each cell."""
    ANYTHING = "anything"


class When(Enum):
    """When the scale applies."""

    ALWAYS = "always"
    WHOLE = "whole"
    """Only to integers: a wire value with a fraction is taken as converted already."""
    STORED = "stored"
    """Only in stored answers."""


class Secrecy(Enum):
    PUBLIC = "public"
    SERIAL = "serial"
    PERSONAL = "personal"
    """Names, addresses and networks of people."""
    SECRET = "secret"  # noqa: S105  # a word, not one


class Field(msgspec.Struct, frozen=True, kw_only=True):
    raw: str
    """The vendor's key, or the way to it: `main_sw[0]`, `apowerList[].id`."""
    attribute: str
    """Ours; empty for what stays in the raw record only."""
    kind: Kind
    unit: str = ""
    per: int = 1
    """Value = raw / per, when the scale applies."""
    when: When = When.ALWAYS
    codes: str = ""
    """The table in `codes` with the words for its numbers."""
    is_optional: bool = False
    """May be None in a typed record; others become their zero, and are listed as missing."""
    secrecy: Secrecy = Secrecy.PUBLIC
    note: str = ""


class Table(msgspec.Struct, frozen=True):
    source: str
    """The record: a tunnel command with the part of its reply, or a call."""
    evidence: str
    fields: tuple[Field, ...]


class _Facts(TypedDict, total=False):
    per: int
    when: When
    codes: str
    is_optional: bool
    secrecy: Secrecy
    note: str


class _MakesField(Protocol):
    def __call__(self, raw: str, attribute: str, unit: str = "", **facts: Unpack[_Facts]) -> Field: ...


def _of(kind: Kind) -> _MakesField:
    def field(raw: str, attribute: str, unit: str = "", **facts: Unpack[_Facts]) -> Field:
        return Field(raw=raw, attribute=attribute, kind=kind, unit=unit, **facts)

    return field


number: Final = _of(Kind.NUMBER)
numbers: Final = _of(Kind.NUMBERS)
count: Final = _of(Kind.COUNT)
counts: Final = _of(Kind.COUNTS)
cells: Final = _of(Kind.CELLS)
switch: Final = _of(Kind.SWITCH)
flag: Final = _of(Kind.FLAG)
text: Final = _of(Kind.TEXT)
texts: Final = _of(Kind.TEXTS)
clock: Final = _of(Kind.CLOCK)
instant: Final = _of(Kind.INSTANT)
anything: Final = _of(Kind.ANYTHING)


LIMITS: Final[Mapping[str, tuple[float, float]]] = MappingProxyType(
    {
        "%": (0.0, 100.0),
        "kW": (-1000.0, 1000.0),
        "kWh": (-1.0, 1e7),
        "Wh": (-1000.0, 1e10),
        "V": (-10.0, 2000.0),
        "A": (-2000.0, 2000.0),
        "Hz": (-1.0, 100.0),
        "°C": (-60.0, 150.0),
    }
)
"""What a home can be, by unit, after scaling: outside it a value is wrong, whatever says it."""
