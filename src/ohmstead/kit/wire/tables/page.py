"""Registers as they were last seen, in windows of 60: what a plan decodes at once, and again only when the words change.

60 is the longest read of the maps we know, on a grid of 60 that begins at 0, and between 1000 and 2000 at 1000. A map that
is read otherwise is read as well, a little slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Final, Protocol

import msgspec

PAGE_WORDS: Final = 60
WHOLE: Final = (1 << PAGE_WORDS) - 1
AGAIN: Final = range(1000, 2000)
"""Where pages are counted from the first of these registers."""
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
"""Pages by `page_key`. Whoever gives them away does not change them afterwards."""


class Window(msgspec.Struct, frozen=True, gc=False):
    """Of a run of registers, what lies in one page."""

    key: str
    """The page's."""
    offset: int
    """In the page."""
    words: slice
    """Of the run."""


@lru_cache(1024)
def windows(bank: str, address: int, count: int) -> tuple[Window, ...]:
    """A run of registers, page by page."""
    if count < 1:
        return ()
    end = address + count
    starts = [address]
    while (after := _page_end(starts[-1])) < end:
        starts.append(after)
    return tuple(
        Window(page_key(bank, start), start - page_start(start), slice(start - address, after - address))
        for start, after in pairwise([*starts, end])
    )


@lru_cache(1024)
def page_key(bank: str, address: int) -> str:
    """Names the page a register lies in by its first register: `IR(60)`."""
    return f"{bank}({page_start(address)})"


def page_start(address: int) -> int:
    """The first register of the page that a register lies in."""
    origin = AGAIN.start if address in AGAIN else 0
    return address - (address - origin) % PAGE_WORDS


def _page_end(address: int) -> int:
    """The first register behind a page."""
    end = page_start(address) + PAGE_WORDS
    return next((edge for edge in (AGAIN.start, AGAIN.stop) if address < edge < end), end)


class Words(Protocol):
    """The registers of one device."""

    def words(self, bank: str, address: int, count: int) -> tuple[int, ...] | None:
        """None unless all of them have been seen."""
        ...


def words_of(pages: Pages, bank: str, address: int, count: int) -> tuple[int | None, ...]:
    """Any run of registers, None where not known."""
    found: tuple[int | None, ...] = ()
    for window in windows(bank, address, count):
        size = window.words.stop - window.words.start
        found += pages.get(window.key, EMPTY).words[window.offset : window.offset + size]
    return found
