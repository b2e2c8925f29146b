"""One connection to a DTU: a request, its answer, the next request.

Reconnecting is not hidden in here: which answers are due belongs to a connection, and whoever runs a group of requests
decides whether the group may be run again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import Final, cast

from google.protobuf.message import DecodeError, Message

from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.layouts import CHOICES
from ohmstead.families.hoymiles.messages.app import CONFIG_SET
from ohmstead.families.hoymiles.messages.exchange import Answer, Exchange, Request
from ohmstead.families.hoymiles.numbering import Sequence
from ohmstead.families.hoymiles.wire import (
    EITHER_IDS,
    TAG_S,
    WRONG_CRC,
    Conversation,
    Extension,
    Frame,
    Seal,
    is_sealed,
)
from ohmstead.kit.link import Link, Pacer
from ohmstead.kit.wire import Damage
from ohmstead.model import AuthFailed, BadAnswer, ConnectionLost, TimedOut

log = logging.getLogger(__name__)

SILENCE_S: Final = 10.0
"""What vendor's app and published clients wait. It counts from the last byte, so a slow answer is no silent one."""
LONGEST_S: Final = 60.0
"""For one answer, however steadily its bytes drip."""
MOST_NOISE_BYTES: Final = 256 * 1024
"""What may come between a request and its answer, several of the longest frames and then some."""

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
        self._noise_bytes = 0
        self._damage = ""
        self.answers = 0
        """On this connection."""

    def encrypt(self, cipher: Cipher | None) -> None:
        """From now on; `None`: speak clear text."""
        self._conversation.cipher = cipher

    async def ask(
        self, exchange: Exchange[Request, Answer], request: Request, extension: Extension | None = None
    ) -> Answer:
        """The answer. Raises `TimedOut`, `ConnectionLost`, `BadAnswer` or `AuthFailed`."""
        sequence = self._sequence.take()
        self._damage = ""
        async with self._pacer:
            sent = Frame(exchange.request_id, sequence, request.SerializeToString(), extension)
            await self._link.send(self._conversation.send(sent))
            frame = await self._answer(exchange, sequence)
        self.answers += 1
        self._check_seal(exchange, frame)
        if not frame.payload and exchange is not CONFIG_SET:
            # Some firmware refuses so; read as a message it would be a data set of zeros.
            raise BadAnswer(f"{self._link.peer} answered {exchange.name} with nothing")
        choosing = CHOICES.get(frame.command_id)
        message: type[Message] = exchange.answer if choosing is None else choosing(frame.payload)
        try:
            # cast: one id may have two layouts, and whoever asks for those expects either
            return cast("Answer", message.FromString(frame.payload))
        except DecodeError:
            raise BadAnswer(
                f"{self._link.peer}: the answer to {exchange.name} is no {message.DESCRIPTOR.name}"
            ) from None

    def _check_seal(self, exchange: Exchange[Request, Answer], frame: Frame) -> None:
        if frame.seal is Seal.BROKEN:
            raise AuthFailed(
                f"{self._link.peer}: the answer to {exchange.name} is sealed with another key; the DTU has restarted."
            )
        is_due = self._conversation.cipher is not None and is_sealed(frame.command_id)
        if is_due and frame.seal is Seal.NONE and frame.command_id not in EITHER_IDS:
            raise AuthFailed(
                f"{self._link.peer}: the answer to {exchange.name} is not encrypted, although the DTU wants encryption."
            )

    async def _answer(self, exchange: Exchange[Request, Answer], sequence: int) -> Frame:
        """The frame with our id and number; the id alone is not enough, nor is the number."""
        longest_at_s = asyncio.get_running_loop().time() + LONGEST_S
        self._noise_bytes = 0
        while True:
            while self._arrived:
                frame = self._arrived.popleft()
                if frame.command_id == exchange.answer_id and frame.sequence == sequence:
                    return frame
                log.debug("%s sent %s, which nobody asked for", self._link.peer, frame)
                self._unsolicited(frame)
            await self._receive(exchange, longest_at_s)

    async def _receive(self, exchange: Exchange[Request, Answer], longest_at_s: float) -> None:
        if self._conversation.awaits_tag:
            await self._receive_tag()
            return
        left_s = longest_at_s - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(min(SILENCE_S, left_s)):
                data = await self._link.receive()
        except TimeoutError:
            if left_s <= SILENCE_S:
                raise self._silent(exchange, LONGEST_S) from None
            # Noise may have looked like the header of a long frame, and the answer like its inside.
            self._end()
            if self._arrived:
                return
            raise self._silent(exchange, SILENCE_S) from None
        except ConnectionLost as error:
            self._end()
            raise (self._no_dtu() or error) from None
        self._noise_bytes += len(data)
        if self._noise_bytes > MOST_NOISE_BYTES:
            raise self._no_dtu() or BadAnswer(
                f"{self._link.peer} sent {self._noise_bytes} bytes and no answer to {exchange.name} among them"
            )
        self._take(self._conversation.receive(data))

    async def _receive_tag(self) -> None:
        """A frame is there but for its tag, which comes at once or not at all."""
        try:
            async with asyncio.timeout(TAG_S):
                data = await self._link.receive()
        except TimeoutError:
            self._take(self._conversation.silence())
            self._conversation.awaits_tag = False
        except ConnectionLost:
            # Said once more by the next receive, after what is here has been looked at.
            self._end()
        else:
            self._take(self._conversation.receive(data))

    def _end(self) -> None:
        self._take(self._conversation.end())
        self._conversation.awaits_tag = False

    def _take(self, found: list[Frame | Damage]) -> None:
        for item in found:
            if isinstance(item, Damage):
                self._damaged_bytes += item.size
                if item.reason.startswith(WRONG_CRC):
                    self._damage = item.reason
                log.debug("%s: %d bytes dropped, %s", self._link.peer, item.size, item.reason)
            else:
                self._frames += 1
                self._arrived.append(item)

    def _silent(self, exchange: Exchange[Request, Answer], waited_s: float) -> TimedOut | BadAnswer:
        if self._damage:
            return BadAnswer(f"{self._link.peer} answered {exchange.name} with damage: {self._damage}.")
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
