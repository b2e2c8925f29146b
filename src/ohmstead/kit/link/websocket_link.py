"""One end of a WebSocket over a link of ours, a device's or ours: frames in and out, signs of life, and the closing.

It is the `Hearer` of its link, so that a message is handed on in the moment in which its last byte comes.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from typing import Final

from ohmstead.kit.link.messages import NORMAL, WITHOUT_A_WORD, Message, MessageHearer
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.kit.wire.websocket import (
    MASK_BYTES,
    Broken,
    Close,
    FrameReader,
    Incoming,
    Ping,
    close_frame,
    message_frame,
    ping_frame,
    pong_frame,
)
from ohmstead.model import ConnectionLost, Tap

CLOSING_S: Final = 1.0
"""For the peer to answer our closing; then the connection ends all the same."""
UNREAD_LIMIT_BYTES: Final = 64 * 1024
"""At which no more is read until somebody receives."""
MASKS_BYTES: Final = 64 * MASK_BYTES
MESSAGE_BYTES: Final = 64
"""What keeping a message costs beside its bytes."""


class WebSocketLink:
    """Masks what it sends, as a client does; see `ServedWebSocket` for the other end."""

    is_server = False
    directions = ("<", ">")
    """What we receive and what we send, for the tap."""

    def __init__(
        self, link: SocketLink, peer: str, *, limit_bytes: int, ping_s: float | None, tap: Tap | None
    ) -> None:
        self.peer = peer
        self.close_code: int | None = None
        self._link = link
        self._reader = FrameReader(is_server=self.is_server, limit_bytes=limit_bytes)
        self._tap = tap
        self._hearer: MessageHearer | None = None
        self._unread: deque[Message] = deque()
        self._unread_bytes = 0
        self._changed = asyncio.Event()
        self._masks = b""
        self._has_said_goodbye = False
        self._gone = asyncio.Event()
        """The peer has closed, or the connection is no more."""
        self._loop = asyncio.get_running_loop()
        self._ping_s = ping_s
        self._heard_at_s = self._loop.time()
        self._pulse: asyncio.TimerHandle | None = None

    def begin(self, rest: bytes) -> None:
        """Read from the link, and first what came behind the opening."""
        if self._ping_s is not None:
            self._pulse = self._loop.call_later(self._ping_s, self._beat, self._ping_s)
        if rest:
            self.hear(rest)
        self._link.attach(self)

    # --- sending ---

    async def send(self, message: Message) -> None:
        if self.is_over:
            raise ConnectionLost(f"{self.peer}: nothing can be sent, the connection is closed")
        frame = self.framed(message)
        if not self._link.offer(frame):
            await self._link.send(frame)
        if self._tap is not None:
            self._tap(self.directions[1], message.data)

    def send_now(self, message: Message) -> bool:
        if self._has_said_goodbye or not self._link.offer_idle(self.framed(message)):
            return False
        if self._tap is not None:
            self._tap(self.directions[1], message.data)
        return True

    def framed(self, message: Message) -> bytes:
        return message_frame(message, self._mask())

    def _mask(self) -> bytes:
        """Of one frame. The system is asked for many at a time, which costs it hardly more than for one."""
        if self.is_server:
            return b""
        if not self._masks:
            self._masks = os.urandom(MASKS_BYTES)
        mask, self._masks = self._masks[:MASK_BYTES], self._masks[MASK_BYTES:]
        return mask

    @property
    def is_over(self) -> bool:
        """Whether one of both has said goodbye."""
        return self._has_said_goodbye or self.close_code is not None

    # --- receiving ---

    async def receive(self) -> Message:
        while not self._unread:
            if self.close_code is not None:
                raise self._no_more()
            self._changed.clear()
            await self._changed.wait()
        message = self._unread.popleft()
        was_full = self._is_full
        self._unread_bytes -= len(message.data) + MESSAGE_BYTES
        if was_full and not self._is_full:
            self._link.hold(is_held=False)
        return message

    @property
    def _is_full(self) -> bool:
        return self._unread_bytes >= UNREAD_LIMIT_BYTES

    def attach(self, hearer: MessageHearer) -> None:
        while self._unread:
            hearer.hear(self._unread.popleft())
        self._unread_bytes = 0
        self._link.hold(is_held=False)
        self._hearer = hearer
        if self.close_code is not None:
            hearer.lost(self._no_more())

    def hear(self, data: bytes) -> None:
        self._heard_at_s = self._loop.time()
        for incoming in self._reader.receive(data):
            if isinstance(incoming, Message):
                self._deliver(incoming)
            else:
                self._obey(incoming)

    def lost(self, error: ConnectionLost) -> None:
        self._end(WITHOUT_A_WORD)
        self._gone.set()

    def _deliver(self, message: Message) -> None:
        if self.is_over:
            return
        if self._tap is not None:
            self._tap(self.directions[0], message.data)
        if self._hearer is not None:
            self._hearer.hear(message)
            return
        self._unread.append(message)
        self._unread_bytes += len(message.data) + MESSAGE_BYTES
        self._changed.set()
        if self._is_full:
            self._link.hold(is_held=True)

    def _obey(self, incoming: Incoming) -> None:
        match incoming:
            case Ping(data=data):
                self._offer(pong_frame(data, self._mask()))
            case Close(code=code):
                self._say_goodbye(code)
                self._end(code)
                self._gone.set()
            case Broken(code=code, reason=reason):
                self._say_goodbye(code, reason)
                self._end(code)

    def _end(self, code: int) -> None:
        if self.close_code is not None:
            return
        self.close_code = code
        self._changed.set()
        if self._pulse is not None:
            self._pulse.cancel()
        if self._hearer is not None:
            self._hearer.lost(self._no_more())

    def _no_more(self) -> ConnectionLost:
        return ConnectionLost(f"{self.peer}: the connection ended (code {self.close_code})")

    # --- life and end ---

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """Whoever has not answered with a closing of its own after a while is left all the same."""
        self._link.hold(is_held=False)
        self._say_goodbye(code, reason)
        try:
            async with asyncio.timeout(CLOSING_S):
                await self._gone.wait()
        except TimeoutError:
            pass
        except asyncio.CancelledError:
            self.abort()
            raise
        await self._link.close()

    def abort(self) -> None:
        """End it at once, without a word."""
        self._link.abort()

    def _say_goodbye(self, code: int, reason: str = "") -> None:
        if not self._has_said_goodbye:
            self._has_said_goodbye = True
            self._offer(close_frame(code, reason, self._mask()))

    def _offer(self, frame: bytes) -> bool:
        """A frame that answers. To a peer that does not read, or is gone, there is nothing to answer."""
        try:
            return self._link.offer(frame)
        except ConnectionLost:
            return False

    def _beat(self, ping_s: float) -> None:
        """One timer, which comes when the peer may have been silent for so long: none is set for each message."""
        due_s = self._heard_at_s + ping_s
        if due_s > self._loop.time():
            self._pulse = self._loop.call_at(due_s, self._beat, ping_s)
            return
        self._offer(ping_frame(b"", self._mask()))
        self._pulse = self._loop.call_later(ping_s / 2, self._miss, self._heard_at_s, ping_s)

    def _miss(self, heard_at_s: float, ping_s: float) -> None:
        if self._heard_at_s == heard_at_s and not self._is_full:
            self.abort()
        else:
            self._beat(ping_s)
