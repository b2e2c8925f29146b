"""Any protobuf bytes to a tree that loses nothing: known fields by name, all others by number and wire type.

A known number with another wire type is an unknown field, as it is for a unit: generations of the schema differ.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from ohmstead.families.tesla_wall_connector.decode.schema import (
    FIXED32,
    FIXED64,
    LENGTH,
    VARINT,
    WIRE_OF,
    WIRES,
    fits,
    inner_of,
    named,
)

DEFAULT: Final = "AuthEnvelope"
DEEPEST: Final = 40
_F: Final = FieldDescriptor

Value = int | float | bool | str | None


class Node(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field as it stood on the wire. `hex` where there is no better form."""

    number: int
    size_bytes: int
    """Tag and length included: those of a level add up to its size."""
    name: str = ""
    """Empty: not known."""
    wire: str
    value: Value = None
    hex: str = ""
    fields: tuple[Node, ...] = ()
    message: str = ""
    """What `fields` were read as; empty for a guess."""


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    message: str
    fields: tuple[Node, ...]
    error: str = ""
    """Why it ends before the bytes do, and where."""


class _Broken(Exception):
    def __init__(self, position: int, reason: str, cut: bytes = b"") -> None:
        super().__init__(reason)
        self.position = position
        self.reason = reason
        self.cut = cut
        """What is there of a field that is not whole."""
        self.so_far: tuple[Node, ...] = ()


def decoded(data: bytes, message: str = DEFAULT) -> Decoded:
    """Never raises for what the bytes are. Raises `ConfigError` for a message that is in no table."""
    kind = named(message)
    try:
        return Decoded(message=kind.name, fields=_fields(data, kind, 0, 0))
    except _Broken as broken:
        error = f"at byte {broken.position}: {broken.reason}"
        return Decoded(message=kind.name, fields=broken.so_far, error=error)


def _fields(data: bytes, kind: Descriptor | None, base: int, depth: int) -> tuple[Node, ...]:
    """`base` is where these bytes begin in the whole."""
    if depth > DEEPEST:
        raise _Broken(base, f"more than {DEEPEST} messages within each other")
    known = {field.number: field for field in kind.fields} if kind is not None else {}
    found: list[Node] = []
    at = 0
    try:
        while at < len(data):
            node, at = _field(data, at, known, base, depth)
            found.append(node)
    except _Broken as broken:
        broken.so_far = (*found, *broken.so_far)
        raise
    return tuple(found)


def _field(
    data: bytes, start: int, known: Mapping[int, FieldDescriptor], base: int, depth: int
) -> tuple[Node, int]:
    tag, at = _varint(data, start, base)
    number, wire = tag >> 3, tag & 7
    if not number or wire not in WIRES:
        raise _Broken(base + start, f"{tag} is no tag of a field")
    field = known.get(number)
    try:
        content, value_at, at = _content(data, at, wire, base)
    except _Broken as broken:
        shape = _Shape(number, len(data) - start, field.name if field is not None else "", WIRES[wire])
        broken.so_far = (_cut_off(field, broken, shape, depth),)
        raise
    size = at - start
    if field is not None and fits(field, wire):
        shape = _Shape(number, size, field.name, WIRES[wire])
        if isinstance(content, int):
            return shape.node(_number(field, content)), at
        return _known(field, content, shape, (base + value_at, depth)), at
    return _unknown(wire, content, _Shape(number, size, "", WIRES[wire]), depth), at


def _cut_off(field: FieldDescriptor | None, broken: _Broken, shape: _Shape, depth: int) -> Node:
    """A field that is not whole, as far as it goes."""
    inner = inner_of(field) if field is not None else None
    if inner is None:
        return shape.node(raw=broken.cut)
    try:
        fields = _fields(broken.cut, inner, broken.position - len(broken.cut), depth + 1)
    except _Broken as deeper:
        fields = deeper.so_far
    return shape.node(fields=fields, message=inner.name)


class _Shape(msgspec.Struct, frozen=True):
    number: int
    size_bytes: int
    name: str
    wire: str

    def node(
        self, value: Value = None, *, raw: bytes = b"", fields: tuple[Node, ...] = (), message: str = ""
    ) -> Node:
        return Node(
            number=self.number,
            size_bytes=self.size_bytes,
            name=self.name,
            wire=self.wire,
            value=value,
            hex=raw.hex(),
            fields=fields,
            message=message,
        )


def _content(data: bytes, at: int, wire: int, base: int) -> tuple[int | bytes, int, int]:
    """The bytes of a value, or its number; where it begins, and where the next field does."""
    if wire == VARINT:
        number, end = _varint(data, at, base)
        return number, at, end
    size, start = (8, at) if wire == FIXED64 else (4, at) if wire == FIXED32 else _varint(data, at, base)
    if start + size > len(data):
        missing = start + size - len(data)
        raise _Broken(
            base + len(data), f"the bytes end, but {missing} more belong to this field", data[start:]
        )
    return data[start : start + size], start, start + size


def _varint(data: bytes, at: int, base: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise _Broken(base + at, "the bytes end within a number")
        value |= (data[at] & 0x7F) << shift
        at += 1
        if not data[at - 1] & 0x80:
            return value, at
    raise _Broken(base + at, "a number is longer than ten bytes")


def _known(field: FieldDescriptor, content: bytes, shape: _Shape, place: tuple[int, int]) -> Node:
    """`place`: where the content begins in the whole, and how deep."""
    position, depth = place
    inner = inner_of(field)
    if inner is not None:
        return _inside(inner, content, shape, place)
    if shape.wire == WIRES[FIXED32]:
        return shape.node(_fixed32(field, content))
    if field.type == _F.TYPE_STRING:
        try:
            return shape.node(content.decode())
        except UnicodeDecodeError:
            return shape.node(raw=content)
    if field.type == _F.TYPE_BYTES:
        return _guessed(content, shape, depth)
    return shape.node(", ".join(map(str, _packed(field, content, position))))


def _inside(inner: Descriptor, content: bytes, shape: _Shape, place: tuple[int, int]) -> Node:
    position, depth = place
    try:
        fields = _fields(content, inner, position, depth + 1)
    except _Broken as broken:
        broken.so_far = (shape.node(fields=broken.so_far, message=inner.name),)
        raise
    return shape.node(fields=fields, message=inner.name)


def _packed(field: FieldDescriptor, content: bytes, position: int) -> Iterator[Value]:
    at = 0
    while at < len(content):
        if WIRE_OF[field.type] == FIXED32:
            raw, _, at = _content(content, at, FIXED32, position)
            yield _fixed32(field, raw if isinstance(raw, bytes) else b"")
        else:
            number, at = _varint(content, at, position)
            yield _number(field, number)


def _number(field: FieldDescriptor, raw: int) -> Value:
    if field.type == _F.TYPE_BOOL:
        return bool(raw)
    if field.type in (_F.TYPE_SINT32, _F.TYPE_SINT64):
        return (raw >> 1) ^ -(raw & 1)
    signed = raw - (1 << 64) if raw >= 1 << 63 else raw
    if field.type == _F.TYPE_ENUM and field.enum_type is not None:
        named = field.enum_type.values_by_number.get(signed)
        return f"{named.name} ({signed})" if named is not None else signed
    return raw if field.type in (_F.TYPE_UINT32, _F.TYPE_UINT64) else signed


def _fixed32(field: FieldDescriptor, raw: bytes) -> Value:
    """A float of 32 bits as its shortest text; one that is no number stays text."""
    if field.type == _F.TYPE_FIXED32:
        return int.from_bytes(raw, "little")
    value: float = struct.unpack("<f", raw)[0]
    return float(f"{value:.7g}") if abs(value) < float("inf") else str(value)


def _unknown(wire: int, content: int | bytes, shape: _Shape, depth: int) -> Node:
    if isinstance(content, int):
        return shape.node(content)
    return _guessed(content, shape, depth) if wire == LENGTH else shape.node(raw=content)


def _guessed(content: bytes, shape: _Shape, depth: int) -> Node:
    """Text if it reads as text, a message if it parses as one; the bytes are shown all the same."""
    if content:
        try:
            text = content.decode()
            if text.isprintable():
                return shape.node(text, raw=content)
        except UnicodeDecodeError:
            pass
        try:
            return shape.node(raw=content, fields=_fields(content, None, 0, depth + 1))
        except _Broken:
            pass
    return shape.node(raw=content)
