"""Owns the background work behind a `connect()` and a `close()` that are called in different tasks.

An `async with` must be entered and left by one task. A keeper is that task: it enters a context, keeps it open together
with the work that belongs to it, and leaves it when told or when the work fails. It alone creates a bare task.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from ohmstead.kit.link.scope import TaskScope
from ohmstead.model import ConnectionLost, OhmsteadError, TurnedAway

log = logging.getLogger(__name__)

T = TypeVar("T")


class Keeper:
    """Holds one context at a time; after that ended, another may be opened."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._task: asyncio.Task[None] | None = None
        self._scope: TaskScope | None = None
        self._closing = asyncio.Event()
        self._cause: BaseException | None = None
        self._waiting: set[asyncio.Future[Any]] = set()  # Any: each waits for something else

    @property
    def is_open(self) -> bool:
        return self._scope is not None

    async def open(self, context: AbstractAsyncContextManager[T]) -> T:
        """Enter `context` in the background and return what it gave; raises what entering raised."""
        if self.is_open:
            raise RuntimeError(f"{self.name} is open already; close it before opening it again")
        await self._ended()
        self._closing.clear()
        self._cause = None
        entered: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._keep(context, entered), name=f"keeper of {self.name}")
        try:
            return await asyncio.shield(entered)
        except asyncio.CancelledError:
            await self.close()
            raise

    def start(self, work: Coroutine[Any, Any, None]) -> None:  # Any: what asyncio's coroutines say
        """Work that lasts as long as the context. When it fails, everything ends and whoever waits is told."""
        if self._scope is None:
            work.close()
            raise self._lost()
        self._scope.start(self._watched(work))

    async def wait(self, future: asyncio.Future[T]) -> T:
        """The future's result, or `ConnectionLost` as soon as the context has ended."""
        if self._scope is None and not future.done():
            raise self._lost()
        self._waiting.add(future)
        try:
            return await future
        finally:
            self._waiting.discard(future)

    async def close(self) -> None:
        """Leave the context and wait until that is done. From any task, any number of times."""
        task = self._task
        if task is None:
            return
        if not self.is_open:
            task.cancel()  # still entering, or caught in leaving
        self._closing.set()
        self._let_go(None)
        if task is not asyncio.current_task():
            await asyncio.wait({task})

    async def _ended(self) -> None:
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _keep(self, context: AbstractAsyncContextManager[T], entered: asyncio.Future[T]) -> None:
        try:
            async with context as value, TaskScope() as scope:
                self._scope = scope
                entered.set_result(value)
                await self._closing.wait()
        except Exception as error:  # noqa: BLE001  # this task's root: the error goes to everyone who waits
            self._fail(_first(error), entered)
        finally:
            self._let_go(None)
            if not entered.done():
                entered.set_exception(self._lost())
                entered.exception()  # whoever opened it may be gone, and then nobody asks
            self._task = None

    def _fail(self, error: BaseException, entered: asyncio.Future[T]) -> None:
        if not entered.done():
            entered.set_exception(error)
            entered.exception()
        elif not isinstance(error, OhmsteadError):
            log.error("%s: the work behind the connection failed", self.name, exc_info=error)
        self._let_go(error)

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:  # Any: what asyncio's coroutines say
        try:
            await work
        except Exception as error:
            self._let_go(error)
            raise

    def _let_go(self, cause: BaseException | None) -> None:
        """Tell everyone who waits, once, and why."""
        self._scope = None
        self._cause = self._cause or cause
        for future in self._waiting:
            if not future.done():
                future.set_exception(self._lost())

    def _lost(self) -> ConnectionLost:
        why = str(self._cause) or type(self._cause).__name__ if self._cause else "it is closed"
        kind = TurnedAway if isinstance(self._cause, TurnedAway) else ConnectionLost
        lost = kind(f"{self.name}: the connection is gone: {why}")
        lost.__cause__ = self._cause
        return lost


def _first(error: BaseException) -> BaseException:
    """The first error that set off a group of them."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
