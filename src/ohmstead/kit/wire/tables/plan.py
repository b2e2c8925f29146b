"""Decodes whole pages at once, and pages that are known already by the registers that have changed.

It writes into values that are there already. As a page is only replaced when its words change, whoever keeps the values
of the last moment decodes no more than what is new: nine out of ten registers stay as they are from poll to poll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, reduce
from itertools import compress
from operator import ne, or_
from typing import Any, Final, cast

import msgspec

from ohmstead.kit.wire.tables.field import Field
from ohmstead.kit.wire.tables.page import PAGE_WORDS, Page, Pages, page_key

Values = dict[str, object]
DecodePage = Callable[[tuple[int | None, ...], Values], None]

VARIANTS: Final = 8
"""Sets of known registers a page part keeps a function for; a reader with more patterns than that takes the slow way."""
MOST_ONE_BY_ONE: Final = 15
"""Changed registers of a page beyond which it is faster to decode all of it."""


class Touched(msgspec.Struct, frozen=True, eq=False):
    """Values that were decoded together, changed or not. Each is made once: their identity tells them apart."""

    names: frozenset[str]
    plain: tuple[tuple[str, Callable[[Any], object]], ...]
    """Those that JSON does not have, and what turns them into something that it has."""

    @classmethod
    def by(cls, fields: Iterable[Field[Any]]) -> Touched:  # Any: fields of every kind, here and below
        found = {field.name: field.codec.plain for field in fields}
        return cls(
            frozenset(found), tuple((name, plain) for name, plain in found.items() if plain is not None)
        )


class _Place:
    """One register of a page, and the lines that look at it."""

    def __init__(self, fields: Sequence[Field[Any]]) -> None:
        self.fields: Final = fields
        self.needs: Final = _needs(fields)
        self.touched: Final = Touched.by(fields)

    @cached_property
    def decode(self) -> DecodePage:
        """All lines at once, where everything that they need is known. Made when the register first changes."""
        return _compiled(self.fields)


class PagePlan:
    """The lines of a table that lie in one page."""

    def __init__(self, fields: Sequence[Field[Any]]) -> None:
        self._fields = fields
        self._needs = _needs(fields)
        self._functions: dict[int, DecodePage] = {}
        self._whole = Touched.by(fields)

    def update(self, before: Page | None, page: Page, values: Values) -> Iterable[Touched]:
        """Write what the page says into the values of its table, where it says something else than `before`."""
        known = page.known & self._needs
        if before is not None and before.known & self._needs == known:
            changed = [*compress(self._places, map(ne, before.words, page.words))]
            if len(changed) <= MOST_ONE_BY_ONE:
                return self._update_places(changed, known, page.words, values)
        self._function(known)(page.words, values)
        return (self._whole,)

    def _update_places(
        self, places: list[_Place], known: int, words: tuple[int | None, ...], values: Values
    ) -> Iterable[Touched]:
        for place in places:
            if known & place.needs == place.needs:
                place.decode(words, values)
            else:
                _one_by_one(place.fields, known, words, values)
        return [place.touched for place in places]

    @cached_property
    def _places(self) -> tuple[_Place, ...]:
        by_offset: list[list[Field[Any]]] = [[] for _ in range(PAGE_WORDS)]
        for field in self._fields:
            for offset in field.reads:
                by_offset[offset].append(field)
        return tuple(map(_Place, by_offset))

    def _function(self, known: int) -> DecodePage:
        function = self._functions.get(known)
        if function is None:
            if len(self._functions) >= VARIANTS:
                return lambda words, values: _one_by_one(self._fields, known, words, values)
            fields = [field for field in self._fields if known & field.needs == field.needs]
            function = self._functions[known] = _compiled(fields)
        return function


def _needs(fields: Sequence[Field[Any]]) -> int:
    return reduce(or_, (field.needs for field in fields), 0)


def _one_by_one(
    fields: Sequence[Field[Any]], known: int, words: tuple[int | None, ...], values: Values
) -> None:
    for field in fields:
        if known & field.needs == field.needs:
            values[field.name] = field.decode_in_page(words)


def _compiled(fields: Sequence[Field[Any]]) -> DecodePage:
    """One function for lines of which all registers are known."""
    scope: dict[str, Any] = {}  # Any: functions of the codecs, and then our own
    lines = ["def decode(w, values):", " pass"]
    for field in fields:
        scope.update(field.names)
        lines.append(f" values[{field.name!r}] = {field.expression(_at(field.offset))}")
    # The text is made of our own tables and nothing else.
    exec("\n".join(lines), scope)  # noqa: S102
    return cast(DecodePage, scope["decode"])


def _at(offset: int) -> Callable[[int], str]:
    return lambda index: f"w[{offset + index}]"


class Plan:
    """How to decode a whole table."""

    def __init__(self, fields: Sequence[Field[Any]]) -> None:
        self._nothing: Values = {field.name: None for field in fields}
        self._across = tuple(
            (
                field,
                frozenset(page_key(field.bank, address) for address in field.registers),
                Touched.by([field]),
            )
            for field in fields
            if not field.is_within_page
        )
        by_page: dict[str, list[Field[Any]]] = {}
        for field in fields:
            if field.is_within_page:
                by_page.setdefault(field.page, []).append(field)
        self._pages: Final = {key: PagePlan(lines) for key, lines in by_page.items()}
        self.pages: Final = frozenset(by_page)
        """The keys of the pages that it reads whole lines from."""

    def nothing(self) -> Values:
        """Every name in the table's order, with None."""
        return self._nothing.copy()

    def decode(self, pages: Pages) -> Values:
        """Every value by name, in the table's order; None where not known."""
        values = self.nothing()
        self.update(values, {}, pages)
        return values

    def update(self, values: Values, before: Pages, after: Pages) -> list[Touched]:
        """Bring the values that were decoded from some pages up to date with others, and say which may have changed."""
        changed = [key for key, page in after.items() if before.get(key) is not page]
        touched: list[Touched] = []
        for key in changed:
            plan = self._pages.get(key)
            if plan is not None:
                touched += plan.update(before.get(key), after[key], values)
        for field, keys, alone in self._across:
            if not keys.isdisjoint(changed):
                values[field.name] = field.read(after)
                touched.append(alone)
        return touched


def plain(values: Values, before: Values, touched: Iterable[Touched]) -> Values:
    """Those values that JSON does not have, in the form that it has. `before`: the same before they were touched."""
    changed = [found for some in touched for found in some.plain]
    if not changed:
        return before
    shown = before.copy()
    for name, plainly in changed:
        value = values[name]
        shown[name] = None if value is None else plainly(value)
    return shown


assert PAGE_WORDS <= 64, "known registers are kept as the bits of one integer"  # noqa: S101 - a fact of this file
