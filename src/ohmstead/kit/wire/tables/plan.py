"""Decodes whole pages at once: each page's part of a table is one function, made once from the table's lines.

What a page gave is kept with the page. As a page is only replaced when its words change, a poll that brought nothing
new decodes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast

from ohmstead.kit.wire.tables.field import Field
from ohmstead.kit.wire.tables.page import PAGE_WORDS, Page, Pages

Decode = Callable[[tuple[int | None, ...]], dict[str, object]]

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
        self._plain_key = object()
        self._plain = tuple(
            (field.name, field.codec.plain) for field in fields if field.codec.plain is not None
        )

    def decode(self, page: Page) -> Mapping[str, object]:
        found = page.decoded.get(self)
        if found is None:
            found = page.decoded[self] = self._function(page.known & self._needs)(page.words)
        return found

    def plain(self, page: Page) -> Mapping[str, object]:
        """Those values of the page that JSON does not have, in the form that it has."""
        found = page.decoded.get(self._plain_key)
        if found is None:
            values = self.decode(page)
            shown = ((name, plain, values.get(name)) for name, plain in self._plain)
            found = {name: plain(value) for name, plain, value in shown if value is not None}
            page.decoded[self._plain_key] = found
        return found

    def _function(self, known: int) -> Decode:
        function = self._functions.get(known)
        if function is None:
            if len(self._functions) >= VARIANTS:
                return lambda words: self._one_by_one(known, words)
            function = self._functions[known] = self._compiled(known)
        return function

    def _compiled(self, known: int) -> Decode:
        scope: dict[str, Any] = {}  # Any: functions of the codecs, and then our own
        lines = ["def decode(w):", " found = {}"]
        for field in self._fields:
            if known & field.needs == field.needs:
                scope.update(field.names)
                # One assignment a line: faster than one large dict display, which is built in pieces.
                lines.append(f" found[{field.name!r}] = {field.expression(_at(field.offset))}")
        lines.append(" return found")
        # The text is made of our own tables and nothing else.
        exec("\n".join(lines), scope)  # noqa: S102
        return cast(Decode, scope["decode"])

    def _one_by_one(self, known: int, words: tuple[int | None, ...]) -> dict[str, object]:
        return {
            field.name: field.decode(words[field.offset :])
            for field in self._fields
            if known & field.needs == field.needs
        }


def _at(offset: int) -> Callable[[int], str]:
    return lambda index: f"w[{offset + index}]"


class Plan:
    """How to decode a whole table."""

    def __init__(self, fields: Sequence[Field[Any]]) -> None:
        self._nothing: dict[str, object] = {field.name: None for field in fields}
        self._across = tuple(field for field in fields if not field.is_within_page)
        by_page: dict[str, list[Field[Any]]] = {}
        for field in fields:
            if field.is_within_page:
                by_page.setdefault(field.page, []).append(field)
        self._pages: Final = tuple((key, PagePlan(lines)) for key, lines in by_page.items())
        self.pages: Final = frozenset(by_page)
        """The keys of the pages that it reads whole lines from."""

    def decode(self, pages: Pages) -> dict[str, object]:
        """Every value by name, in the table's order; None where not known."""
        values = self._nothing.copy()
        for key, plan in self._pages:
            page = pages.get(key)
            if page is not None:
                values.update(plan.decode(page))
        for field in self._across:
            values[field.name] = field.read(pages)
        return values

    def update(self, values: dict[str, object], before: Pages, pages: Pages) -> None:
        """Bring values that were decoded from `before` up to date."""
        for key, plan in self._pages:
            page = pages.get(key)
            if page is not None and page is not before.get(key):
                values.update(plan.decode(page))
        for field in self._across:
            values[field.name] = field.read(pages)

    def plain(self, pages: Pages) -> dict[str, object]:
        """Those values that JSON does not have, in the form that it has."""
        found: dict[str, object] = {}
        for key, plan in self._pages:
            page = pages.get(key)
            if page is not None:
                found.update(plan.plain(page))
        return found


assert PAGE_WORDS <= 64, "known registers are kept as the bits of one integer"  # noqa: S101 - a fact of this file
