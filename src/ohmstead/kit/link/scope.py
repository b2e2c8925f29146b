"""Child tasks that live exactly as long as an `async with` block."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self


class TaskScope:
    """Leaving the block cancels the children and waits for them; what the block raised comes out as it is.

    A child that fails cancels the block and its siblings, and comes out in an exception group: a child that may fail
    alone is caught at its own root.
    """

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._children: set[asyncio.Task[None]] = set()

    def start(
        self, work: Coroutine[Any, Any, None]
    ) -> asyncio.Task[None]:  # Any: what asyncio's coroutines say
        child = self._group.create_task(work)
        self._children.add(child)
        child.add_done_callback(self._children.discard)
        return child

    def __len__(self) -> int:
        return len(self._children)

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()
        # The group is not told of the block's own error: it would wrap it in an exception group.
        await self._group.__aexit__(None, None, None)

    def cancel(self) -> None:
        for child in tuple(self._children):
            child.cancel()
