"""One register is written, and it is known whether it is: an echo that says something else, silence and refusals that
are known to lie lead to one read of what is stored now.
"""

from __future__ import annotations

import asyncio
from typing import Final, Protocol

import msgspec

from ohmstead.families.givenergy.client.exchange import Patience, Priority
from ohmstead.families.givenergy.errors import RequestRefused, StoredDifferently, TimedOut
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    ReadReply,
    ReadRequest,
    Reply,
    Request,
    WriteReply,
    WriteRequest,
)

FALSE_REFUSALS: Final = frozenset({318, 319, 320})
"""Registers of which some units say no and store the value all the same."""
ACTIONS: Final = frozenset({162, 163, 174, 201, 1016, 5002, 5003, 5004, 5010})
"""Writing one makes the unit do something, and leaves nothing to be read: it restarts or wakes, or forgets its totals or its
settings. Written once, whatever is heard.
"""
CALIBRATION: Final = 29
"""Each write begins one anew; what is read is the stage that it has come to."""
SECONDS: Final = 40
"""The clock's second, which goes on."""
CLOCK_TOLERANCE_S: Final = 5


class Bus(Protocol):
    """What a write needs of a client."""

    async def ask(self, request: Request, patience: Patience, priority: Priority) -> Reply: ...
    def count_retry(self, device: int) -> None: ...


async def write(bus: Bus, request: WriteRequest, patience: Patience, priority: Priority) -> WriteReply:
    """The echo. Raises `TimedOut`, `RequestRefused`, `StoredDifferently` or `ConnectionLost`.

    Never sent twice while it may be in force already: silence is followed by a look, and only what was refused, or seen
    not to be stored, is sent again; what begins something, not even then.
    """
    for left in reversed(range(1 + patience.retries)):
        outcome = await _attempt(bus, request, patience, priority)
        if isinstance(outcome, WriteReply):
            return outcome
        if not left or _begins(request):
            raise outcome
        bus.count_retry(request.device)
        await asyncio.sleep(patience.retry_delay_s)
    raise AssertionError("the last attempt returns or raises")


async def _attempt(
    bus: Bus, request: WriteRequest, patience: Patience, priority: Priority
) -> WriteReply | TimedOut:
    """The echo, or why it is known not to be in force. Raises `TimedOut` where that is not known."""
    once = msgspec.structs.replace(patience, retries=0, retry_delay_s=0.0)
    try:
        echo = await bus.ask(request, once, priority)
    except TimedOut as failure:
        if isinstance(failure, RequestRefused) and request.register not in FALSE_REFUSALS:
            return failure
        stored = await _stored(bus, request, patience, priority)
        if stored is None:
            raise
        return stored if _is(request, stored.value) else failure
    assert isinstance(echo, WriteReply)  # noqa: S101 - nothing else answers a write
    if echo.value == request.value:
        return echo
    # Clamped, or the echo of another client's write.
    stored = await _stored(bus, request, patience, priority)
    if stored is None:
        raise TimedOut(f"{request} was acknowledged as {echo.value}, and could not be read back")
    if not _is(request, stored.value):
        raise StoredDifferently(
            f"{request} was acknowledged, but stored as {stored.value}", request, stored.value
        )
    return stored


async def _stored(
    bus: Bus, request: WriteRequest, patience: Patience, priority: Priority
) -> WriteReply | None:
    """What the register holds now, in the form of an echo; None when that cannot be learnt."""
    if request.register in ACTIONS:
        return None
    try:
        reply = await bus.ask(ReadRequest(request.device, Bank.HR, request.register, 1), patience, priority)
    except TimedOut:
        return None
    assert isinstance(reply, ReadReply)  # noqa: S101 - nothing else answers a read
    return WriteReply(
        request.device, request.register, reply.words[0], reply.envelope_serial, reply.adapter_serial
    )


def _begins(request: WriteRequest) -> bool:
    """Whether it makes the unit do something that a second one would make it do again."""
    return request.register in ACTIONS or (request.register == CALIBRATION and request.value > 0)


def _is(request: WriteRequest, stored: int) -> bool:
    if request.register == SECONDS:
        return 0 <= (stored - request.value) % 60 <= CLOCK_TOLERANCE_S
    return stored == request.value
