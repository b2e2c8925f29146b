"""Answers handed out again, and one question asked once however many wait for its answer.

A write makes answers out of date: those kept are dropped, and those on their way are given only to whoever asked before
the write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from ohmstead.families.franklinwh.facts.topics import Topic
from ohmstead.model import Clock

T = TypeVar("T")


class _Kept(msgspec.Struct, frozen=True):
    value: Any
    """Any: each question has its own kind of answer."""
    topic: Topic
    since: datetime
    until: datetime

    def holds(self, now: datetime) -> bool:
        """A clock that was set back keeps nothing for longer."""
        return self.since <= now < self.until


class _Coming(msgspec.Struct, frozen=True):
    future: asyncio.Future[Any]
    """Any: as above."""
    topic: Topic


class AnswerCache:
    def __init__(self, clock: Clock) -> None:
        self.hits = 0
        self._clock = clock
        self._kept: dict[Hashable, _Kept] = {}
        self._coming: dict[Hashable, _Coming] = {}

    async def get(
        self,
        key: Hashable,
        topic: Topic,
        keep_s: float,
        ask: Callable[[], Awaitable[T]],
        *,
        fresh: bool = False,
    ) -> T:
        """What is kept under `key`, or what `ask` gives; `fresh` looks at nothing that is kept."""
        if not fresh and (kept := self._kept.get(key)) is not None and kept.holds(self._clock.now()):
            self.hits += 1
            return kept.value  # type: ignore[no-any-return]  # a key always stands for the same kind of answer
        while (coming := self._coming.get(key)) is not None:
            self.hits += 1
            if (shared := await _shared(coming.future)) is not None:
                return shared.value  # type: ignore[no-any-return]  # as above
        return await self._ask(key, topic, keep_s, ask)

    def put(self, key: Hashable, topic: Topic, keep_s: float, value: object) -> None:
        """What is known from elsewhere, as if it had just been asked for."""
        now = self._clock.now()
        self._kept[key] = _Kept(value, topic, now, now + timedelta(seconds=keep_s))

    def last(self, key: Hashable) -> Any:  # Any: each question has its own kind of answer
        """What was kept last under `key`, however old; None for nothing."""
        kept = self._kept.get(key)
        return None if kept is None else kept.value

    def drop(self, *topics: Topic) -> None:
        self._kept = {key: kept for key, kept in self._kept.items() if kept.topic not in topics}
        self._coming = {key: coming for key, coming in self._coming.items() if coming.topic not in topics}

    async def _ask(self, key: Hashable, topic: Topic, keep_s: float, ask: Callable[[], Awaitable[T]]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        mine = self._coming[key] = _Coming(future, topic)
        try:
            value = await ask()
        except Exception as error:  # whatever it is, it is told to all who wait
            future.set_exception(error)
            future.exception()  # seen: maybe nobody else waits
            raise
        else:
            future.set_result(value)
            if keep_s > 0 and self._coming.get(key) is mine:
                self.put(key, topic, keep_s, value)
            return value
        finally:
            if self._coming.get(key) is mine:
                del self._coming[key]
            future.cancel()  # whoever asked was cancelled: those who wait have to ask for themselves


class _Shared(msgspec.Struct, frozen=True):
    value: Any
    """Any: as above."""


async def _shared(future: asyncio.Future[Any]) -> _Shared | None:
    """The answer somebody else asked for; None when they gave up. Raises what they got."""
    await asyncio.wait({future})
    return None if future.cancelled() else _Shared(future.result())
