"""Registers as they were last seen, in windows of 60: what a plan decodes at once, and again only when the words change.

60 is the longest read of the maps we know. Where the windows begin is for each map to say: what is read in one go lies
best in one. A map that is read otherwise is read as well, a little slower.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, Protocol, cast

import msgspec

PAGE_WORDS: Final = 60
WHOLE: Final = (1 << PAGE_WORDS) - 1
UNKNOWN: Final[tuple[None, ...]] = (None,) * PAGE_WORDS


class Page(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One window. Never changed: new words make a new page, so whoever holds a page holds a moment."""

    words: tuple[int | None, ...]
    known: int
    """Bit n is set where register n of the window has been seen."""

    @classmethod
    def of(cls, words: tuple[int | None, ...]) -> Page:
        """A window of which some registers are None: not seen."""
        return cls(words, sum(1 << index for index, word in enumerate(words) if word is not None))

    def with_words(self, offset: int, words: tuple[int, ...]) -> Page:
        if len(words) == PAGE_WORDS:
            return Page(words, WHOLE)
        end = offset + len(words)
        known = self.known | (1 << end) - (1 << offset)
        return Page(self.words[:offset] + words + self.words[end:], known)


EMPTY: Final = Page(UNKNOWN, 0)

Pages = Mapping[str, Page]
"""Pages by the keys of their windows. Whoever gives them away does not change them afterwards."""


class Window(msgspec.Struct, frozen=True, gc=False):
    """Of a run of registers, what lies in one page."""

    key: str
    """The page's, after its first register: `IR(60)`."""
    place: slice
    """In the page."""
    words: slice
    """Of the run."""
    known: int
    """The page's bits of them."""


class Paging(msgspec.Struct, frozen=True, eq=False):
    """Where the pages of a map begin: at 0, and every 60 registers until they begin again elsewhere."""

    again: tuple[int, ...] = ()
    """At these registers, in order."""

    @lru_cache(1024)  # noqa: B019 - one for a map, which lives as long as the code it stands in
    def windows(self, bank: str, address: int, count: int) -> tuple[Window, ...]:
        """A run of registers, page by page."""
        return tuple(self._windows(bank, address, address + count))

    def _windows(self, bank: str, address: int, end: int) -> Iterator[Window]:
        first = address
        while first < end:
            start, after = self._page(first)
            behind = min(after, end)
            place, words = slice(first - start, behind - start), slice(first - address, behind - address)
            yield Window(f"{bank}({start})", place, words, (1 << place.stop) - (1 << place.start))
            first = behind

    def _page(self, address: int) -> tuple[int, int]:
        """The first register of the page that a register lies in, and the first behind it."""
        origins = (0, *self.again)
        passed = bisect_right(origins, address)
        start = address - (address - origins[passed - 1]) % PAGE_WORDS
        return start, min([start + PAGE_WORDS, *origins[passed : passed + 1]])

    def words(self, pages: Pages, bank: str, address: int, count: int) -> tuple[int, ...] | None:
        """A run of registers, None unless all of them are known."""
        found: tuple[int | None, ...] = ()
        for window in self.windows(bank, address, count):
            page = pages.get(window.key)
            if page is None or page.known & window.known != window.known:
                return None
            found += page.words[window.place]
        # The test is what makes them integers, which no checker can follow.
        return cast(tuple[int, ...], found)


FROM_ZERO: Final = Paging()


class Words(Protocol):
    """The registers of one device."""

    def words(self, bank: str, address: int, count: int) -> tuple[int, ...] | None:
        """None unless all of them have been seen."""
        ...
