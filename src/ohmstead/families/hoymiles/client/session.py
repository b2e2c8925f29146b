"""One connection to a DTU: a request, its answer, the next request.

Reconnecting is not hidden in here: which answers are due belongs to a connection, and whoever runs a group of requests
decides whether the group may be run again.
"""

from __future__ import annotations

from typing import cast

from google.protobuf.message import DecodeError, Message

from ohmstead.families.hoymiles.client.reception import Reception, Unsolicited
from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.layouts import CHOICES
from ohmstead.families.hoymiles.messages.app import CONFIG_SET
from ohmstead.families.hoymiles.messages.exchange import Answer, Exchange, Request
from ohmstead.families.hoymiles.numbering import Sequence
from ohmstead.families.hoymiles.wire import EITHER_IDS, Extension, Frame, Seal, is_sealed
from ohmstead.kit.link import Link, Pacer
from ohmstead.model import AuthFailed, BadAnswer


class Session:
    def __init__(self, link: Link, sequence: Sequence, pacer: Pacer, unsolicited: Unsolicited) -> None:
        self._link = link
        self._sequence = sequence
        self._pacer = pacer
        self._reception = Reception(link.peer, unsolicited)
        self._conversation = self._reception.conversation
        self.answers = 0
        """On this connection."""
        link.attach(self._reception)

    def encrypt(self, cipher: Cipher | None) -> None:
        """From now on; `None`: speak clear text."""
        self._conversation.cipher = cipher

    async def ask(
        self, exchange: Exchange[Request, Answer], request: Request, extension: Extension | None = None
    ) -> Answer:
        """The answer. Raises `TimedOut`, `ConnectionLost`, `BadAnswer` or `AuthFailed`."""
        sent = Frame(exchange.request_id, self._sequence.take(), request.SerializeToString(), extension)
        async with self._pacer:
            frame = await self._exchanged(exchange, sent)
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

    async def _exchanged(self, exchange: Exchange[Request, Answer], sent: Frame) -> Frame:
        awaited = self._reception.expect(exchange.name, exchange.answer_id, sent.sequence)
        try:
            await self._link.send(self._conversation.send(sent))
            found = await awaited.found
        finally:
            self._reception.forget()
        if isinstance(found, Exception):
            raise found
        return found

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
