"""Links of whole messages without sockets: the shapes of `kit.link`'s `websocket` and `serve_websocket`."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final

from ohmstead.kit.link import Listener, Serving, TaskScope
from ohmstead.kit.link.messages import (
    NORMAL,
    WITHOUT_A_WORD,
    DialMessages,
    Message,
    MessageHearer,
    MessageLink,
    ServeMessages,
)
from ohmstead.model import ConnectionLost, Unreachable

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
LOOPBACK: Final = "127.0.0.1"
HELD_LIMIT: Final = 256
"""Unread messages at which a sender has to wait."""


class MemoryMessages:
    """One end of a pair."""

    def __init__(self, peer: str, headers: Mapping[str, str] = NO_HEADERS) -> None:
        self.peer = peer
        self.headers = headers
        self.close_code: int | None = None
        self._unread: deque[Message] = deque()
        self._changed = asyncio.Event()
        self._other = self
        self._hearer: MessageHearer | None = None

    def join(self, other: MemoryMessages) -> None:
        self._other, other._other = other, self

    @property
    def is_full(self) -> bool:
        return len(self._unread) >= HELD_LIMIT

    async def send(self, message: Message) -> None:
        other = self._other
        while self.close_code is None and other.is_full:
            await other.change()
        if self.close_code is not None:
            raise ConnectionLost(f"{self.peer}: nothing can be sent, the connection is closed")
        other.inject(message)

    def send_now(self, message: Message) -> bool:
        if self.close_code is not None or self._other.is_full:
            return False
        self._other.inject(message)
        return True

    async def receive(self) -> Message:
        while not self._unread:
            if self.close_code is not None:
                raise self._no_more()
            await self.change()
        message = self._unread.popleft()
        self._changed.set()
        return message

    def attach(self, hearer: MessageHearer) -> None:
        self._hearer = hearer
        self._hand()

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        self._end(code)

    def abort(self) -> None:
        self._unread.clear()
        self._end(WITHOUT_A_WORD)

    def inject(self, message: Message) -> None:
        """Let this end receive a message, sent or not."""
        self._unread.append(message)
        self.wake()

    def wake(self) -> None:
        """Let whoever waits at this end look again."""
        self._changed.set()
        if self._hearer is not None:  # later, as from a socket: never while the sender is still sending
            asyncio.get_running_loop().call_soon(self._hand)

    def _hand(self) -> None:
        """To the hearer, whatever is there."""
        hearer = self._hearer
        while hearer is not None and self._unread:
            hearer.hear(self._unread.popleft())
            self._changed.set()
        if hearer is not None and self.close_code is not None:
            self._hearer = None
            hearer.lost(self._no_more())

    def _end(self, code: int) -> None:
        for end in (self, self._other):
            if end.close_code is None:
                end.close_code = code
            end.wake()

    def _no_more(self) -> ConnectionLost:
        return ConnectionLost(f"{self.peer}: the connection ended (code {self.close_code})")

    async def change(self) -> None:
        """Wait until something was read, received or ended here."""
        self._changed.clear()
        await self._changed.wait()


def message_pair(
    address: str = LOOPBACK, headers: Mapping[str, str] = NO_HEADERS
) -> tuple[MemoryMessages, MemoryMessages]:
    """Two ends joined; the first one's peer is called "device", the second one's is a client at `address`."""
    near, far = MemoryMessages("device"), MemoryMessages(address, headers)
    near.join(far)
    return near, far


class MessageNetwork:
    """One server in memory, and everyone who dials it."""

    def __init__(self) -> None:
        self._serving: Serving[MemoryMessages] | None = None
        self._is_accepting = True

    @property
    def port(self) -> int:
        return 0

    @property
    def links(self) -> int:
        return len(self._serving.links) if self._serving is not None else 0

    async def pause(self) -> None:
        self._is_accepting = False

    async def resume(self) -> None:
        self._is_accepting = True

    def drop(self) -> None:
        """Break every link for both ends."""
        if self._serving is not None:
            self._serving.drop()

    @asynccontextmanager
    async def serve(self, serve: ServeMessages) -> AsyncIterator[Listener]:
        async with TaskScope() as scope:
            self._serving = Serving(serve, scope)
            try:
                yield self
            finally:
                self._serving = None

    @property
    def dial(self) -> DialMessages:
        return self.dialling()

    def dialling(self, address: str = LOOPBACK, headers: Mapping[str, str] = NO_HEADERS) -> DialMessages:
        """A dial from an address of one's choice, with what the client says of itself."""

        @asynccontextmanager
        async def dialled() -> AsyncIterator[MessageLink]:
            if self._serving is None or not self._is_accepting:
                raise Unreachable("the device in memory refused the connection")
            near, far = message_pair(address, headers)
            self._serving.begin(far)
            try:
                yield near
            finally:
                await near.close()

        return dialled
