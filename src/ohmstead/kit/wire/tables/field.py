"""One line of a register table: where a value stands, how it is read, and what is known about it.

A field is a descriptor. On the table it is the definition (`Live.p_battery.unit`), on an instance the value
(`live.p_battery`, None where not known), and a type checker knows both.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from typing import Any, Generic, Protocol, Self, TypeVar, cast, overload

import msgspec
from msgspec.structs import replace

from ohmstead.kit.wire.tables.codec import Codec, Words
from ohmstead.kit.wire.tables.page import FROM_ZERO, Pages, Paging, Window

T = TypeVar("T")

Decode = Callable[[tuple[int | None, ...]], T | None]
"""The value that some words say."""


class Write(msgspec.Struct, frozen=True):
    """Who may write a field, and the raw values the device takes."""

    tier: str
    low: int | None = None
    high: int | None = None

    def allows(self, raw: int) -> bool:
        return (self.low is None or raw >= self.low) and (self.high is None or raw <= self.high)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a field besides its place."""

    unit: str = ""
    per: int = 1
    """Value = raw / per …"""
    times: int = 1
    """… or raw * times."""
    bounds: tuple[float, float] | None = None
    """A value outside is none, unless its registers are all zero, which means "not filled in"."""
    write: Write | None = None
    models: str = ""
    """Which models have it, in the family's notation; empty: as its block says."""
    evidence: str = ""
    """How it is known, in the family's words; empty: as its block says."""
    note: str = ""
    shared: bool = False
    """Its registers also serve another field, on purpose."""
    secret: bool = False
    """Names a device: blanked wherever a person may look."""


class Readable(Protocol):
    """What a field can be an attribute of."""

    def read(self, field: Field[T]) -> T | None: ...


class Field(Generic[T]):
    """See the module. `name`, `bank`, `paging` and `source` are filled in by the table that holds the field."""

    def __init__(self, address: int, codec: Codec[Any], facts: Facts, *, is_number: bool = False) -> None:
        # Any: a number's codec speaks raw integers, which the scale turns into T
        self.name = ""
        self.bank = ""
        self.paging = FROM_ZERO
        self.source = ""
        self.address = address
        self.codec = codec
        self.facts = facts
        self.is_number = is_number

    def placed(
        self, name: str, bank: str, paging: Paging, *, source: str, models: str, evidence: str
    ) -> Self:
        """The line as it stands in a table, which speaks where the line itself says nothing."""
        facts = self.facts
        said = replace(facts, models=facts.models or models, evidence=facts.evidence or evidence)
        return self._copy(name, bank, paging, source, said)

    def restated(self, models: str) -> Self:
        """The same line for other models."""
        said = replace(self.facts, models=models)
        return self._copy(self.name, self.bank, self.paging, self.source, said)

    def _copy(self, name: str, bank: str, paging: Paging, source: str, facts: Facts) -> Self:
        copy = type(self)(self.address, self.codec, facts, is_number=self.is_number)
        copy.name, copy.bank, copy.paging, copy.source = name, bank, paging, source
        return copy

    @overload
    def __get__(self, block: None, owner: type) -> Self: ...
    @overload
    def __get__(self, block: Readable, owner: type) -> T | None: ...
    def __get__(self, block: Readable | None, owner: type) -> Self | T | None:
        return self if block is None else block.read(self)

    def __set__(self, block: Readable, value: object) -> None:
        raise AttributeError(f"{self.name} is what a device said; it cannot be set")

    def __repr__(self) -> str:
        return f"<{self.bank}({self.address}) {self.name}>"

    # Facts that are asked for often.
    @property
    def unit(self) -> str:
        return self.facts.unit

    @property
    def write(self) -> Write | None:
        return self.facts.write

    @property
    def count(self) -> int:
        return self.codec.count

    @property
    def registers(self) -> range:
        return range(self.address, self.address + self.codec.count)

    @property
    def precision(self) -> int | None:
        """Decimals worth showing; None for what is no number."""
        per = self.facts.per
        return len(str(per)) - 1 if self.is_number or per != 1 else None

    # Reading.
    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """Where all that it looks at lies."""
        count = 1 + max(self.codec.count - 1, *self.codec.extras, 0)
        return self.paging.windows(self.bank, self.address, count)

    @cached_property
    def page(self) -> str:
        """The key of the page it begins in."""
        return self.windows[0].key

    @cached_property
    def offset(self) -> int:
        first: int = self.windows[0].place.start
        return first

    @cached_property
    def is_within_page(self) -> bool:
        return len(self.windows) == 1

    @cached_property
    def reads(self) -> tuple[int, ...]:
        """The offsets in its page of all that it looks at."""
        return tuple(self.offset + index for index in (*range(self.codec.count), *self.codec.extras))

    @cached_property
    def needs(self) -> int:
        """Bits of the page's registers without which there is no value."""
        return ((1 << self.codec.count) - 1) << self.offset

    def read(self, pages: Pages) -> T | None:
        """The value, None where a register has not been seen or makes no sense."""
        if self.is_within_page:
            page = pages.get(self.page)
            if page is None or page.known & self.needs != self.needs:
                return None
            return self.decode_in_page(page.words)
        words = self.paging.words(pages, self.bank, self.address, self.codec.count)
        return None if words is None else self.decode(words)

    @cached_property
    def decode(self) -> Decode[T]:
        """From the words that begin at its first register."""
        return self._compiled(0)

    @cached_property
    def decode_in_page(self) -> Decode[T]:
        """From the words of its page, which has to hold all of it."""
        return self._compiled(self.offset)

    def _compiled(self, offset: int) -> Decode[T]:
        text = self.expression(lambda index: f"w[{offset + index}]")
        # The text is made of our own tables and nothing else.
        return cast(Decode[T], eval(f"lambda w: {text}", dict(self.names)))  # noqa: S307

    @property
    def names(self) -> Mapping[str, object]:
        return self.codec.names

    def expression(self, word: Callable[[int], str]) -> str:
        """How to work it out, as Python text; `word` writes the n-th register from its first on."""
        count, extras = self.codec.count, self.codec.extras
        raw = self.codec.expression.format(*(word(index) for index in (*range(count), *extras)))
        return self._number(raw) if self.is_number else raw

    def _number(self, raw: str) -> str:
        if self.facts.bounds is None:
            return self._scaled(raw)
        # Compared as raw integers, which is exact; a raw 0 is all zeros and passes.
        low, high = self._raw_bounds(*self.facts.bounds)
        return f"({self._scaled('r')} if {low} <= (r := {raw}) <= {high} or r == 0 else None)"

    def _scaled(self, raw: str) -> str:
        if self.facts.per != 1:
            return f"{raw} / {self.facts.per}"
        return f"{raw} * {self.facts.times}" if self.facts.times != 1 else raw

    def _raw_bounds(self, low: float, high: float) -> tuple[int, int]:
        ends = sorted(Decimal(str(end)) * self.facts.per / self.facts.times for end in (low, high))
        return int(ends[0].to_integral_value(ROUND_CEILING)), int(ends[1].to_integral_value(ROUND_FLOOR))

    # Writing.
    def encode(self, value: T, before: Words | None = None) -> Words:
        """The registers that say `value`. `before`: what stands there, for fields that share a register."""
        raw = self._raw(cast(float, value)) if self.is_number else value
        return self.codec.encode(raw, before or (0,) * self.codec.count)

    def _raw(self, value: float) -> int:
        if not math.isfinite(value):
            raise ValueError(f"{self.name} is {value}")
        return round(value * self.facts.per / self.facts.times)
