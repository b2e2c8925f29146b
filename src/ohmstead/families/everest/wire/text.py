"""JSON as it stands in a frame: compact, members in alphabetical order, as the reference writes it."""

from __future__ import annotations

import json
from typing import Final

import msgspec

Id = int | float | str | None
"""Of a request. A fraction is allowed, and comes back."""

_encoder: Final = msgspec.json.Encoder(order="sorted")


class Unreadable(msgspec.Struct, frozen=True):
    """No JSON, or nested deeper than anything that means something."""

    reason: str


def decoded(data: bytes | msgspec.Raw) -> object:
    """The document, or `Unreadable`: a value of its own, because null is a document."""
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError) as error:
        return Unreadable(str(error))


def encoded(document: object) -> bytes:
    return _encoder.encode(document)


def written_id(id_: Id) -> msgspec.Raw:
    """An id as it is sent back; of any size, which the encoder's own numbers are not."""
    return msgspec.Raw(json.dumps(id_, ensure_ascii=False).encode())


def json_type(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
