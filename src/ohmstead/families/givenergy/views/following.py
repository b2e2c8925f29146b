"""All values of one device, brought up to date in place as its pages change.

Whoever wants everything of every moment, as a poller does, would decode and copy much that has not changed. So the
views of a device share one picture of it, which goes to the moment that is asked for: it draws what hangs on a changed
register and nothing else, forwards as well as back.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Protocol

from ohmstead.families.givenergy.views.derived import Formulas
from ohmstead.kit.wire.tables import Block, Pages, Picture, Values


class Moving(Protocol):
    """A view that turns to other moments."""

    corrected: Mapping[str, object]

    @property
    def formulas(self) -> Formulas: ...
    def move(self, pages: Pages) -> bool:
        """Whether other values are corrected then, or corrected otherwise."""
        ...


class Follower:
    """See the module."""

    def __init__(self, view: Moving, table: type[Block]) -> None:
        """`view`: one that nobody else holds. `table`: what it reads."""
        self._view = view
        self._table = table
        self._plan = table.plan()
        self._picture = Picture({}, {})
        self._pages: Pages | None = None

    def at(self, pages: Pages) -> Picture:
        """What they say. Not to be changed; it says something else after the next call."""
        if pages is not self._pages:
            self._go_to(pages)
        return self._picture

    def _go_to(self, pages: Pages) -> None:
        view, before = self._view, self._pages
        if view.move(pages) or before is None:
            self._begin(pages)
            marks = view.formulas.everything
        else:
            marks = self._plan.update(self._picture, before, pages)
        view.formulas.update(view, self._picture, marks)
        self._pages = pages

    def _begin(self, pages: Pages) -> None:
        """Anew, with what is corrected, in which the registers have no say."""
        corrected = self._view.corrected
        self._plan = self._table.plan().without(frozenset(corrected))
        self._picture = self._plan.picture(pages)
        for name, value in corrected.items():
            self._picture.put(name, value, self._table.lines[name].codec.plain)


def dump(picture: Picture, *, enum_names: bool) -> Values:
    """A copy in the form that JSON has: enumerations as integers or by name."""
    found = picture.plain.copy()
    if enum_names:
        found.update((name, value.name) for name, value in picture.values.items() if isinstance(value, Enum))
    return found
