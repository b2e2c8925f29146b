"""Registers as they were last seen, in windows of 60: what a plan decodes at once, and again only when the words change.

60 is the longest read of the maps we know, on a grid of 60. A map that is read otherwise is read as well, a little
slower.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Protocol

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
"""Pages by `page_key`. Whoever gives them away does not change them afterwards."""


@lru_cache(1024)
def page_key(bank: str, address: int) -> str:
    """Names the page a register lies in by its first register: `IR(60)`."""
    return f"{bank}({address - address % PAGE_WORDS})"


class Words(Protocol):
    """The registers of one device."""

    def words(self, bank: str, address: int, count: int) -> tuple[int, ...] | None:
        """None unless all of them have been seen."""
        ...


def words_of(pages: Pages, bank: str, address: int, count: int) -> tuple[int | None, ...]:
    """Any run of registers, None where not known."""
    found: tuple[int | None, ...] = ()
    end = address + count
    while address < end:
        offset = address % PAGE_WORDS
        take = min(PAGE_WORDS - offset, end - address)
        found += pages.get(page_key(bank, address), EMPTY).words[offset : offset + take]
        address += take
    return found
