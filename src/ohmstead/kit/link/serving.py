"""Serves each accepted connection in a child task of its own, whatever the connections are made of."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from ohmstead.kit.link.scope import TaskScope
from ohmstead.model import ConnectionLost

log = logging.getLogger(__name__)


class Breakable(Protocol):
    """A connection, as far as this file has to know one."""

    @property
    def peer(self) -> str: ...

    async def close(self) -> None: ...

    def abort(self) -> None:
        """End it at once; what was sent and not read is lost. Does nothing to a link that has ended."""
        ...


L = TypeVar("L", bound=Breakable)


class Serving(Generic[L]):
    def __init__(self, serve: Callable[[L], Awaitable[None]], scope: TaskScope) -> None:
        self._serve = serve
        self._scope = scope
        self.links: set[L] = set()

    def begin(self, link: L) -> asyncio.Task[None]:
        self.links.add(link)
        child = self._scope.start(self._attend(link))
        # Also when the child is cancelled before its first step, and so never reaches its own end.
        child.add_done_callback(lambda _: self._end(link))
        return child

    def drop(self) -> None:
        for link in tuple(self.links):
            link.abort()

    async def _attend(self, link: L) -> None:
        try:
            await self._serve(link)
        except ConnectionLost as error:
            log.debug("a connection ended: %s", error)
        except Exception:  # this task's root: one connection's fault is not the others'
            log.exception("serving %s failed", link.peer)
        finally:
            await link.close()

    def _end(self, link: L) -> None:
        self.links.discard(link)
        link.abort()
