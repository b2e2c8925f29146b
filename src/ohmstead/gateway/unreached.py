"""Whom the site reports to and cannot reach: a broker, a database. Bridges say here how it goes."""

from __future__ import annotations

import logging

from ohmstead.model import Clock
from ohmstead.polling import Finding, Trouble

log = logging.getLogger(__name__)


class Unreached:
    """By name, why each cannot be reached now. What changes is logged, and told once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._findings: dict[str, Finding] = {}
        self._reached: set[str] = set()

    def reached(self, name: str) -> None:
        """`name`: who it is and where, as a person would say it."""
        if name in self._reached:
            return
        self._reached.add(name)
        self._findings.pop(name, None)
        log.info("%s is told of the site", name)

    def lost(self, name: str, why: str) -> None:
        """`why`: in words for people, as our errors are."""
        self._reached.discard(name)
        words = f"{name} cannot be told: {why.rstrip('.')}. It is tried again."
        known = self._findings.get(name)
        if known is not None and known.words == words:
            return
        log.warning("%s", words)
        since = self._clock.now() if known is None else known.since
        self._findings[name] = Finding(trouble=Trouble.UNREACHED, words=words, since=since)

    def findings(self) -> tuple[Finding, ...]:
        return tuple(self._findings.values())
