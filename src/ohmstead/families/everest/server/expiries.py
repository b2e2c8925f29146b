"""Wishes that end by themselves, in civil time: whoever made them may have vanished."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Final

from ohmstead.model import Clock, OhmsteadError

log = logging.getLogger(__name__)

LONGEST_NAP_S: Final = 60.0
"""A clock may be set while we sleep."""

End = Callable[[], Awaitable[None]]


class Expiries:
    """`keep` has to run for them to end."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._due: dict[Hashable, tuple[datetime, End]] = {}
        self._changed = asyncio.Event()

    def renew(self, key: Hashable, after_s: float | None, end: End) -> None:
        """Let `end` be called after so many seconds, in place of what was to end under this key; never with None."""
        self._due.pop(key, None)
        if after_s is not None:
            self._due[key] = (self.clock.now() + timedelta(seconds=after_s), end)
        self._changed.set()

    def at(self, key: Hashable) -> datetime | None:
        due = self._due.get(key)
        return due[0] if due is not None else None

    async def keep(self) -> None:
        while True:
            self._changed.clear()
            await self._end_what_is_due()
            try:
                async with asyncio.timeout(self._nap_s()):
                    await self._changed.wait()
            except TimeoutError:
                continue

    async def _end_what_is_due(self) -> None:
        now = self.clock.now()
        for key, (at, end) in tuple(self._due.items()):
            if at <= now and self._due.get(key) == (at, end):
                del self._due[key]
                try:
                    await end()
                except OhmsteadError:
                    log.exception("%s could not end", key)

    def _nap_s(self) -> float | None:
        if not self._due:
            return None
        first = min(at for at, _ in self._due.values())
        left_s = (first - self.clock.now()).total_seconds() / self.clock.speed
        return min(max(left_s, 0.0), LONGEST_NAP_S)
