"""A home on a real loop in a thread of its own, so that a browser can be asked in the meantime."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

from ohmstead.api import Served

PATIENCE_S = 60.0


class ServedHome:
    """Served until it is stopped; it can come back on the same port."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = 0
        self._stop: Callable[[], object] = lambda: None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)))
        self._thread.start()
        assert ready.wait(PATIENCE_S), "the home did not come up"

    def stop(self) -> None:
        stop, self._stop = self._stop, lambda: None
        stop()
        if self._thread is not None:
            self._thread.join(PATIENCE_S)
            assert not self._thread.is_alive(), "the home does not end"

    async def _serve(self, ready: threading.Event) -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            served = await self.open(stack)
            self.port = served.port
            self._stop = lambda: loop.call_soon_threadsafe(stopped.set)
            ready.set()
            await stopped.wait()

    async def open(self, stack: AsyncExitStack) -> Served:
        """Open everything that the home is made of, inside the stack."""
        raise NotImplementedError
