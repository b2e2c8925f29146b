"""Who listens to the live stream: one watcher of the gateway for all of them, who are told in handfuls.

Before each handful whatever else is due, such as a poll, comes first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final

from ohmstead.api.listener import ENDING, Listener
from ohmstead.api.messages import batch_of, tick_frame
from ohmstead.api.problems import Declined
from ohmstead.gateway import Change
from ohmstead.model import Clock

MOST_CLIENTS: Final = 200
HANDFUL: Final = 20
"""Who are told in one turn of the loop: a quarter of a millisecond."""
CATCHING_UP_S: Final = 0.1
"""Between looks at those for whom something waits."""
TICK_S: Final = 10.0
"""After so long without a message there is a tick."""

log = logging.getLogger(__name__)


class Hub:
    def __init__(self) -> None:
        self._listeners: dict[Listener, None] = {}
        """In the order in which they came."""
        self._somebody_is_behind = asyncio.Event()
        self._told_s = 0.0
        """When there was something to tell last, on the loop's clock."""

    @contextmanager
    def seat(self, listener: Listener) -> Iterator[None]:
        """Raises `Declined` when too many listen."""
        if len(self._listeners) >= MOST_CLIENTS:
            raise Declined(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"{MOST_CLIENTS} clients listen already; close one of them, or try later.",
                retry_after_s=30,
            )
        self._listeners[listener] = None
        try:
            yield
        finally:
            del self._listeners[listener]
            listener.dismiss(ENDING)

    async def run(self, changes: AsyncIterable[Change], clock: Clock) -> None:
        """Pass on what changes until there is nothing more to come."""
        self._told_s = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            beside = (group.create_task(self._help_up()), group.create_task(self._tick(clock)))
            async for change in changes:
                await self._pass_on(change)
            for task in beside:
                task.cancel()
        self.close()

    async def _pass_on(self, change: Change) -> None:
        await asyncio.sleep(0)  # what came due while this change was made has waited already
        self._told_s = asyncio.get_running_loop().time()
        try:
            batch = batch_of(change)
        except Exception:
            log.exception("a change could not be passed on to the live clients; the next one is tried")
        else:
            await self._each(Listener.tell, batch)

    async def _each(self, do: Callable[..., bool], *told: object) -> None:
        """To those who listen now, a handful at a time. `do` is false for one for whom something has to wait."""
        listeners = list(self._listeners)
        for first in range(0, len(listeners), HANDFUL):
            await asyncio.sleep(0)
            for listener in listeners[first : first + HANDFUL]:
                if not do(listener, *told):
                    self._somebody_is_behind.set()

    async def _help_up(self) -> None:
        while True:
            await self._somebody_is_behind.wait()
            self._somebody_is_behind.clear()
            await asyncio.sleep(CATCHING_UP_S)
            await self._each(Listener.catch_up)

    async def _tick(self, clock: Clock) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(max(0.0, self._told_s + TICK_S - loop.time()))
            if loop.time() >= self._told_s + TICK_S:
                self._told_s = loop.time()
                await self._each(Listener.hears, tick_frame(clock.now()))

    def close(self) -> None:
        for listener in self._listeners:
            listener.dismiss(ENDING)
