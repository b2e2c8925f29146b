"""What a connection is to everybody above this room: bytes out, bytes in, gone.

Every link keeps the same promises, over TCP or in memory, on the device's end or on ours; whoever holds one never sees
a socket or another library's exception.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from ohmstead.model import ConnectionLost


class Hearer(Protocol):
    """Whoever is given what comes instead of waiting for it. Called from the loop; must not raise."""

    def hear(self, data: bytes) -> None:
        """What came, at least one byte."""
        ...

    def lost(self, error: ConnectionLost) -> None:
        """Nothing more will come, whoever ended it. Told once, after the last byte."""
        ...


class Link(Protocol):
    @property
    def peer(self) -> str:
        """Who is at the other end, for logs: "192.0.2.7:8899"."""
        ...

    async def send(self, data: bytes) -> None:
        """Hand over all of `data`; waits while the peer reads too slowly. Raises `ConnectionLost`."""
        ...

    def offer(self, data: bytes) -> bool:
        """Hand over all of `data` at once. False, and nothing sent, while the peer reads too slowly: then `send` waits.

        Raises `ConnectionLost`.
        """
        ...

    async def receive(self) -> bytes:
        """What came, at least one byte. Raises `ConnectionLost` when the peer has ended, after its last byte was read.

        One caller at a time. A cancelled call loses nothing.
        """
        ...

    def attach(self, hearer: Hearer) -> None:
        """From now on `hearer` is given what comes, and first what waits to be read; nobody calls `receive` any more.

        It saves the task that would wait, and a turn of the loop for each answer.
        """
        ...

    async def close(self) -> None:
        """End it, what was sent first. Never raises; may be called twice."""
        ...


Dial = Callable[[], AbstractAsyncContextManager[Link]]
"""Opens a link and closes it again. Raises `Unreachable` or `TimedOut` on entering."""

Serve = Callable[[Link], Awaitable[None]]
"""One connection of a server, from its first byte to its end."""


class Listener(Protocol):
    """A port that is being listened on."""

    @property
    def port(self) -> int:
        """The real one, once listening on 0 has found a free one."""
        ...

    @property
    def links(self) -> int:
        """Connections being served."""
        ...

    async def pause(self) -> None:
        """Refuse new connections until `resume`. Those that stand go on; see `drop`."""
        ...

    async def resume(self) -> None:
        """Accept again, on the same port."""
        ...

    def drop(self) -> None:
        """Break off every connection that stands, as a device that loses its power."""
        ...


Listen = Callable[[Serve, str, int], AbstractAsyncContextManager[Listener]]
"""`listen(serve, host, port)`: accept and serve until the block is left, which ends every connection."""
