"""Frames on the wire, the same from either end: bytes in, frames out, and back.

    48 4D | command id | sequence | CRC-16 | length | payload
    "HM"    2 bytes      2 bytes    2 bytes  2 bytes          numbers big-endian

The length counts the whole frame; the CRC (Modbus polynomial, but stored high byte first) covers the payload only.
Frames of storage gateways carry 14 more header bytes. Sources: captures of devices, published clients.

Damage never raises: the parser looks for the next magic. After a wrong CRC it believes the length when another frame
or the end of the stream follows there, else it searches inside. To make that independent of how the stream was cut, a
damaged frame is only given up when the two bytes behind it are known.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

import msgspec
from google.protobuf.message import DecodeError, Message

from ohmstead.families.hoymiles.messages import MESSAGES
from ohmstead.kit.wire import Damage, Drop, NeedMore, Reassembler, crc16_modbus
from ohmstead.kit.wire import Frame as Cutting
from ohmstead.model import BadChecksum, LeftoverBytes, Truncated, UnknownMessage, WireError

PORT: Final = 10081
MAGIC: Final = b"HM"
PLAIN: Final = Struct(">2sHHHH")
EXTENSION: Final = Struct(">HQHH")
EXTENSION_LENGTH: Final = 14
LONGEST: Final = 0xFFFF
LIMIT_BYTES: Final = LONGEST + 16
"""The longest frame and the 16 bytes that follow an encrypted one."""

GROUPS: Final = frozenset({0x22, 0x23, 0x82, 0x83, 0xA2, 0xA3, 0xC2, 0xC3, 0xDA, 0xDB})
"""High bytes of all known ids. A magic before any other is noise, whose length would swallow good frames."""
EXTENDED_GROUPS: Final = frozenset({0xC2, 0xC3, 0xDA, 0xDB})
"""High bytes of the ids that storage gateways use."""


class Extension(msgspec.Struct, frozen=True):
    """What the header of a storage gateway adds."""

    gateway_serial: int
    channel: int


class Frame(msgspec.Struct, frozen=True):
    """One frame. The payload is what protobuf reads; it may be empty, which means all defaults."""

    command_id: int
    sequence: int
    payload: bytes = b""
    extension: Extension | None = None

    def __str__(self) -> str:
        return f"{self.command_id:04X}/{self.sequence} with {len(self.payload)} bytes"


class Conversation:
    """One connection's frames. Client and simulator use the same class; its buffer never exceeds `LIMIT_BYTES`."""

    def __init__(self) -> None:
        self._stream = Reassembler(cut, LIMIT_BYTES)

    def send(self, message: Frame) -> bytes:
        return encode_frame(message)

    def receive(self, data: bytes) -> list[Frame | Damage]:
        return [f if isinstance(f, Damage) else f.value for f in self._stream.feed(data)]

    def end(self) -> list[Frame | Damage]:
        """What is left when the peer has closed."""
        return [f if isinstance(f, Damage) else f.value for f in self._stream.end()]


def encode_frame(frame: Frame) -> bytes:
    """Raises `WireError` for a payload that no length field can count."""
    header_size = PLAIN.size if frame.extension is None else PLAIN.size + EXTENSION.size
    length = header_size + len(frame.payload)
    if length > LONGEST:
        raise WireError(f"a frame holds at most {LONGEST - header_size} bytes, not {len(frame.payload)}")
    crc = crc16_modbus(frame.payload)
    header = PLAIN.pack(MAGIC, frame.command_id, frame.sequence, crc, length)
    if frame.extension is not None:
        header += EXTENSION.pack(EXTENSION_LENGTH, frame.extension.gateway_serial, 0, frame.extension.channel)
    return header + frame.payload


def decode_frame(data: bytes) -> Frame:
    """Exactly one frame. Raises a `WireError` that says what is wrong; its bytes are the header, never the payload."""
    header = data[: PLAIN.size]
    if len(data) < PLAIN.size:
        raise Truncated(f"a frame has {PLAIN.size} bytes at least, here are {len(data)}", header)
    magic, command_id, _, crc, length = PLAIN.unpack(header)
    if magic != MAGIC:
        raise WireError(f"a frame starts with 48 4D, not with {magic.hex(' ')}", header)
    if length < header_size(command_id):
        raise WireError(f"a length of {length} is shorter than the header", header)
    if len(data) < length:
        raise Truncated(f"the length says {length} bytes, here are {len(data)}", header)
    if len(data) > length:
        raise LeftoverBytes(f"{len(data) - length} bytes follow the frame of {length}", header)
    payload = data[header_size(command_id) :]
    if crc16_modbus(payload) != crc:
        raise BadChecksum(f"the CRC says {crc:04X}, the payload has {crc16_modbus(payload):04X}", header)
    return _frame(data, payload)


def message_of(frame: Frame) -> Message:
    """What a frame says. Raises `UnknownMessage`, or `WireError` when the payload is not protobuf."""
    message = MESSAGES.get(frame.command_id)
    if message is None:
        raise UnknownMessage(f"no message is known under {frame.command_id:04X}")
    try:
        return message.FromString(frame.payload)
    except DecodeError:
        raise WireError(f"the payload of {frame} is no {message.DESCRIPTOR.name}") from None


def header_size(command_id: int) -> int:
    return PLAIN.size + EXTENSION.size if command_id >> 8 in EXTENDED_GROUPS else PLAIN.size


def cut(buffer: memoryview, final: bool) -> NeedMore | Drop | Cutting[Frame]:  # noqa: FBT001 - the Reassembler's shape
    """What the buffer begins with."""
    if bytes(buffer[:2]) != MAGIC:
        return _search(bytes(buffer), final=final)
    if len(buffer) < PLAIN.size:
        return NeedMore()
    _, command_id, _, _, length = PLAIN.unpack_from(buffer)
    if command_id >> 8 not in GROUPS:
        return Drop(len(MAGIC), f"no id starts with {command_id >> 8:02X}")
    if length < header_size(command_id):
        return Drop(len(MAGIC), f"a length of {length} is shorter than the header")
    if len(buffer) < length:
        return Drop(len(MAGIC), f"the stream ended within a frame of {length} bytes") if final else NeedMore()
    return _whole(buffer, length, final=final)


def _whole(buffer: memoryview, length: int, *, final: bool) -> NeedMore | Drop | Cutting[Frame]:
    _, command_id, _, crc, _ = PLAIN.unpack_from(buffer)
    start = header_size(command_id)
    if start > PLAIN.size and buffer[PLAIN.size] << 8 | buffer[PLAIN.size + 1] != EXTENSION_LENGTH:
        return Drop(len(MAGIC), "no extended header where the id asks for one")
    payload = bytes(buffer[start:length])
    if crc16_modbus(payload) != crc:
        return _damaged(bytes(buffer[length : length + 2]), length, final=final)
    return Cutting(length, _frame(bytes(buffer[:start]), payload))


def _search(data: bytes, *, final: bool) -> NeedMore | Drop:
    reason = "no frame starts here"
    at = data.find(MAGIC)
    if at >= 0:
        return Drop(at, reason)
    if final or not data.endswith(MAGIC[:1]):
        return Drop(len(data), reason)
    return Drop(len(data) - 1, reason) if len(data) > 1 else NeedMore()


def _damaged(following: bytes, length: int, *, final: bool) -> NeedMore | Drop:
    """A whole frame with a wrong CRC: whether its length is to be believed."""
    reason = f"wrong CRC in a frame of {length} bytes"
    if following == MAGIC or (final and not following):
        return Drop(length, reason)
    if not final and MAGIC.startswith(following):
        return NeedMore()
    return Drop(len(MAGIC), reason)


def _frame(header: bytes, payload: bytes) -> Frame:
    _, command_id, sequence, _, _ = PLAIN.unpack_from(header)
    if header_size(command_id) == PLAIN.size:
        return Frame(command_id, sequence, payload)
    _, gateway_serial, _, channel = EXTENSION.unpack_from(header, PLAIN.size)
    return Frame(command_id, sequence, payload, Extension(gateway_serial, channel))
