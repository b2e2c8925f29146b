"""The memory that judging the pages of one low-voltage pack needs: what was seen, what is held, since when.

A page without a known one before it waits for a second like it. One value that jumps is held for one poll. Several are
a splice. The number of cells and the firmware change only when they stay changed for a long time; the serial never.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.families.givenergy.trust.physics import (
    SERIAL,
    Jump,
    Page,
    Thresholds,
    constants,
    is_impossible,
    jumps,
    rules_of,
)
from ohmstead.families.givenergy.trust.verdict import STORE, Action, Reason, Verdict

COLD_START: Final = Verdict(Action.HOLD, Reason.COLD_START)
OTHER_SERIAL: Final = Verdict(Action.DROP, Reason.OTHER_SERIAL)
CONSTANTS: Final = Verdict(Action.HOLD, Reason.CONSTANTS)
ONE_JUMP: Final = Verdict(Action.HOLD, Reason.ONE_JUMP)
JUMPS: Final = Verdict(Action.DROP, Reason.JUMPS)


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long something has to persist before it is believed."""

    gap_s: float = 300.0
    """After this long without any page, the next one is believed: much can have changed."""
    polls: int = 10
    constants_s: float = 900.0
    jumps_s: float | None = None
    """None: several jumps at once are never believed."""


class _Streak(msgspec.Struct):
    """Pages that tell the same story."""

    since: datetime
    page: Page
    polls: int = 1

    def lasted(self, at: datetime, polls: int, seconds: float) -> bool:
        return self.polls >= polls and at - self.since >= timedelta(seconds=seconds)


class Pack:
    def __init__(self, thresholds: Thresholds, patience: Patience) -> None:
        self._rules: Final = rules_of(thresholds)
        self._patience = patience
        self._gap: Final = timedelta(seconds=patience.gap_s)
        self._seen_at: datetime | None = None
        self._jump: Jump | None = None
        self._constants: _Streak | None = None
        self._splice: _Streak | None = None
        self.held: Page | None = None
        """The page that waits to be believed."""

    def judge(self, page: Page, known: Page | None, at: datetime) -> Verdict:
        """`known`: the page that the cache holds."""
        seen_at, self._seen_at = self._seen_at, at
        if known is None or is_impossible(known) or seen_at is None:
            verdict = self._first(page)
        elif at - seen_at > self._gap:
            verdict = STORE
        else:
            verdict = self._next(page, known, at)
        if verdict is STORE:
            self.believe(at)
        return verdict

    def believe(self, at: datetime) -> None:
        """What is known is right, and whatever spoke against it is forgotten: also when the known page came once more."""
        self._seen_at = at
        self._jump = self._constants = self._splice = self.held = None

    def _first(self, page: Page) -> Verdict:
        held, self.held = self.held, page
        if held is None or held[SERIAL] != page[SERIAL] or constants(held) != constants(page):
            return COLD_START
        return COLD_START if jumps(held, page, self._rules) else STORE

    def _next(self, page: Page, known: Page, at: datetime) -> Verdict:
        if page == known:
            return STORE
        if page[SERIAL] != known[SERIAL]:
            return OTHER_SERIAL
        if constants(page) != constants(known):
            return self._changed(page, at)
        self._constants = None
        found = jumps(known, page, self._rules)
        if len(found) > 1:
            return self._spliced(page, found, at)
        self._splice = None
        return self._jumped(page, found[0]) if found else STORE

    def _changed(self, page: Page, at: datetime) -> Verdict:
        streak = self._constants
        if streak is None or constants(streak.page) != constants(page):
            streak = self._constants = _Streak(at, page, 0)
        streak.polls += 1
        self.held = page
        return STORE if streak.lasted(at, self._patience.polls, self._patience.constants_s) else CONSTANTS

    def _jumped(self, page: Page, jump: Jump) -> Verdict:
        before, self._jump = self._jump, jump
        self.held = page
        confirmed = before is not None and before.place == jump.place and before.is_confirmed_by(page)
        return STORE if confirmed else ONE_JUMP

    def _spliced(self, page: Page, found: tuple[Jump, ...], at: datetime) -> Verdict:
        self._jump = None
        seconds = self._patience.jumps_s
        if seconds is None or not all(jump.is_healable for jump in found):
            self._splice = None
            return JUMPS
        streak = self._splice
        if streak is None or jumps(streak.page, page, self._rules):
            streak = self._splice = _Streak(at, page, 0)
        streak.polls, streak.page = streak.polls + 1, page
        self.held = page
        return STORE if streak.lasted(at, self._patience.polls, seconds) else JUMPS
