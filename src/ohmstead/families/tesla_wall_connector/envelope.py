"""Calls and replies of the configuration channel (`/tedapi/v1`), from both ends. Pure.

A body is an AuthEnvelope round a MessageEnvelope round one message. Which field a message goes into follows from its
type; the generated classes are the table. Bytes are those of proto3, fields in the order of their numbers: a call for
the configuration of a unit with a DIN of 28 characters is 48 bytes.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import msgspec
from google.protobuf.message import DecodeError, Message

from ohmstead.families.tesla_wall_connector.protos.common_pb2 import CommonMessages
from ohmstead.families.tesla_wall_connector.protos.envelope_pb2 import (
    DELIVERY_CHANNEL_LOCAL_HTTPS,
    EXTERNAL_AUTH_TYPE_PRESENCE,
    LOCAL_PARTICIPANT_INSTALLER,
    AuthEnvelope,
    ExternalAuth,
    MessageEnvelope,
    Participant,
)
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import WCMessages
from ohmstead.model import UnknownMessage, WireError

PATH: Final = "/tedapi/v1"
DIN_PATH: Final = "/tedapi/din"
CONTENT_TYPE: Final = "application/octet-stream"
GROUPS: Final[dict[str, type[Message]]] = {"wc": WCMessages, "common": CommonMessages}
"""What a Wall Connector speaks; other groups of the envelope belong to other devices."""


class Opened(msgspec.Struct, frozen=True):
    """What was in a body. `message` is the call or the reply itself."""

    name: str
    """Of the field it was in, such as `get_config_request`."""
    message: Message
    sender: Participant
    recipient: Participant


def call(message: Message, din: str) -> bytes:
    """The body of a call to the unit with this DIN, by an installer who has shown presence."""
    return _body(message, Participant(local=LOCAL_PARTICIPANT_INSTALLER), Participant(din=din))


def reply(message: Message, din: str) -> bytes:
    """The body of that unit's reply."""
    return _body(message, Participant(din=din), Participant(local=LOCAL_PARTICIPANT_INSTALLER))


def opened(body: bytes) -> Opened:
    """Raises `WireError` for what cannot be read, `UnknownMessage` for a message that is in no table."""
    try:
        envelope = MessageEnvelope.FromString(AuthEnvelope.FromString(body).payload)
    except DecodeError as error:
        raise WireError(f"the body is no envelope: {error}", body) from None
    group = envelope.WhichOneof("message")
    held = getattr(envelope, group) if group in GROUPS else None
    name = held.WhichOneof("message") if held is not None else None
    if held is None or name is None:
        raise UnknownMessage(f"the envelope holds no message that is known, but {group or 'nothing'}", body)
    return Opened(name, getattr(held, name), envelope.sender, envelope.recipient)


def place(kind: type[Message]) -> tuple[str, str]:
    """Group and field that a message travels in."""
    return _place(kind.DESCRIPTOR.full_name)


@cache
def _place(full_name: str) -> tuple[str, str]:
    for group, messages in GROUPS.items():
        for field in messages.DESCRIPTOR.fields:
            if field.message_type is not None and field.message_type.full_name == full_name:
                return group, field.name
    raise UnknownMessage(f"{full_name.rpartition('.')[2]} is no call and no reply")


@cache
def reply_name(call_name: str) -> str:
    """The field of a call's reply: `get_config_response` to `get_config_request`."""
    return call_name.removesuffix("_request") + "_response"


def _body(message: Message, sender: Participant, recipient: Participant) -> bytes:
    group, name = place(type(message))
    envelope = MessageEnvelope(
        delivery_channel=DELIVERY_CHANNEL_LOCAL_HTTPS, sender=sender, recipient=recipient
    )
    getattr(getattr(envelope, group), name).CopyFrom(message)
    getattr(getattr(envelope, group), name).SetInParent()
    payload = envelope.SerializeToString(deterministic=True)
    auth = ExternalAuth(type=EXTERNAL_AUTH_TYPE_PRESENCE)
    return AuthEnvelope(payload=payload, external_auth=auth).SerializeToString(deterministic=True)
