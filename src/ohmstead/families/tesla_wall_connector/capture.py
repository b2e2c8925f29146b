"""How this family's traffic is recorded: whole HTTP messages, with serials made anonymous and secrets blanked.

It fails closed: of a text nobody has marked as public nothing is kept but its length, fields we do not know are left
out, and of a body that cannot be read nothing is kept but its size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import DecodeError, Message

from ohmstead.families.tesla_wall_connector.protos.envelope_pb2 import AuthEnvelope, MessageEnvelope
from ohmstead.kit.wire.http_messages import MessageCutter, with_length

LONGEST_BODY_BYTES: Final = 64 * 1024
_TEXTS: Final = re.compile(rb'("(\w{1,60})"\s*:\s*)"((?:[^"\\]|\\.?)*+)"?', re.DOTALL)
_DIN: Final = re.compile(rb"\s*(\d{7}-\d\d-\w)--(\w{6,20})\s*")
PUBLIC: Final = frozenset(
    {
        b"firmware_version",
        b"git_branch",
        b"part_number",
        b"web_service",
        b"IEEE1547CombinedComplianceCrc",
        b"IEEE1547RideThruMomentaryCessationCrc",
        b"IEEE1547VfTripsCrc",
    }
)
"""Texts of the REST documents that tell nobody's home."""
PUBLIC_FIELDS: Final = frozenset({"country", "version", "githash", "part_number", "manufacturer", "model"})
"""Texts and bytes of the configuration channel."""
OWNERS_NUMBERS: Final = frozenset({"address", "subnet_mask", "gateway", "dns"})
SERIAL: Final = "serial_number"
DINS: Final = frozenset({"din", "value"})
BLANK: Final = b"*"


class TeslaWallConnectorCodec:
    """One recording of one connection."""

    def __init__(self) -> None:
        self._cutters = {direction: MessageCutter(LONGEST_BODY_BYTES) for direction in "<>"}
        self._pseudonyms: dict[bytes, bytes] = {}

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        return [with_length(head, self._body(body)) for head, body in self._cutters[direction].cut(data)]

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:  # Any: JSON
        head, _, body = frame.partition(b"\r\n\r\n")
        first = head.partition(b"\r\n")[0].decode("ascii", "replace")
        if body[:1] == b"{":
            return {"http": first, "document": body.decode("utf-8", "replace")}
        try:
            payload = MessageEnvelope.FromString(AuthEnvelope.FromString(body).payload)
        except DecodeError:
            return {"http": first, "bytes": len(body)}
        return {"http": first, **MessageToDict(payload, preserving_proto_field_name=True)}

    def blanked_document(self, document: object) -> object:
        """JSON as a recording holds it."""
        return msgspec.json.decode(_TEXTS.sub(self._json_text, msgspec.json.encode(document)))

    def blanked_message(self, message: Message) -> Mapping[str, Any]:  # Any: JSON
        message.DiscardUnknownFields()
        self._blank(message)
        return MessageToDict(message, preserving_proto_field_name=True)

    def _body(self, body: bytes) -> bytes:
        if body[:1] == b"{":
            return _TEXTS.sub(self._json_text, body)
        if found := _DIN.fullmatch(body):
            return found[1] + b"--" + self._pseudonym(found[2])
        try:
            auth = AuthEnvelope.FromString(body)
            payload = MessageEnvelope.FromString(auth.payload)
        except DecodeError:
            return BLANK * len(body)
        auth.DiscardUnknownFields()
        payload.DiscardUnknownFields()
        self._blank(payload)
        auth.payload = payload.SerializeToString(deterministic=True)
        return auth.SerializeToString(deterministic=True)

    def _json_text(self, found: re.Match[bytes]) -> bytes:
        head, key, text = found.group(1, 2, 3)
        if key == SERIAL.encode():
            return head + b'"' + self._pseudonym(text) + b'"'
        return found[0] if key in PUBLIC else head + b'"' + BLANK * len(text) + b'"'

    def _blank(self, message: Message) -> None:
        for field, value in message.ListFields():
            if field.message_type is not None:
                for part in value if field.is_repeated else (value,):
                    self._blank(part)
            elif field.name in OWNERS_NUMBERS:
                message.ClearField(field.name)
            elif field.name in PUBLIC_FIELDS or field.type not in (
                FieldDescriptor.TYPE_STRING,
                FieldDescriptor.TYPE_BYTES,
            ):
                continue
            elif field.is_repeated:
                value[:] = [self._cleared(field, item) for item in value]
            else:
                setattr(message, field.name, self._cleared(field, value))

    def _cleared(self, field: FieldDescriptor, value: str | bytes) -> str | bytes:
        raw = value.encode() if isinstance(value, str) else value
        din = _DIN.fullmatch(raw) if field.name in DINS else None
        if din is not None:
            cleared = din[1] + b"--" + self._pseudonym(din[2])
        elif field.name == SERIAL:
            cleared = self._pseudonym(raw)
        else:
            cleared = BLANK * len(raw)
        return cleared.decode("ascii") if isinstance(value, str) else cleared

    def _pseudonym(self, serial: bytes) -> bytes:
        """Equal serials stay equal, and as long as they were."""
        number = b"%d" % (len(self._pseudonyms) + 1)
        return self._pseudonyms.setdefault(
            serial, b"PGT".ljust(max(len(serial) - len(number), 0), b"0") + number
        )
