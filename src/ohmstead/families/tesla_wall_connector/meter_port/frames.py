"""Modbus RTU as far as the meter port goes: function 3, unit 1, 115,200 baud 8N1. Pure.

The Wall Connector is the master. Each end cuts its own way, since requests and replies have different sizes.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from ohmstead.kit.wire import Drop, Frame, NeedMore, Reassembler, crc16_modbus

UNIT: Final = 1
READ: Final = 3
MOST_REGISTERS: Final = 125
LIMIT_BYTES: Final = 512
REQUEST_BYTES: Final = 8
_REQUEST: Final = struct.Struct(">BBHH")
_NO_FRAME: Final = "no frame starts here"


class Request(msgspec.Struct, frozen=True):
    register: int
    count: int


class Reply(msgspec.Struct, frozen=True):
    registers: tuple[int, ...]


def encode_request(request: Request) -> bytes:
    return _sealed(_REQUEST.pack(UNIT, READ, request.register, request.count))


def encode_reply(reply: Reply) -> bytes:
    words = struct.pack(f">{len(reply.registers)}H", *reply.registers)
    return _sealed(bytes((UNIT, READ, len(words))) + words)


def requests() -> Reassembler[Request]:
    """For the meter's end of the line."""
    return Reassembler(_cut_request, LIMIT_BYTES)


def replies() -> Reassembler[Reply]:
    """For the Wall Connector's end of the line."""
    return Reassembler(_cut_reply, LIMIT_BYTES)


def _sealed(frame: bytes) -> bytes:
    return frame + crc16_modbus(frame).to_bytes(2, "little")


def _cut_request(buffer: memoryview, final: bool) -> NeedMore | Drop | Frame[Request]:  # noqa: ARG001, FBT001 - the Reassembler's shape
    if bytes(buffer[:2]) != bytes((UNIT, READ))[: len(buffer)]:
        return Drop(1, _NO_FRAME)
    if len(buffer) < REQUEST_BYTES:
        return NeedMore()
    frame = bytes(buffer[:REQUEST_BYTES])
    _, _, register, count = _REQUEST.unpack_from(frame)
    if not 1 <= count <= MOST_REGISTERS or _sealed(frame[:-2]) != frame:
        return Drop(1, "a request whose checksum or count is wrong")
    return Frame(REQUEST_BYTES, Request(register, count))


def _cut_reply(buffer: memoryview, final: bool) -> NeedMore | Drop | Frame[Reply]:  # noqa: ARG001, FBT001 - the Reassembler's shape
    if bytes(buffer[:2]) != bytes((UNIT, READ))[: len(buffer)]:
        return Drop(1, _NO_FRAME)
    if len(buffer) < 3:
        return NeedMore()
    length = buffer[2]
    if length % 2 or not 2 <= length <= 2 * MOST_REGISTERS:
        return Drop(1, _NO_FRAME)
    if len(buffer) < 3 + length + 2:
        return NeedMore()
    frame = bytes(buffer[: 3 + length + 2])
    if _sealed(frame[:-2]) != frame:
        return Drop(1, "a reply whose checksum is wrong")
    return Frame(len(frame), Reply(struct.unpack_from(f">{length // 2}H", frame, 3)))
