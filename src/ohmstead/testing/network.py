"""A network in memory: the shapes of `kit.link`'s `tcp` and `listen`, with faults for all its links at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from ohmstead.kit.link import Dial, Link, Listener, Serve, Serving, TaskScope
from ohmstead.model import ConfigError, TimedOut, Unreachable
from ohmstead.testing.links import Faults, MemoryLink, pair


class MemoryListener:
    def __init__(self, port: int, serving: Serving[MemoryLink]) -> None:
        self.port = port
        self.serving = serving
        self.is_accepting = True

    @property
    def links(self) -> int:
        return len(self.serving.links)

    async def pause(self) -> None:
        self.is_accepting = False

    async def resume(self) -> None:
        self.is_accepting = True

    def drop(self) -> None:
        self.serving.drop()


class MemoryNetwork:
    """`listen` and `dial` as over TCP. `faults` holds for every link, the standing ones included."""

    def __init__(self, seed: int = 1) -> None:
        self.faults = Faults()
        self._random = Random(seed)
        self._listeners: dict[tuple[str, int], MemoryListener] = {}
        self._free_port = 49152

    @asynccontextmanager
    async def listen(self, serve: Serve, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Listener]:
        if not port:
            port, self._free_port = self._free_port, self._free_port + 1
        if (host, port) in self._listeners:
            raise ConfigError(f"cannot listen on {host}:{port}: it is taken.")
        async with TaskScope() as scope:
            listener = self._listeners[host, port] = MemoryListener(port, Serving(serve, scope))
            try:
                yield listener
            finally:
                del self._listeners[host, port]

    def dial(self, host: str, port: int, *, timeout_s: float = 10.0) -> Dial:
        @asynccontextmanager
        async def dialled() -> AsyncIterator[Link]:
            link = await self._connect(host, port, timeout_s)
            try:
                yield link
            finally:
                await link.close()

        return dialled

    def cut(self) -> None:
        """Break every link for both ends; whoever dials again gets through."""
        for listener in self._listeners.values():
            listener.drop()

    def half_open(self) -> None:
        """Break every link for the serving end alone; who dialled notices nothing."""
        for link in self._served():
            link.vanish()

    def inject(self, data: bytes) -> None:
        """Let everyone who dialled receive bytes that no server sent."""
        for link in self._served():
            link.inject(data)

    def _served(self) -> list[MemoryLink]:
        return [link for listener in self._listeners.values() for link in tuple(listener.serving.links)]

    async def _connect(self, host: str, port: int, timeout_s: float) -> MemoryLink:
        where = f"{host}:{port}"
        delay_s = timeout_s if self.faults.black_hole else self.faults.delay_s
        await asyncio.sleep(min(delay_s, timeout_s))
        if delay_s >= timeout_s:
            raise TimedOut(f"{where} did not answer within {timeout_s:g} s")
        listener = self._listeners.get((host, port))
        if listener is None or not listener.is_accepting:
            raise Unreachable(f"{where} refused the connection")
        ours, theirs = pair(
            self.faults, seed=self._random.getrandbits(32), names=(where, "a client in memory")
        )
        listener.serving.begin(theirs)
        return ours


def memory_network(seed: int = 1) -> MemoryNetwork:
    return MemoryNetwork(seed)
