"""Where the store's work is done: in one thread of its own, or here and now where there are no threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Worker:
    """One thing at a time, in the order asked."""

    def __init__(self, *, threads: bool) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="history") if threads else None

    async def do(self, work: Callable[[], T]) -> T:
        if self._executor is None:
            return work()
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def close(self) -> None:
        """Waits for what is under way."""
        if self._executor is not None:
            self._executor.shutdown()
