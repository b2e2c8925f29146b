"""Judges tokens that somebody shows, and makes whoever guesses wait.

Tokens are too long to be guessed; the waiting keeps guessers from costing time and log lines. It hits the address that
guessed, never a token: its owner comes in from elsewhere, and connections that stand go on.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.kit.tokens.store import Token, TokenStore
from ohmstead.model import Clock, ConfigError

log = logging.getLogger(__name__)

FAILURES: Final = 5
"""Within `WINDOW`, and the address has to wait."""
WINDOW: Final = timedelta(minutes=1)
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(minutes=15)
"""Each further wait is twice as long as the one before, up to this."""
CALM: Final = timedelta(hours=1)
"""After so long without a wait, the next one is a first one again."""
ADDRESSES: Final = 10_000
"""Remembered; the longest unheard of is forgotten first."""


class Verdict(StrEnum):
    GOOD = "good"
    INVALID = "invalid"
    """No such token, or none any more."""
    EXPIRED = "expired"
    DELAYED = "delayed"
    """Not looked at: too many wrong ones came from this address."""


class Judgement(msgspec.Struct, frozen=True):
    verdict: Verdict
    token: Token | None = None
    """Of a good verdict, and of an expired one."""
    wait: timedelta = timedelta()
    """Of a delayed one: for how long yet."""


class _Record(msgspec.Struct):
    failures: list[datetime]
    waits: int = 0
    until: datetime | None = None


class Gate:
    """One for all that use a store, so that failures count together."""

    def __init__(self, store: TokenStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._complaint = ""

    def judge(self, text: str, address: str) -> Judgement:
        """Of a token shown from an address."""
        now = self._clock.now()
        if (left := self._left(address, now)) > timedelta():
            return Judgement(Verdict.DELAYED, wait=left)
        try:
            token = self._store.found(text)
        except ConfigError as error:
            return self._closed(error)
        if token is None:
            self._failed(address, now)
            return Judgement(Verdict.INVALID)
        if token.has_expired(now):
            self._failed(address, now)
            return Judgement(Verdict.EXPIRED, token)
        self._note_use(token, now)
        return Judgement(Verdict.GOOD, token)

    def has_tokens(self) -> bool:
        """Whether anybody could come in. Raises `ConfigError` when the tokens cannot be read."""
        return any(not token.has_expired(self._clock.now()) for token in self._store.tokens())

    def still(self, token: Token) -> Verdict:
        """Of a token that was good before, on a connection that stands: whether it is now."""
        now = self._clock.now()
        try:
            kept = self._store.named(token.name)
        except ConfigError as error:
            return self._closed(error).verdict
        if kept is None or kept.digest != token.digest:
            return Verdict.INVALID
        if kept.has_expired(now):
            return Verdict.EXPIRED
        self._note_use(kept, now)
        return Verdict.GOOD

    def _closed(self, error: ConfigError) -> Judgement:
        """Nobody comes in while it cannot be known who may."""
        self._complain(str(error))
        return Judgement(Verdict.INVALID)

    def _note_use(self, token: Token, now: datetime) -> None:
        try:
            self._store.used(token, now)
        except ConfigError as error:  # as on a full disk: no reason to keep the owner out
            self._complain(str(error))

    def _complain(self, reason: str) -> None:
        """Once of the same, however many calls meet it."""
        if reason != self._complaint:
            self._complaint = reason
            log.error("%s", reason)

    def _left(self, address: str, now: datetime) -> timedelta:
        record = self._records.get(address)
        if record is None or record.until is None:
            return timedelta()
        return min(record.until - now, LONGEST_WAIT)  # a clock that was set back makes nobody wait for years

    def _failed(self, address: str, now: datetime) -> None:
        record = self._records.setdefault(address, _Record([]))
        self._records.move_to_end(address)
        while len(self._records) > ADDRESSES:
            self._records.popitem(last=False)
        if record.until is not None and now - record.until > CALM:
            record.waits = 0
        record.failures = [at for at in record.failures if now - at < WINDOW] + [now]
        if len(record.failures) >= FAILURES:
            record.failures = []
            record.until = now + min(FIRST_WAIT * 2**record.waits, LONGEST_WAIT)
            record.waits = min(record.waits + 1, 10)
