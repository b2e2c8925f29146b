"""Puts what a page says into a picture, or only what its changed registers say.

The lines of a table that lie in a page are compiled: together into one function, and by register those that look at it.
What these functions are made of is the lines of the table and nothing else.
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
from ohmstead.kit.wire.tables.page import PAGE_WORDS, Page

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


_NOTHING: Final[Part] = (_compiled((), 0), 0)
"""Of a register that no line looks at."""
