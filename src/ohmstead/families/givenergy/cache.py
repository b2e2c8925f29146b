"""What is known of one device's registers, and since when.

Words are kept in pages (see `kit.wire.tables`). A page is replaced only when its words change, so whoever holds pages
holds a consistent moment, and whoever decoded one need not decode it again. Beside the words, every block that was
stored has its times: when it was last confirmed, and when it last said something new.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, Self

import msgspec

from ohmstead.families.givenergy.paging import PAGING
from ohmstead.families.givenergy.redaction import redacted_registers
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables import Page, Pages, Window
from ohmstead.kit.wire.tables.page import EMPTY

log = logging.getLogger(__name__)

WORD_LIMIT: Final = 1 << 16
NAME: Final = re.compile(r"^(HR|IR|MR)(?:\((\d{1,5})\)|:(\d{1,5}))$")
ORDER: Final = {"HR": 0, "IR": 1, "MR": 2}

Block = tuple[Bank, int, int]
"""A run of registers as it was asked for: bank, base and count."""


class BlockState(msgspec.Struct):
    """What is known of a block besides its registers."""

    stored_at: datetime | None = None
    """When it was last stored, changed or not."""
    changed_at: datetime | None = None
    """Since when its words have been what they are."""
    is_present: bool | None = None
    """Whether the device has it; None while that is not known."""
    windows: tuple[Window, ...] = ()
    words: tuple[int, ...] = ()
    """The very object that was stored …"""
    pages: Sequence[Page] = ()
    """… the pages that it became a part of …"""
    changes: int = 0
    """… and how often the cache had changed when they were seen last."""


class RegisterCache(Mapping[str, int]):
    """The registers of one device, by names such as `HR(20)`. Two caches are equal when their registers are."""

    def __init__(self, registers: Mapping[str, int] | None = None) -> None:
        self._pages: dict[str, Page] = {}
        self._is_shared = False
        """Whether somebody holds `_pages`, which then stays as it is."""
        self._stored_at: dict[str, datetime] = {}
        self.blocks: Final[dict[Block, BlockState]] = {}
        self.changes = 0
        """Grows when a register changes."""
        self.stores = 0
        """Grows when anything is stored, changed or not."""
        for name, word in (registers or {}).items():
            bank, address = place_of(name)
            self._put(PAGING.windows(bank, address, 1), (word,))

    # Writing.
    def store(self, bank: Bank, base: int, words: Sequence[int], at: datetime | None = None) -> bool:
        """Keep a run of registers, received at `at`. Whether anything changed."""
        words = tuple(words)
        if at is None:
            self.stores += 1
            return self._put(PAGING.windows(bank, base, len(words)), words)
        state = self.blocks.get((bank, base, len(words)))
        if state is None or not state.windows:
            state = BlockState(windows=PAGING.windows(bank, base, len(words)))
            self.blocks[bank, base, len(words)] = state
        changed = self._put(state.windows, words)
        if changed or state.changed_at is None:
            state.changed_at = at
        state.words, state.changes = words, self.changes
        state.pages = [self._pages[window.key] for window in state.windows]
        self.confirm(state, words, at)
        return changed

    def confirm(self, state: BlockState, words: tuple[int, ...], at: datetime) -> bool:
        """The words that a block was stored from came again at `at`. False, and nothing done, if others came meanwhile."""
        if state.words is not words:
            return False
        if state.changes != self.changes:
            if state.pages != [self._pages[window.key] for window in state.windows]:
                return False
            state.changes = self.changes
        self.stores += 1
        state.stored_at, state.is_present = at, True
        for window in state.windows:
            self._stored_at[window.key] = at
        return True

    def _put(self, run: tuple[Window, ...], words: tuple[int, ...]) -> bool:
        before = self.changes
        for window in run:
            old = self._pages.get(window.key, EMPTY)
            page = old.with_words(window.place.start, words[window.words])
            if page.words == old.words:
                continue
            if self._is_shared:
                self._pages = self._pages.copy()
                self._is_shared = False
            self._pages[window.key] = page
            self.changes += 1
        return self.changes != before

    def mark(self, block: Block, *, is_present: bool | None) -> None:
        """Note whether the device has a block."""
        state = self.blocks.setdefault(block, BlockState())
        state.is_present = is_present

    # Reading.
    def pages(self) -> Pages:
        """A snapshot: what is stored later does not change it."""
        self._is_shared = True
        return self._pages

    def page_times(self) -> Mapping[str, datetime]:
        """When each page, or a part of it, was last received."""
        return self._stored_at.copy()

    def words(self, bank: str, address: int, count: int) -> tuple[int, ...] | None:
        """A run of registers, None unless all of them are known."""
        return PAGING.words(self._pages, bank, address, count)

    def raw(self, bank: str, address: int) -> int | None:
        """One register."""
        (window,) = PAGING.windows(bank, address, 1)
        page = self._pages.get(window.key)
        return None if page is None else page.words[window.place.start]

    def runs(self) -> Iterator[tuple[Bank, int, tuple[int, ...]]]:
        """What is known as bank, base and words: in order, split at pages and at gaps."""
        for key in sorted(self._pages, key=_order):
            bank, base = place_of(key)
            run: list[int] = []
            for address, word in enumerate((*self._pages[key].words, None), base):
                if word is not None:
                    run.append(word)
                elif run:
                    yield Bank(bank), address - len(run), tuple(run)
                    run = []

    def __getitem__(self, name: str) -> int:
        place = NAME.match(name)
        word = None if place is None else self.raw(place[1], int(place[2] or place[3]))
        if word is None:
            raise KeyError(name)
        return word

    def __iter__(self) -> Iterator[str]:
        for bank, base, words in self.runs():
            for address in range(base, base + len(words)):
                yield f"{bank}({address})"

    def __len__(self) -> int:
        return sum(page.known.bit_count() for page in self._pages.values())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RegisterCache):
            return NotImplemented
        return _words(self._pages) == _words(other._pages)

    __hash__ = None  # type: ignore[assignment]  # a cache changes

    def __repr__(self) -> str:
        return f"<RegisterCache of {len(self)} registers>"

    # Keeping.
    def json(self) -> str:
        """As an object of register names and integers."""
        return msgspec.json.encode(dict(self.items())).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The way back. What is no register is left out, with a warning in the log; other text is a `ValueError`."""
        try:
            found = msgspec.json.decode(text, type=dict[str, Any])  # Any: whatever the file holds
        except msgspec.DecodeError as error:
            raise ValueError(f"no object of registers: {error}") from error
        return cls({name: word for name, word in found.items() if _is_register(name, word)})

    def copy(self) -> Self:
        """The same registers without their times."""
        return type(self)(self)

    def redact_serials(self) -> Self:
        """A copy in which no serial says which unit it was."""
        safe = self.copy()
        for bank, base, words in redacted_registers(self.words):
            safe.store(bank, base, words)
        return safe


def _words(pages: Pages) -> dict[str, tuple[int | None, ...]]:
    return {key: page.words for key, page in pages.items() if page.known}


@cache
def place_of(name: str) -> tuple[str, int]:
    found = NAME.match(name)
    if found is None:
        raise ValueError(f"{name!r} names no register; write HR(20)")
    return found[1], int(found[2] or found[3])


def _order(key: str) -> tuple[int, int]:
    bank, base = place_of(key)
    return ORDER[bank], base


def _is_register(name: str, word: object) -> bool:
    """Whether a stored entry may be kept; a null is an entry that says nothing."""
    if word is None:
        return False
    found = NAME.match(name)
    if found is None or int(found[2] or found[3]) >= WORD_LIMIT:
        log.warning("left out %.20r: it names no register", name)
        return False
    if type(word) is not int or not 0 <= word < WORD_LIMIT:
        log.warning("left out %s: a register holds an integer of 0 to 65535", name)
        return False
    return True
