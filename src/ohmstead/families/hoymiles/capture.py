"""How this family's traffic is recorded: whole frames, with serials made anonymous and secrets blanked.

What to blank stands in the `.proto` files. It fails closed: a text nobody has marked is blanked, fields we do not know
are left out, and of a message we do not know nothing but its size is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError, Message

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.crypto import cipher_of
from ohmstead.families.hoymiles.facts import TEXT, Fact, facts
from ohmstead.families.hoymiles.identifiers import PREFIX_DIGITS
from ohmstead.families.hoymiles.messages.app import DEV_INFO
from ohmstead.families.hoymiles.protos.command_pb2 import CommandToDtu
from ohmstead.families.hoymiles.protos.facts_pb2 import Secrecy
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu
from ohmstead.families.hoymiles.wire import (
    Conversation,
    Extension,
    Frame,
    decode_frame,
    encode_frame,
    message_of,
)
from ohmstead.kit.wire import Damage
from ohmstead.model import WireError

HARMLESS_TEXTS: Final = frozenset(
    {Action.POWER_LIMIT, Action.POWER_LIMIT_TEMPORARY, Action.POWER_FACTOR_LIMIT, Action.REACTIVE_LIMIT}
)
"""Actions whose parameter is numbers; that of others may be a password."""
SERIAL_BITS: Final = 32
"""Of 48; the 16 above say the model."""
BLANK: Final = "*"


class HoymilesCodec:
    """One recording of one connection."""

    def __init__(self) -> None:
        self._conversations = {"<": Conversation(), ">": Conversation()}
        self._pseudonyms: dict[str, int] = {}

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        """What was sealed is written in the clear, and blanked like the rest."""
        found = self._conversations[direction].receive(data)
        return [encode_frame(self._seen(item)) for item in found if not isinstance(item, Damage)]

    def _seen(self, frame: Frame) -> Frame:
        if frame.command_id == DEV_INFO.answer_id:
            self._learn(frame)
        return self._blanked(frame)

    def _learn(self, frame: Frame) -> None:
        """From here on the link is sealed: the inventory has the seed."""
        try:
            dtu = AppDevInfoFromDtu.FromString(frame.payload).dtu
        except DecodeError:
            return
        for conversation in self._conversations.values():
            conversation.cipher = cipher_of(dtu)

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:  # Any: JSON
        decoded = decode_frame(frame)
        head = {"id": f"{decoded.command_id:04X}", "sequence": decoded.sequence}
        try:
            message = message_of(decoded)
        except WireError as error:
            return {**head, "unreadable": str(error), "bytes": len(decoded.payload)}
        return {
            **head,
            "message": message.DESCRIPTOR.name,
            **MessageToDict(message, preserving_proto_field_name=True),
        }

    def _blanked(self, frame: Frame) -> Frame:
        try:
            message = message_of(frame)
        except WireError:
            return self._with(frame, bytes(len(frame.payload)))
        return self._with(frame, self.blanked(message).SerializeToString())

    def blanked(self, message: Message) -> Message:
        """The same message, as a recording holds it."""
        message.DiscardUnknownFields()
        self._blank(message)
        return message

    def _with(self, frame: Frame, payload: bytes) -> Frame:
        extension = frame.extension
        if extension is not None and extension.gateway_serial:
            extension = Extension(self._pseudonym(f"{extension.gateway_serial:012X}"), extension.channel)
        return Frame(frame.command_id, frame.sequence, payload, extension)

    def _blank(self, message: Message) -> None:
        stated = facts(type(message))
        for field, value in message.ListFields():
            fact = stated[field.name]
            if field.message_type is not None:
                for part in value if fact.is_list else (value,):
                    self._blank(part)
            elif fact.is_list:
                value[:] = [self._cleared(message, fact, item) for item in value]
            else:
                setattr(message, field.name, self._cleared(message, fact, value))

    def _cleared(self, message: Message, fact: Fact, value: str | bytes | int) -> str | bytes | int:
        """The same length on the wire, so that what was recorded still shows how it was framed."""
        if fact.secrecy == Secrecy.SERIAL:
            return self._anonymous(value)
        if fact.secrecy == Secrecy.SECRET:
            return _blank_number(value) if isinstance(value, int) else _blank_text(fact, value)
        if isinstance(value, int) or fact.secrecy == Secrecy.PUBLIC or _is_harmless(message, fact):
            return value
        return _blank_text(fact, value)

    def _anonymous(self, value: str | bytes | int) -> str | int:
        """Equal serials stay equal and keep their model; the rest is a running number."""
        if isinstance(value, int):
            number = self._pseudonym(f"{value:012X}")
            return value >> SERIAL_BITS << SERIAL_BITS | number if value >> SERIAL_BITS else number
        text = _encoded(value).decode("ascii", "replace")
        number, rest = self._pseudonym(text.upper()), max(len(text) - PREFIX_DIGITS, 0)
        return text[:PREFIX_DIGITS] + f"{number:0{rest}X}"[-rest:] if rest else BLANK * len(text)

    def _pseudonym(self, serial: str) -> int:
        return self._pseudonyms.setdefault(serial, len(self._pseudonyms) + 1)


def _encoded(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _blank_text(fact: Fact, value: str | bytes) -> str | bytes:
    blank = BLANK * len(_encoded(value))
    return blank if fact.type == TEXT else blank.encode()


def _blank_number(value: int) -> int:
    """The smallest number that takes as many bytes."""
    bits = (value & 0xFFFFFFFFFFFFFFFF).bit_length()
    return 1 << 7 * ((bits - 1) // 7) if bits <= 31 else 1 << 28


def _is_harmless(message: Message, fact: Fact) -> bool:
    return isinstance(message, CommandToDtu) and fact.field == "data" and message.action in HARMLESS_TEXTS
