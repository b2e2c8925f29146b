"""What the schema says of a message and its fields: by name, by number, by wire type."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor

from ohmstead.families.tesla_wall_connector.protos.envelope_pb2 import DESCRIPTOR as ENVELOPE
from ohmstead.model import ConfigError

OURS: Final = ENVELOPE.name.rpartition("/")[0]
OPENED: Final[Mapping[str, str]] = {
    "AuthEnvelope.payload": "MessageEnvelope",
    "DeviceSignedPayload.payload": "RegistrationPayload",
}
"""Bytes fields that hold a message."""
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
WIRES: Final = {VARINT: "varint", FIXED64: "64 bits", LENGTH: "length-delimited", FIXED32: "32 bits"}
_F: Final = FieldDescriptor
WIRE_OF: Final[Mapping[int, int]] = {
    **dict.fromkeys(
        (_F.TYPE_INT32, _F.TYPE_INT64, _F.TYPE_UINT32, _F.TYPE_UINT64, _F.TYPE_SINT32, _F.TYPE_SINT64), VARINT
    ),
    **dict.fromkeys((_F.TYPE_BOOL, _F.TYPE_ENUM), VARINT),
    **dict.fromkeys((_F.TYPE_FLOAT, _F.TYPE_FIXED32), FIXED32),
    **dict.fromkeys((_F.TYPE_STRING, _F.TYPE_BYTES, _F.TYPE_MESSAGE), LENGTH),
}


@cache
def messages() -> Mapping[str, Descriptor]:
    return {name: kind for file in _files(ENVELOPE) for name, kind in file.message_types_by_name.items()}


def _files(file: FileDescriptor) -> Iterator[FileDescriptor]:
    """This file of ours and all that it is made from: the envelope can hold every message there is."""
    if file.name.startswith(OURS):
        yield file
        for part in file.dependencies:
            yield from _files(part)


def message_names() -> tuple[str, ...]:
    return tuple(sorted(messages()))


def named(message: str) -> Descriptor:
    by_name = {name.lower(): kind for name, kind in messages().items()}
    kind = by_name.get(message.lower())
    if kind is None:
        near = difflib.get_close_matches(message, message_names(), n=3, cutoff=0.3)
        raise ConfigError(f"no message is called {message!r}.", example=", ".join(near))
    return kind


def inner_of(field: FieldDescriptor) -> Descriptor | None:
    """The message in a field, or in its bytes."""
    return field.message_type or messages().get(OPENED.get(path_of(field), ""))


def fits(field: FieldDescriptor, wire: int) -> bool:
    own = WIRE_OF.get(field.type)
    return wire == own or (wire == LENGTH and field.is_repeated and own in (VARINT, FIXED32))


def path_of(field: FieldDescriptor) -> str:
    return f"{field.containing_type.name}.{field.name}" if field.containing_type is not None else ""
