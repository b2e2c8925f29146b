"""Decodes whole pages at once: each page's part of a table is one function, made once from the table's lines.

It writes into values that are there already. As a page is only replaced when its words change, whoever keeps the values
of the last moment decodes no more than what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

from ohmstead.kit.wire.tables.field import Field
from ohmstead.kit.wire.tables.page import PAGE_WORDS, Page, Pages, page_key

Values = dict[str, object]
Decode = Callable[[tuple[int | None, ...], Values], None]

VARIANTS: Final = 8
"""Sets of known registers a page part keeps a function for; a reader with more patterns than that takes the slow way."""


class PagePlan:
    """The lines of a table that lie in one page."""

    def __init__(self, fields: Sequence[Field[Any]]) -> None:  # Any: fields of every kind
        self._fields = fields
        self._needs = 0
        for field in fields:
            self._needs |= field.needs
        self._functions: dict[int, Decode] = {}
        self._plain = tuple(
            (field.name, field.codec.plain) for field in fields if field.codec.plain is not None
        )

    def decode(self, page: Page, values: Values) -> None:
        """Write what the page says into the values of its table."""
        self._function(page.known & self._needs)(page.words, values)

    @property
    def has_plain(self) -> bool:
        return bool(self._plain)

    def plain(self, values: Values, shown: Values) -> None:
        """Write those values that JSON does not have in the form that it has."""
        for name, plain in self._plain:
            value = values[name]
            shown[name] = None if value is None else plain(value)

    def _function(self, known: int) -> Decode:
        function = self._functions.get(known)
        if function is None:
            if len(self._functions) >= VARIANTS:
                return lambda words, values: self._one_by_one(known, words, values)
            function = self._functions[known] = self._compiled(known)
        return function

    def _compiled(self, known: int) -> Decode:
        scope: dict[str, Any] = {}  # Any: functions of the codecs, and then our own
        lines = ["def decode(w, values):", " pass"]
        for field in self._fields:
            if known & field.needs == field.needs:
                scope.update(field.names)
                lines.append(f" values[{field.name!r}] = {field.expression(_at(field.offset))}")
        # The text is made of our own tables and nothing else.
        exec("\n".join(lines), scope)  # noqa: S102
        return cast(Decode, scope["decode"])

    def _one_by_one(self, known: int, words: tuple[int | None, ...], values: Values) -> None:
        for field in self._fields:
            if known & field.needs == field.needs:
                values[field.name] = field.decode(words[field.offset :])


def _at(offset: int) -> Callable[[int], str]:
    return lambda index: f"w[{offset + index}]"


class Plan:
    """How to decode a whole table."""

    def __init__(self, fields: Sequence[Field[Any]]) -> None:
        self._nothing: Values = {field.name: None for field in fields}
        self._across = tuple(
            (field, frozenset(page_key(field.bank, address) for address in field.registers))
            for field in fields
            if not field.is_within_page
        )
        by_page: dict[str, list[Field[Any]]] = {}
        for field in fields:
            if field.is_within_page:
                by_page.setdefault(field.page, []).append(field)
        self._pages: Final = {key: PagePlan(lines) for key, lines in by_page.items()}
        self._with_plain: Final = frozenset(key for key, plan in self._pages.items() if plan.has_plain)
        self.pages: Final = frozenset(by_page)
        """The keys of the pages that it reads whole lines from."""

    def nothing(self) -> Values:
        """Every name in the table's order, with None."""
        return self._nothing.copy()

    def decode(self, pages: Pages) -> Values:
        """Every value by name, in the table's order; None where not known."""
        values = self.nothing()
        self.update(values, pages, tuple(pages))
        return values

    def update(self, values: Values, pages: Pages, changed: Sequence[str]) -> None:
        """Bring values up to date of which only some pages have changed."""
        for key in changed:
            plan = self._pages.get(key)
            if plan is not None:
                plan.decode(pages[key], values)
        for field, keys in self._across:
            if not keys.isdisjoint(changed):
                values[field.name] = field.read(pages)

    def plain(self, values: Values, before: Values, changed: Iterable[str]) -> Values:
        """Those values that JSON does not have, in the form that it has. `before`: the same before the change."""
        plans = [self._pages[key] for key in changed if key in self._with_plain]
        if not plans:
            return before
        shown = before.copy()
        for plan in plans:
            plan.plain(values, shown)
        return shown


def changed_pages(before: Pages, after: Pages) -> tuple[str, ...]:
    """The keys of pages that are new or have other words."""
    return tuple([key for key, page in after.items() if before.get(key) is not page])


assert PAGE_WORDS <= 64, "known registers are kept as the bits of one integer"  # noqa: S101 - a fact of this file
