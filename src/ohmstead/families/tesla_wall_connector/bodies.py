"""Bodies of the REST interface to documents and back.

Units write bodies that are not quite JSON: bare `nan`, and while charging a last brace that is missing now and then.
Reading repairs just that. A value of the wrong kind is as good as none; a body that stays unreadable is a failed read
and never a document of zeros.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from ohmstead.families.tesla_wall_connector.documents import (
    DOCUMENTS,
    SHAPES,
    Document,
    Lifetime,
    Shape,
    Version,
    Vitals,
    WifiStatus,
)
from ohmstead.model import BadAnswer

LIMIT_BYTES: Final = 8 * 1024
"""Ten times the longest body known."""

D = TypeVar("D", Vitals, Lifetime, Version, WifiStatus)

_DECODERS: Final[Mapping[type[Document], msgspec.json.Decoder[Any]]] = {  # Any: a decoder for each kind
    kind: msgspec.json.Decoder(kind) for kind in DOCUMENTS.values()
}
_EMPTY: Final[Mapping[type[Document], Document]] = {kind: kind() for kind in DOCUMENTS.values()}
_TOKENS: Final = re.compile(rb'"(?:[^"\\]|\\.?)*+"?|-?\b(?:nan|inf(?:inity)?)\b', re.IGNORECASE | re.DOTALL)
"""Strings, which are left as they are, ended or not; and what is no JSON."""


def read(kind: type[D], body: bytes) -> D:
    """The document in a body. Raises `BadAnswer` with what is wrong."""
    _check_length(kind, body)
    try:
        document: D = _DECODERS[kind].decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        document = _read_leniently(kind, body)
    if document == _EMPTY[kind]:
        raise BadAnswer(f"no field of the {kind.__name__} document is in the answer: {body[:60]!r}.")
    return document


def unknown_fields(kind: type[Document], body: bytes) -> tuple[str, ...]:
    """Names in a readable body that the document does not have: new firmware, worth a note."""
    _check_length(kind, body)
    known = {shape.name for shape in SHAPES[kind]}
    return tuple(sorted(_mapping(kind, body).keys() - known))


def written(document: Document) -> bytes:
    """The body as a unit writes it: one line, no blanks, fixed decimals, bare `nan`. What is None is left out."""
    parts = (
        f'"{shape.name}":{_text(value, shape)}'
        for shape in SHAPES[type(document)]
        if (value := getattr(document, shape.name)) is not None
    )
    return f"{{{','.join(parts)}}}".encode()


def _text(value: object, shape: Shape) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if shape.decimals is not None and isinstance(value, int | float):
        return f"{value:.{shape.decimals}f}"
    return msgspec.json.encode(value).decode()


def _read_leniently(kind: type[D], body: bytes) -> D:
    fields = _mapping(kind, body)
    fitting = {}
    for field in msgspec.structs.fields(kind):
        try:
            fitting[field.name] = msgspec.convert(fields.get(field.encode_name), field.type, strict=True)
        except msgspec.ValidationError:
            continue
    return kind(**fitting)


def _mapping(kind: type[Document], body: bytes) -> dict[str, Any]:  # Any: whatever a body may hold
    repaired = _TOKENS.sub(lambda found: found[0] if found[0][:1] == b'"' else b"null", body)
    try:
        return _decoded(repaired)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return _closed(kind, repaired, str(error))


def _closed(kind: type[Document], body: bytes, reason: str) -> dict[str, Any]:  # Any: as above
    """With the brace that may be missing. A number at the end may have lost digits: it is not known then."""
    try:
        fields = _decoded(body + b"}")
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise BadAnswer(f"the {kind.__name__} document cannot be read ({reason}): {body[:60]!r}.") from None
    if body[-1:].isdigit():
        fields.popitem()
    return fields


def _decoded(body: bytes) -> dict[str, Any]:  # Any: as above
    return msgspec.json.decode(body, type=dict[str, Any])


def _check_length(kind: type[Document], body: bytes) -> None:
    if len(body) > LIMIT_BYTES:
        raise BadAnswer(f"{len(body):,} bytes are no {kind.__name__} document; {LIMIT_BYTES:,} is the most.")
