"""One connection to a DTU: a request, its answer, the next request.

Reconnecting is not hidden in here: which answers are due belongs to a connection, and whoever runs a group of requests
decides whether the group may be run again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final

from google.protobuf.message import DecodeError

from ohmstead.families.hoymiles.messages import Answer, Exchange, Request
from ohmstead.families.hoymiles.numbering import Sequence
from ohmstead.families.hoymiles.wire import Conversation, Frame
from ohmstead.kit.link import Link, Pacer
from ohmstead.kit.wire import Damage
from ohmstead.model import BadAnswer, ConnectionLost, TimedOut

log = logging.getLogger(__name__)

SILENCE_S: Final = 10.0
"""What vendor's app and published clients wait. It counts from the last byte, so a slow answer is no silent one."""
LONGEST_S: Final = 60.0
"""For one answer, however steadily its bytes drip."""

Unsolicited = Callable[[Frame], None]


class Session:
    def __init__(self, link: Link, sequence: Sequence, pacer: Pacer, unsolicited: Unsolicited) -> None:
        self._link = link
        self._sequence = sequence
        self._pacer = pacer
        self._unsolicited = unsolicited
        self._conversation = Conversation()
        self._arrived: deque[Frame] = deque()
        self._frames = 0
        self._damaged_bytes = 0

    async def ask(self, exchange: Exchange[Request, Answer], request: Request) -> Answer:
        """The answer. Raises `TimedOut`, `ConnectionLost` or `BadAnswer`."""
        sequence = self._sequence.take()
        async with self._pacer:
            await self._link.send(
                self._conversation.send(Frame(exchange.request_id, sequence, request.SerializeToString()))
            )
            frame = await self._answer(exchange, sequence)
        try:
            return exchange.answer.FromString(frame.payload)
        except DecodeError:
            raise BadAnswer(
                f"{self._link.peer}: the answer to {exchange.name} is no {exchange.answer.DESCRIPTOR.name}"
            ) from None

    async def _answer(self, exchange: Exchange[Request, Answer], sequence: int) -> Frame:
        """The frame with our id and number; the id alone is not enough, nor is the number."""
        try:
            async with asyncio.timeout(LONGEST_S):
                while True:
                    while self._arrived:
                        frame = self._arrived.popleft()
                        if frame.command_id == exchange.answer_id and frame.sequence == sequence:
                            return frame
                        log.debug("%s sent %s, which nobody asked for", self._link.peer, frame)
                        self._unsolicited(frame)
                    await self._receive(exchange)
        except TimeoutError:
            raise self._silent(exchange, LONGEST_S) from None

    async def _receive(self, exchange: Exchange[Request, Answer]) -> None:
        try:
            async with asyncio.timeout(SILENCE_S):
                data = await self._link.receive()
        except TimeoutError:
            raise self._silent(exchange, SILENCE_S) from None
        except ConnectionLost as error:
            self._take(self._conversation.end())
            raise (self._no_dtu() or error) from None
        self._take(self._conversation.receive(data))

    def _take(self, found: list[Frame | Damage]) -> None:
        for item in found:
            if isinstance(item, Damage):
                self._damaged_bytes += item.size
                log.debug("%s: %d bytes dropped, %s", self._link.peer, item.size, item.reason)
            else:
                self._frames += 1
                self._arrived.append(item)

    def _silent(self, exchange: Exchange[Request, Answer], waited_s: float) -> TimedOut | BadAnswer:
        return self._no_dtu() or TimedOut(
            f"{self._link.peer} is connected but did not answer {exchange.name} within {waited_s:g} s; "
            "another client, a cloud upload or firmware before V00.01.11 may be why."
        )

    def _no_dtu(self) -> BadAnswer | None:
        if self._frames or not self._damaged_bytes:
            return None
        return BadAnswer(
            f"{self._link.peer} sent {self._damaged_bytes} bytes that hold no Hoymiles frame; "
            "check that a DTU has this address and port."
        )
