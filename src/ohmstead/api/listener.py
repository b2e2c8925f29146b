"""One client of the live stream: the socket it is told by, and what it has not been told yet.

A frame goes to the socket's transport as it is if that has taken all before, and no task wakes up for it. Else changes wait,
the latest state of each device and no more, so that nobody waits for a client that is slow.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Protocol

import msgspec
from aiohttp import WSCloseCode

from ohmstead.api.messages import Batch

MISSED_BYTES: Final = 1024 * 1024
"""What may pass a client by while it does not read."""

IsStillIn = Callable[[], bool]
"""Whether the client's token is still good."""

log = logging.getLogger(__name__)


class Wire(Protocol):
    """What is needed of an asyncio transport."""

    def write(self, data: bytes) -> None: ...
    def get_write_buffer_size(self) -> int: ...
    def is_closing(self) -> bool: ...
    def abort(self) -> None: ...


class Farewell(msgspec.Struct, frozen=True):
    """With which a connection is to be closed."""

    code: WSCloseCode
    reason: bytes


ENDING: Final = Farewell(WSCloseCode.GOING_AWAY, b"the gateway is ending")
NOT_IN: Final = Farewell(WSCloseCode.POLICY_VIOLATION, b"the token is not valid any more")


class Listener:
    """Is told nothing before it is greeted, or once it is dismissed."""

    def __init__(self, wire: Wire, is_still_in: IsStillIn) -> None:
        self._wire = wire
        self._is_still_in = is_still_in
        self._listens = False
        self._waiting: Batch | None = None
        self._missed_bytes = 0
        self._farewell: asyncio.Future[Farewell] = asyncio.get_running_loop().create_future()

    def greet(self, frame: bytes) -> None:
        """With the state on which all changes build that follow."""
        self._wire.write(frame)
        self._listens = True

    def tell(self, batch: Batch) -> bool:
        """Now, or later with what changes meanwhile: then False. One who has missed too much is given up."""
        if self._waiting is None:
            if self.hears(batch.frame):
                return True
            self._waiting = batch
            return False
        self._waiting = self._waiting.followed_by(batch)
        self._missed_bytes += len(batch.frame)
        if self._missed_bytes > MISSED_BYTES and not self._wire.is_closing():
            log.info("a live client that reads nothing is dropped")
            self._wire.abort()
        return self.catch_up()

    def catch_up(self) -> bool:
        """Tell what waits, if all before is taken by now. False while something waits."""
        if self._waiting is not None:
            if not self.hears(self._waiting.frame):
                return False
            self._waiting, self._missed_bytes = None, 0
        return True

    def hears(self, frame: bytes) -> bool:
        """Write it, unless what was written before is not taken yet: then False. Who is gone hears everything."""
        wire = self._wire
        if wire.is_closing() or not self._listens:
            return True
        if wire.get_write_buffer_size():
            return False
        if self._is_still_in():
            wire.write(frame)
        else:
            self.dismiss(NOT_IN)
        return True

    def dismiss(self, farewell: Farewell) -> None:
        self._listens = False
        if not self._farewell.done():
            self._farewell.set_result(farewell)

    async def dismissed(self) -> Farewell:
        """Waits until it is to be let go."""
        return await self._farewell
