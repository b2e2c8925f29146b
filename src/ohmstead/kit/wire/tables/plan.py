"""Decodes whole pages at once, and pages that are known already by the registers that have changed.

It writes into a picture that is there already. As a page is only replaced when its words change, whoever keeps the
picture of the last moment decodes no more than what is new: nine out of ten registers stay as they are from poll to
poll. What the functions of this file are made of is the lines of the table and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import compress
from operator import ne, or_
from types import MappingProxyType
from typing import Any, Final, cast

import msgspec

from ohmstead.kit.wire.tables.field import Field
from ohmstead.kit.wire.tables.page import EMPTY, PAGE_WORDS, Page, Pages, page_key

Values = dict[str, object]
Fields = Sequence[Field[Any]]  # Any: fields of every kind
Marks = Mapping[str, int]
"""Bits by name of a value."""
NO_MARKS: Final[Marks] = MappingProxyType({})

VARIANTS: Final = 8
"""Sets of known registers a page keeps functions for; a reader with more patterns than that takes the slow way."""


class Picture(msgspec.Struct, frozen=True):
    """All values by name, twice: as Python has them, and in a form that JSON has too."""

    values: Values
    plain: Values

    def put(
        self, name: str, value: object, plain: Callable[[Any], object] | None = None
    ) -> None:  # Any: a value
        self.values[name] = value
        self.plain[name] = value if value is None or plain is None else plain(value)


Draw = Callable[[tuple[int | None, ...], Values, Values], None]
"""Puts what the words of a page say into the values and their plain forms."""
Part = tuple[Draw, int]
"""Lines that are drawn together, and the marks of their names."""


class _Reader:
    """A page of which certain registers have been seen: all of its lines, and by register those that look at it."""

    def __init__(self, fields: Fields, known: int, marks: Marks) -> None:
        """`known`: bits of the registers that have been seen; a line that needs others says None."""
        self._known = known
        self._marks = marks
        by_offset: list[list[Field[Any]]] = [[] for _ in range(PAGE_WORDS)]
        for field in fields:
            for offset in field.reads:
                by_offset[offset].append(field)
        self.places: list[Part] = []
        self.whole: list[Part] = []
        for offset, some in enumerate(by_offset):
            self.places.append(self._part(self.places, offset, some))
        self.whole.append(self._part(self.whole, 0, fields))

    def _part(self, parts: list[Part], at: int, fields: Fields) -> Part:
        """Compiled when it is first drawn: most registers never change."""
        if not fields:
            return _NOTHING
        marks = _union(self._marks.get(field.name, 0) for field in fields)

        def draw(words: tuple[int | None, ...], values: Values, plain: Values) -> None:
            compiled = _compiled(fields, self._known)
            parts[at] = compiled, marks
            compiled(words, values, plain)

        return draw, marks


class PagePlan:
    """The lines of a table that lie in one page."""

    def __init__(self, fields: Fields, across: Fields, marks: Marks) -> None:
        """`across`: lines that begin or end in it."""
        self.across: Final = across
        self._fields = fields
        self._marks = marks
        self._needs = _union(field.needs for field in fields)
        self._readers: dict[int, _Reader] = {}

    def update(self, before: Page, page: Page, picture: Picture) -> int:
        """Draw what the page says where it says something else than `before`. The marks of what was drawn."""
        known = page.known & self._needs
        reader = self._readers.get(known) or self._new_reader(known)
        if reader is None:
            return _one_by_one(self._fields, known, page.words, picture, self._marks)
        is_known = before.known is page.known or before.known & self._needs == known
        words, values, plain = page.words, picture.values, picture.plain
        marks = 0
        for draw, bits in compress(reader.places, map(ne, before.words, words)) if is_known else reader.whole:
            draw(words, values, plain)
            marks |= bits
        return marks

    def _new_reader(self, known: int) -> _Reader | None:
        if len(self._readers) >= VARIANTS:
            return None
        reader = self._readers[known] = _Reader(self._fields, known, self._marks)
        return reader


def _union(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)


def _one_by_one(
    fields: Fields, known: int, words: tuple[int | None, ...], picture: Picture, marks: Marks
) -> int:
    for field in fields:
        is_known = known & field.needs == field.needs
        picture.put(field.name, field.decode_in_page(words) if is_known else None, field.codec.plain)
    return _union(marks.get(field.name, 0) for field in fields)


def _compiled(fields: Fields, known: int) -> Draw:
    """One function for some lines of a page of which the registers of the bits `known` have been seen."""
    scope: dict[str, Any] = {}  # Any: functions of the codecs, and then our own
    lines = ["def draw(w, values, plain):", " pass"]
    for field in fields:
        scope.update(field.names)
        lines += _statements(field, scope, is_known=known & field.needs == field.needs)
    # The text is made of our own tables and nothing else.
    exec("\n".join(lines), scope)  # noqa: S102
    return cast(Draw, scope["draw"])


def _statements(field: Field[Any], scope: dict[str, Any], *, is_known: bool) -> Iterator[str]:
    value = field.expression(lambda index: f"w[{field.offset + index}]") if is_known else "None"
    yield f" v = values[{field.name!r}] = plain[{field.name!r}] = {value}"
    if is_known and field.codec.plain is not None:
        scope[f"plain_{field.name}"] = field.codec.plain
        yield f" if v is not None: plain[{field.name!r}] = plain_{field.name}(v)"


class Plan:
    """How to decode a whole table."""

    def __init__(self, fields: Fields, marks: Marks = NO_MARKS) -> None:
        """`marks`: bits by name, of which `update` says those that belong to what it has drawn."""
        self._fields = fields
        self._marks = marks
        self._without: dict[frozenset[str], Plan] = {}
        self._nothing: Values = {field.name: None for field in fields}
        within: dict[str, list[Field[Any]]] = {}
        across: dict[str, list[Field[Any]]] = {}
        for field in fields:
            lines = within if field.is_within_page else across
            for key in {page_key(field.bank, address) for address in field.registers}:
                lines.setdefault(key, []).append(field)
        self._pages: Final = {
            key: PagePlan(within.get(key, ()), across.get(key, ()), marks) for key in within | across
        }
        self.pages: Final = frozenset(within)
        """The keys of the pages that it reads whole lines from."""

    def without(self, names: frozenset[str]) -> Plan:
        """The same, but for some lines; each is made once."""
        found = self._without.get(names)
        if found is None:
            rest = [field for field in self._fields if field.name not in names]
            found = self._without[names] = Plan(rest, self._marks)
        return found

    def nothing(self) -> Picture:
        """Every name in the table's order, with None."""
        return Picture(self._nothing.copy(), self._nothing.copy())

    def decode(self, pages: Pages) -> Values:
        """Every value by name, in the table's order; None where not known."""
        picture = self.nothing()
        self.update(picture, {}, pages)
        return picture.values

    def update(self, picture: Picture, before: Pages, after: Pages) -> int:
        """Bring the picture of some pages up to date with others. The marks of all that was drawn again, changed or not."""
        marks = new = 0
        for key, page in after.items():
            was = before.get(key)
            if was is page:
                continue
            if was is None:
                was, new = EMPTY, new + 1
            if (plan := self._pages.get(key)) is not None:
                marks |= plan.update(was, page, picture)
                for field in plan.across:
                    marks |= self._marks.get(field.name, 0)
                    picture.put(field.name, field.read(after), field.codec.plain)
        if len(before) + new > len(after):
            gone = dict.fromkeys(before.keys() - after.keys(), EMPTY)
            marks |= self.update(picture, {key: before[key] for key in gone}, gone)
        return marks


_NOTHING: Final[Part] = (_compiled((), 0), 0)
"""Of a register that no line looks at."""

assert PAGE_WORDS <= 64, "known registers are kept as the bits of one integer"  # noqa: S101 - a fact of this file
