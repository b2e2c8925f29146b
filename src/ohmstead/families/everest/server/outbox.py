"""What one client is still to be sent, bounded whatever the client does.

Everything goes out in order, until a client is so far behind that `LIMIT` messages wait for it: then, and until it has
caught up, only the newest news of each kind is kept for it. A client may also ask for a pause between two news of a kind.
Answers are never dropped; there are few, because requests are not read while too many of them wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

import msgspec

from ohmstead.kit.link.messages import Message

LIMIT: Final = 1000
ANSWERS_LIMIT_BYTES: Final = 1024 * 1024
"""Of answers not yet taken; with more, no request is read."""

WAITING_BYTES: Final = 256
"""What keeping an answer costs beside its bytes, which may be none."""

Key = tuple[object, ...]
"""News of the same key replace each other."""


class Waiting(msgspec.Struct, frozen=True):
    message: Message
    key: Key | None = None
    """None of an answer."""


class Outbox:
    """`send_now` sends a message without waiting, if it can."""

    def __init__(self, send_now: Callable[[Message], bool] = lambda _: False) -> None:
        self._send_now = send_now
        self._queue: deque[Waiting] = deque()
        self._newest: dict[Key, Message] = {}
        """Of those that wait for their time, or for a client that is behind."""
        self._interval_s = 0.0
        self._next_at_s: dict[Key, float] = {}
        self._is_behind = False
        self._answer_bytes = 0
        self._is_last_said = False
        self._changed = asyncio.Event()
        self._taken = asyncio.Event()

    def __len__(self) -> int:
        return len(self._queue) + len(self._newest)

    def answer(self, message: Message) -> None:
        if self._queue or not self._send_now(message):
            self._answer_bytes += len(message.data) + WAITING_BYTES
            self._put(Waiting(message))

    def tell(self, key: Key, message: Message, *, is_throttled: bool = False) -> None:
        """News. Throttled ones of a key go out once in an interval, and then the newest."""
        is_usual = not (self._queue or self._newest or self._is_behind or self._interval_s)
        if is_usual and self._send_now(message):
            return
        if self._is_behind or key in self._newest or (is_throttled and self._is_early(key)):
            self._newest[key] = message
            self._changed.set()
            return
        if self._queue or not self._send_now(message):
            self._put(Waiting(message, key))
        if is_throttled and self._interval_s:
            self._next_at_s[key] = _now_s() + self._interval_s

    def _is_early(self, key: Key) -> bool:
        return key in self._next_at_s and _now_s() < self._next_at_s[key]

    def throttle(self, interval_s: float) -> None:
        """From now on, with what waits already."""
        self._interval_s = interval_s
        self._next_at_s.clear()
        self._changed.set()

    async def room(self) -> None:
        """Wait until the answers that nobody has taken are few enough to make more."""
        while self._answer_bytes > ANSWERS_LIMIT_BYTES:
            self._taken.clear()
            await self._taken.wait()

    def finish(self) -> None:
        """Nothing more is to be sent behind what waits in order."""
        self._is_last_said = True
        self._changed.set()

    async def next(self) -> Message | None:
        """What is to be sent next, when it is time; None when there will be nothing more."""
        while True:
            if self._queue:
                return self._from_queue()
            if self._is_last_said:
                return None
            now_s = _now_s()
            for key in self._newest:
                if self._next_at_s.get(key, 0.0) <= now_s:
                    return self._from_newest(key, now_s)
            await self._wait(now_s)

    def _put(self, waiting: Waiting) -> None:
        self._queue.append(waiting)
        if len(self._queue) >= LIMIT and not self._is_behind:
            self._keep_newest_only()
        self._changed.set()

    def _keep_newest_only(self) -> None:
        self._is_behind = True
        for waiting in self._queue:
            if waiting.key is not None:
                self._newest[waiting.key] = waiting.message
        self._queue = deque(waiting for waiting in self._queue if waiting.key is None)

    def _from_queue(self) -> Message:
        waiting = self._queue.popleft()
        if waiting.key is None:
            self._answer_bytes -= len(waiting.message.data) + WAITING_BYTES
            self._taken.set()
        return waiting.message

    def _from_newest(self, key: Key, now_s: float) -> Message:
        message = self._newest.pop(key)
        if key in self._next_at_s:
            self._next_at_s[key] = now_s + self._interval_s
        self._is_behind = self._is_behind and bool(self._newest)
        return message

    async def _wait(self, now_s: float) -> None:
        self._changed.clear()
        if not self._newest:
            await self._changed.wait()
            return
        due_s = min(self._next_at_s[key] for key in self._newest)
        try:
            async with asyncio.timeout(due_s - now_s):
                await self._changed.wait()
        except TimeoutError:
            return


def _now_s() -> float:
    return asyncio.get_running_loop().time()
