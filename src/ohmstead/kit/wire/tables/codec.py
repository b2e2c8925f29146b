"""How a field's registers become a value: one expression per kind, used by the single read and by the compiled plan.

An expression is Python text in which `{0}`, `{1}` … stand for the field's registers, each an integer of 0 to 65535. It
is made of our own constants only, never of anything a peer sent. Every kind also knows its way back, so that a
simulator writes through the line a client reads through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

import msgspec

T = TypeVar("T")

WORD_BITS: Final = 16
WORD_LIMIT: Final = 1 << WORD_BITS

Words = tuple[int, ...]


class ReadOnly(Exception):
    """The field is a reading of registers that another field writes."""


class Codec(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One kind of value. `encode` gets the value and the words that stand there now, and returns the new words."""

    count: int = 1
    expression: str
    names: Mapping[str, object] = {}
    """What the expression calls."""
    encode: Callable[[T, Words], Words]
    mask: int = WORD_LIMIT - 1
    """The bits of each register that belong to the value; the whole register but for bytes and bit groups."""
    extras: tuple[int, ...] = ()
    """Registers that help to read it, as distances from the first; they follow as further words, None where not known."""
    plain: Callable[[Any], object] | None = None
    """Turns a value into one that JSON has; None where it is one already."""
    low: int = 0
    high: int = WORD_LIMIT - 1
    """What the raw integer can hold; only numbers use it."""


def _whole(low: int, high: int, split: Callable[[int], Words]) -> Callable[[int, Words], Words]:
    def encode(raw: int, _before: Words) -> Words:
        if not low <= raw <= high:
            raise ValueError(f"{raw} is outside {low} to {high}")
        return split(raw)

    return encode


def _number(count: int, expression: str, low: int, high: int, split: Callable[[int], Words]) -> Codec[int]:
    return Codec(count=count, expression=expression, encode=_whole(low, high, split), low=low, high=high)


UNSIGNED: Final = _number(1, "{0}", 0, 0xFFFF, lambda raw: (raw,))
SIGNED: Final = _number(1, "(({0} ^ 32768) - 32768)", -0x8000, 0x7FFF, lambda raw: (raw & 0xFFFF,))
WIDE: Final = _number(2, "({0} << 16 | {1})", 0, 0xFFFFFFFF, lambda raw: (raw >> 16, raw & 0xFFFF))
WIDE_SIGNED: Final = _number(
    2,
    "((({0} << 16 | {1}) ^ 2147483648) - 2147483648)",
    -0x80000000,
    0x7FFFFFFF,
    lambda raw: (raw >> 16 & 0xFFFF, raw & 0xFFFF),
)
WIDE_LOW_FIRST: Final = _number(2, "({1} << 16 | {0})", 0, 0xFFFFFFFF, lambda raw: (raw & 0xFFFF, raw >> 16))


def bits(lowest: int, width: int) -> Codec[int]:
    """A group of bits of one register; the others keep what they hold."""
    limit = (1 << width) - 1
    mask = limit << lowest
    shifted = f"{{0}} >> {lowest}" if lowest else "{0}"

    def encode(raw: int, before: Words) -> Words:
        if not 0 <= raw <= limit:
            raise ValueError(f"{raw} does not fit {width} bits")
        return (before[0] & ~mask | raw << lowest,)

    return Codec(expression=f"({shifted} & {limit})", encode=encode, mask=mask, low=0, high=limit)


def flag(part: Codec[int] = UNSIGNED) -> Codec[bool]:
    return Codec(
        expression=f"({part.expression} != 0)",
        encode=lambda value, before: part.encode(int(value), before),
        mask=part.mask,
    )


def through(
    count: int,
    decode: Callable[..., T | None],
    encode: Callable[[T], Words],
    *,
    extras: tuple[int, ...] = (),
    label: str | None = None,
    plain: Callable[[Any], object]
    | None = None,  # Any: a T, which a generic struct cannot hold contravariantly
) -> Codec[T]:
    """A kind of value with functions of its own: `decode` takes the words one by one."""
    name = label or decode.__name__.strip("_<>")
    arguments = ", ".join(f"{{{index}}}" for index in range(count + len(extras)))
    return Codec(
        count=count,
        expression=f"{name}({arguments})",
        names={name: decode},
        encode=lambda value, _before: encode(value),
        extras=extras,
        plain=plain,
    )


def read_only(_value: object) -> Words:
    """The way back of a field that has none."""
    raise ReadOnly("this field reads registers that another field writes")
