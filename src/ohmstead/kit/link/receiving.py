"""The half of a link that receives, whatever it is made of: what came waits, or goes on to a hearer at once."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from ohmstead.kit.link.link import Hearer
from ohmstead.model import ConnectionLost


class ReceivingHalf(ABC):
    """Keeps the promises of `receive` and `attach`. The rest of the link calls `_came` and, whoever ends it, `_end`."""

    def __init__(self, peer: str, *, limit_bytes: int) -> None:
        """From `limit_bytes` on that nobody has taken, nothing more is read."""
        self.peer = peer
        self._limit_bytes = limit_bytes
        self._hearer: Hearer | None = None
        self._received = bytearray()
        self._ended = ""
        """Why no more bytes will come; empty while they may."""
        self._changed = asyncio.Event()

    @abstractmethod
    def _pause(self) -> None:
        """Read nothing until `_go_on`."""

    @abstractmethod
    def _go_on(self) -> None:
        """Read again; also told where nothing was paused."""

    async def receive(self) -> bytes:
        while not self._received:
            if self._ended:
                raise self._no_more()
            self._changed.clear()
            await self._changed.wait()
        return self._taken()

    def attach(self, hearer: Hearer) -> None:
        if self._received:
            hearer.hear(self._taken())
        self._hearer = hearer
        if self._ended:
            hearer.lost(self._no_more())

    def _came(self, data: bytes) -> None:
        if self._hearer is not None:
            self._hearer.hear(data)
            return
        self._received += data
        self._changed.set()
        if len(self._received) >= self._limit_bytes:
            self._pause()

    def _end(self, reason: str) -> None:
        if self._ended:
            return
        self._ended = reason
        self._changed.set()
        if self._hearer is not None:
            self._hearer.lost(self._no_more())

    def _taken(self) -> bytes:
        data = bytes(self._received)
        self._received.clear()
        if not self._ended:
            self._go_on()
        return data

    def _no_more(self) -> ConnectionLost:
        return ConnectionLost(f"{self.peer}: expected more bytes, but {self._ended}")
