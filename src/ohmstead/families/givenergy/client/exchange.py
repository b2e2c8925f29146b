"""One request on its way to its reply, and who waits for it."""

from __future__ import annotations

import asyncio
from enum import IntEnum
from typing import Final

import msgspec

from ohmstead.families.givenergy.wire import ErrorReply, ReadReply, ReadRequest, Reply, Request, WriteReply


class Priority(IntEnum):
    """What goes first when several requests wait for the one line."""

    SAFETY = 0
    PEOPLE = 1
    POLLING = 2
    PROBE = 3
    """Of an address where there may be nobody; two of them may be under way at once, because most are never answered."""


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long a request waits, and how often it is tried again."""

    timeout_s: float
    """Per attempt, from when its frame was written."""
    retries: int
    """Further attempts."""
    retry_delay_s: float
    """Between attempts: units fall silent for seconds, and an immediate retry would fall into the same silence."""


REFRESH: Final = Patience(timeout_s=2.0, retries=1, retry_delay_s=0.5)
LOAD: Final = Patience(timeout_s=2.0, retries=3, retry_delay_s=0.5)
DETECT: Final = LOAD
PROBE: Final = Patience(timeout_s=0.5, retries=1, retry_delay_s=0.0)
COMMAND: Final = Patience(timeout_s=1.5, retries=0, retry_delay_s=0.5)
ALIVE: Final = Patience(timeout_s=2.0, retries=0, retry_delay_s=0.0)

Key = tuple[int, int, int, int]
"""Function, device, register, and count or value: who asks the same shares one request."""


def key_of(request: Request) -> Key:
    return request.function, request.device, request.register, request.value


class Exchange:
    """A request that is queued or under way. Its waiters come and go; without any it is not sent."""

    def __init__(self, request: Request, patience: Patience, priority: Priority, number: int) -> None:
        self.request = request
        self.key = key_of(request)
        self.patience = patience
        self.priority = priority
        self.number = number
        self.attempts = 0
        self.was_sent = False
        self.reply: Reply | None = None
        """To the attempt under way, or the last one; an error reply only ends the attempt."""
        self._waiters: set[asyncio.Future[Reply]] = set()

    def __lt__(self, other: Exchange) -> bool:
        return (self.priority, self.number) < (other.priority, other.number)

    def __str__(self) -> str:
        return str(self.request)

    @property
    def is_wanted(self) -> bool:
        return any(not waiter.done() for waiter in self._waiters)

    @property
    def is_over(self) -> bool:
        """Answered, or nobody waits any more."""
        return (self.reply is not None and not isinstance(self.reply, ErrorReply)) or not self.is_wanted

    @property
    def attempts_left(self) -> int:
        return 1 + self.patience.retries - self.attempts

    def join(self, waiter: asyncio.Future[Reply], patience: Patience) -> None:
        """One more who waits. Who joins gets as many attempts as if it had asked alone."""
        if self._waiters:
            self._be_as_patient_as(patience)
        self._waiters.add(waiter)

    def _be_as_patient_as(self, patience: Patience) -> None:
        self.patience = msgspec.structs.replace(
            self.patience,
            timeout_s=max(patience.timeout_s, self.patience.timeout_s),
            retries=max(patience.retries + self.attempts, self.patience.retries),
        )

    def leave(self, waiter: asyncio.Future[Reply]) -> None:
        self._waiters.discard(waiter)

    def begin(self) -> None:
        self.attempts += 1
        self.was_sent = True
        self.reply = None

    def hear(self, reply: Reply) -> bool:
        """Whether this reply is for it; if so, it ends the attempt, and the exchange unless it is a refusal."""
        if not self._is_answered_by(reply):
            return False
        self.reply = reply
        if not isinstance(reply, ErrorReply):
            for waiter in self._waiters:
                if not waiter.done():
                    waiter.set_result(reply)
        return True

    def fail(self, error: Exception) -> None:
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(error)

    def _is_answered_by(self, reply: Reply) -> bool:
        request = self.request
        if reply.device != request.device:
            return False
        match reply:
            case ReadReply():
                return isinstance(request, ReadRequest) and (reply.bank, reply.base, reply.count) == (
                    request.bank,
                    request.base,
                    request.count,
                )
            case WriteReply():
                is_write = not isinstance(request, ReadRequest)
                # Before ours was sent, an echo is that of somebody else's write.
                return is_write and self.was_sent and reply.register == request.register
            case ErrorReply():
                # The echoed count is not to be trusted, and before ours was sent it is somebody else's refusal.
                return self.was_sent and (reply.function, reply.base) == (request.function, request.register)
