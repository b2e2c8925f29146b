"""Decodes a whole table: all of it at once, and then the pages that have changed.

It writes into a picture that is there already. As a page is only replaced when its words change, whoever keeps the
picture of the last moment decodes no more than what is new: nine out of ten registers stay as they are from poll to
poll.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from ohmstead.kit.wire.tables.drawing import NO_MARKS, Fields, Marks, PagePlan, Picture, Values
from ohmstead.kit.wire.tables.field import Field
from ohmstead.kit.wire.tables.page import EMPTY, Pages


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
