"""The words a table is written in: `volts(105, per=10)`. Each makes one line, and states its unit."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any, Final, Protocol, TypedDict, TypeVar, Unpack

from msgspec.structs import replace

from ohmstead.kit.wire.tables.codec import (
    SIGNED,
    UNSIGNED,
    WIDE,
    WIDE_LOW_FIRST,
    WIDE_SIGNED,
    Codec,
    Words,
    bits,
    read_only,
)
from ohmstead.kit.wire.tables.codec import flag as flag_codec
from ohmstead.kit.wire.tables.field import Facts, Field, Write

T = TypeVar("T")
E = TypeVar("E", bound=IntEnum)


class Said(TypedDict, total=False):
    """What any line may say about itself; see `Facts`."""

    write: Write
    models: str
    evidence: str
    note: str
    shared: bool
    secret: bool


class Raw(Said, total=False):
    """How a number's bits are read."""

    signed: bool
    wide: bool
    low_first: bool
    """Of the two registers of a wide number, the low one comes first."""
    part: tuple[int, int]
    """Lowest bit and width of the bits of one register that are meant."""
    bounds: tuple[float, float]


class Scaled(Raw, total=False):
    per: int
    times: int


HIGH_BYTE: Final = (8, 8)
LOW_BYTE: Final = (0, 8)


class Quantity(Protocol):
    def __call__(self, address: int, **said: Unpack[Scaled]) -> Field[float]: ...


def quantity(unit: str) -> Quantity:
    """A way to write lines of one unit."""

    def line(address: int, **said: Unpack[Scaled]) -> Field[float]:
        return _number(address, unit, said)

    return line


volts: Final = quantity("V")
amps: Final = quantity("A")
milliamps: Final = quantity("mA")
watts: Final = quantity("W")
kilowatts: Final = quantity("kW")
volt_amps: Final = quantity("VA")
vars_reactive: Final = quantity("var")
watt_hours: Final = quantity("Wh")
kilowatt_hours: Final = quantity("kWh")
kilovar_hours: Final = quantity("kvarh")
amp_hours: Final = quantity("Ah")
hertz: Final = quantity("Hz")
celsius: Final = quantity("degC")
percent: Final = quantity("%")
hours: Final = quantity("h")
seconds: Final = quantity("s")
milliseconds: Final = quantity("ms")
ratio: Final = quantity("")
"""A number without a unit that has decimals."""


def number(address: int, **said: Unpack[Raw]) -> Field[int]:
    """A whole number without a unit: a count, a code, a version."""
    raw = _number(address, "", {**said})
    return Field(address, raw.codec, raw.facts, is_number=True)


def flag(address: int, *, part: tuple[int, int] | None = None, **said: Unpack[Said]) -> Field[bool]:
    """True unless the register, or the part of it, is 0."""
    return Field(address, flag_codec(bits(*part) if part else UNSIGNED), Facts(**said))


def choice(
    address: int,
    kind: type[E],
    *,
    otherwise: E | None = None,
    part: tuple[int, int] | None = None,
    **said: Unpack[Said],
) -> Field[E]:
    """One of a list. A raw value that is not in it gives `otherwise`."""
    raw = bits(*part) if part else UNSIGNED
    table = f"{kind.__name__}_of"
    default = "" if otherwise is None else f", {table}_else"
    codec: Codec[E] = Codec(
        expression=f"{table}({raw.expression}{default})",
        names={table: {int(member): member for member in kind}.get, f"{table}_else": otherwise},
        encode=lambda value, before: raw.encode(int(value), before),
        mask=raw.mask,
        plain=int,
    )
    return Field(address, codec, Facts(**said))


def numbers(address: int, count: int, **said: Unpack[Said]) -> Field[tuple[int, ...]]:
    """A run of plain registers."""
    codec: Codec[tuple[int, ...]] = Codec(
        count=count,
        expression="(" + ", ".join(f"{{{index}}}" for index in range(count)) + ",)",
        encode=lambda value, _before: tuple(value),
    )
    return Field(address, codec, Facts(**said))


def custom(address: int, codec: Codec[T], *, per: int = 1, unit: str = "", **said: Unpack[Said]) -> Field[T]:
    """A kind of value of the family's own. `per` says its decimals, which the codec has already worked in."""
    return Field(address, codec, Facts(per=per, unit=unit, **said))


def reading(codec: Codec[T]) -> Codec[T]:
    """The same kind for a field that only reads what another one writes."""
    encode: Callable[[T, Words], Words] = lambda value, _before: read_only(value)  # noqa: E731
    return replace(codec, encode=encode)


def _number(address: int, unit: str, said: Raw) -> Field[float]:
    codec = _codec(said)
    facts: dict[str, Any] = {
        name: value for name, value in said.items() if name not in HOW
    }  # Any: facts of all kinds
    return Field(address, codec, Facts(unit=unit, **facts), is_number=True)


HOW: Final = frozenset({"signed", "wide", "low_first", "part"})


def _codec(said: Raw) -> Codec[int]:
    if "part" in said:
        return bits(*said["part"])
    signed = said.get("signed", False)
    if not said.get("wide"):
        return SIGNED if signed else UNSIGNED
    if said.get("low_first"):
        return WIDE_LOW_FIRST
    return WIDE_SIGNED if signed else WIDE
