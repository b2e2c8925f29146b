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
from ohmstead.kit.wire.tables.page import EMPTY, PAGE_WORDS, Page, Pages

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
    """A page of which certain registers have been seen: all of its lines, and by register those that look at it.

    All together are drawn first, into values; their plain forms are those that differ.
    """

    def __init__(self, fields: Fields, known: int, marks: Marks) -> None:
        """`known`: bits of the registers that have been seen; a line that needs others says None."""
        self._known = known
        self._marks = marks
        self.whole: Final = _compiled(fields, known, shares=False)
        by_offset: list[list[Field[Any]]] = [[] for _ in range(PAGE_WORDS)]
        for field in fields:
            for offset in field.reads:
                by_offset[offset].append(field)
        self.places: Final = [self._part(offset, some) for offset, some in enumerate(by_offset)]

    def _part(self, offset: int, fields: Fields) -> Part:
        """Compiled when it is first drawn: most registers never change."""
        if not fields:
            return _NOTHING
        marks = _union(self._marks.get(field.name, 0) for field in fields)

        def draw(words: tuple[int | None, ...], values: Values, plain: Values) -> None:
            compiled = _compiled(fields, self._known)
            self.places[offset] = compiled, marks
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

    def draw(self, page: Page, values: Values, plain: Values) -> None:
        """All that the page says, and those plain forms that differ."""
        known = page.known & self._needs
        reader = self._readers.get(known) or self._new_reader(known)
        if reader is not None:
            reader.whole(page.words, values, plain)
        else:
            _one_by_one(self._fields, known, page.words, Picture(values, plain))

    def update(self, before: Page, page: Page, picture: Picture) -> int:
        """Draw what the page says where it says something else than `before`. The marks of what was drawn."""
        known = page.known & self._needs
        reader = self._readers.get(known)
        if reader is None or (before.known is not page.known and before.known & self._needs != known):
            return self._renew(page, picture)
        words, values, plain = page.words, picture.values, picture.plain
        marks = 0
        for draw, bits in compress(reader.places, map(ne, before.words, words)):
            draw(words, values, plain)
            marks |= bits
        return marks

    def _renew(self, page: Page, picture: Picture) -> int:
        plain: Values = {}
        self.draw(page, picture.values, plain)
        for field in self._fields:
            picture.plain[field.name] = plain.get(field.name, picture.values[field.name])
        return _union(self._marks.get(field.name, 0) for field in self._fields)

    def _new_reader(self, known: int) -> _Reader | None:
        if len(self._readers) >= VARIANTS:
            return None
        reader = self._readers[known] = _Reader(self._fields, known, self._marks)
        return reader


def _union(bits: Iterable[int]) -> int:
    return reduce(or_, bits, 0)


def _one_by_one(fields: Fields, known: int, words: tuple[int | None, ...], picture: Picture) -> None:
    for field in fields:
        is_known = known & field.needs == field.needs
        picture.put(field.name, field.decode_in_page(words) if is_known else None, field.codec.plain)


def _compiled(fields: Fields, known: int, *, shares: bool = True) -> Draw:
    """One function for some lines of a page of which the registers of the bits `known` have been seen.

    `shares`: whether values that are their own plain forms go into both.
    """
    scope: dict[str, Any] = {}  # Any: functions of the codecs, and then our own
    lines = ["def draw(w, values, plain):", " pass"]
    for field in fields:
        scope.update(field.names)
        lines += _statements(field, scope, is_known=known & field.needs == field.needs, shares=shares)
    # The text is made of our own tables and nothing else.
    exec("\n".join(lines), scope)  # noqa: S102
    return cast(Draw, scope["draw"])


def _statements(field: Field[Any], scope: dict[str, Any], *, is_known: bool, shares: bool) -> Iterator[str]:
    value = field.expression(lambda index: f"w[{field.offset + index}]") if is_known else "None"
    name, to_plain = repr(field.name), field.codec.plain
    if to_plain is None or not is_known:
        yield f" values[{name}] = plain[{name}] = {value}" if shares else f" values[{name}] = {value}"
        return
    scope[f"plain_{field.name}"] = to_plain
    yield f" v = values[{name}] = {value}"
    yield f" plain[{name}] = None if v is None else plain_{field.name}(v)"


class Plan:
    """How to decode a whole table."""

    def __init__(self, fields: Fields, marks: Marks = NO_MARKS, names: Iterable[str] = ()) -> None:
        """`marks`: bits by name, of which `update` says those that belong to what it has drawn. `names`: further values,
        which others see to.
        """
        self._fields = fields
        self._marks = marks
        self._without: dict[frozenset[str], Plan] = {}
        self._nothing: Values = dict.fromkeys(names) | dict.fromkeys(field.name for field in fields)
        within: dict[str, list[Field[Any]]] = {}
        across: dict[str, list[Field[Any]]] = {}
        for field in fields:
            lines = within if field.is_within_page else across
            for window in field.windows:
                lines.setdefault(window.key, []).append(field)
        self._pages: Final = {
            key: PagePlan(within.get(key, ()), across.get(key, ()), marks) for key in within | across
        }
        self._across: Final = [field for field in fields if not field.is_within_page]
        self.pages: Final = frozenset(within)
        """The keys of the pages that it reads whole lines from."""

    def without(self, names: frozenset[str]) -> Plan:
        """The same, but for some lines, whose values stay None; each is made once."""
        found = self._without.get(names)
        if found is None:
            rest = [field for field in self._fields if field.name not in names]
            found = self._without[names] = Plan(rest, self._marks, self._nothing)
        return found

    def decode(self, pages: Pages) -> Values:
        """Every value by name, in the table's order; None where not known."""
        return self.picture(pages).values

    def picture(self, pages: Pages) -> Picture:
        """The same, in both forms."""
        values, special = self._nothing.copy(), Values()
        for key, page in pages.items():
            if (plan := self._pages.get(key)) is not None:
                plan.draw(page, values, special)
        plain = values.copy()
        plain.update(special)
        picture = Picture(values, plain)
        for field in self._across:
            picture.put(field.name, field.read(pages), field.codec.plain)
        return picture

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
