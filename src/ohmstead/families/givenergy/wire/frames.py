"""Frames on the wire, the same from either end: bytes in, messages out, and back.

    59 59 00 01 | length | unit | main | adapter serial | inner length | device | function | … | CRC-16
     4 bytes       2        1      1         10              8            1         1            2, low byte first

`length` counts what follows it, `inner length` what stands from the device address to the CRC, which covers the same
bytes but itself. All else is big-endian. A reply names its device a second time (the envelope serial) and echoes what
was asked. Sources: captures of devices at seven sites; 5,721 of 5,721 frames agree on the inner length.
"""

from __future__ import annotations

import struct
from enum import Enum, IntEnum
from struct import Struct
from typing import Final

from ohmstead.families.givenergy.wire.framing import (
    HEARTBEAT_SIZE,
    LENGTH_COUNTS_FROM,
    MARKER,
    OUTER,
    frame_size,
)
from ohmstead.families.givenergy.wire.messages import (
    BANK_OF,
    ERROR_BIT,
    FUNCTION_OF,
    ErrorReply,
    Flaw,
    Function,
    Heartbeat,
    LanConfiguration,
    Message,
    NullMessage,
    ReadReply,
    ReadRequest,
    Reply,
    Request,
    WriteReply,
    WriteRequest,
)
from ohmstead.kit.wire import crc16_modbus
from ohmstead.model import BadChecksum, LeftoverBytes, Truncated, UnknownMessage, WireError

HEADER: Final = Struct(">4sHBB10sQ")
"""Marker, length, unit, main function, adapter serial, inner length."""
REQUEST: Final = Struct(">BBHH")
"""Device, function, register, count or value."""
REPLY: Final = Struct(">BB10sHH")
"""The same with the envelope serial."""
MOST_WORDS: Final = 60
WORDS: Final = tuple(Struct(f">{count}H") for count in range(MOST_WORDS + 1))
REQUEST_SIZE: Final = 34
REPLY_SIZE: Final = 44
"""Of a reply without words: an error or the echo of a write."""
NULL_WORDS: Final = 62
SERIAL_SIZE: Final = 10
UNIT: Final = 1
"""From adapters and local clients; the vendor's cloud says 0."""


class Role(Enum):
    CLIENT = "client"
    """Asks, and receives replies."""
    ADAPTER = "adapter"
    """Answers, and receives requests."""


class MainFunction(IntEnum):
    HEARTBEAT = 1
    TRANSPARENT = 2


class FlawedFrame(WireError):
    """A whole frame with something wrong in it."""

    def __init__(self, flaw: Flaw, message: str = "") -> None:
        super().__init__(message or flaw.value)
        self.flaw = flaw


def decode_frame(data: bytes, role: Role = Role.CLIENT, *, checks_crc: bool = True) -> Message:
    """Exactly one frame. Raises a `WireError` that says what is wrong; its bytes are the header, never what it holds."""
    header = data[:8]
    if len(data) < HEARTBEAT_SIZE:
        raise Truncated(f"a frame has {HEARTBEAT_SIZE} bytes at least, here are {len(data)}", header)
    if not data.startswith(MARKER):
        raise WireError(f"a frame starts with 59 59 00 01, not with {data[:4].hex(' ')}", header)
    size = frame_size(data)
    if not size:
        raise WireError(f"no frame has the header {header.hex(' ')}", header)
    if len(data) < size:
        raise Truncated(f"the length says {size} bytes, here are {len(data)}", header)
    if len(data) > size:
        raise LeftoverBytes(f"{len(data) - size} bytes follow the frame of {size}", header)
    try:
        return read_frame(bytes(data), role, checks_crc=checks_crc)
    except FlawedFrame as error:
        raise _OFFLINE.get(error.flaw, WireError)(str(error), header) from None


_OFFLINE: Final[dict[Flaw, type[WireError]]] = {
    Flaw.CRC: BadChecksum,
    Flaw.ZERO_TAIL: BadChecksum,
    Flaw.FUNCTION: UnknownMessage,
}


def read_frame(frame: bytes, role: Role, *, checks_crc: bool) -> Message:
    """A frame that `cut` has cut. Raises `FlawedFrame`."""
    if frame[7] == _HEARTBEAT:
        return _heartbeat(frame)
    if len(frame) < REQUEST_SIZE:
        raise FlawedFrame(Flaw.LENGTH)
    return _request(frame, checks_crc=checks_crc) if role is Role.ADAPTER else _reply(frame)


_HEARTBEAT: Final = int(MainFunction.HEARTBEAT)
_NULL: Final = int(Function.NULL)
"""Plain numbers, because every frame is compared with them."""


def _heartbeat(frame: bytes) -> Heartbeat:
    if len(frame) != HEARTBEAT_SIZE:
        raise FlawedFrame(Flaw.LENGTH)
    return Heartbeat(frame[8:18].decode("latin-1"), frame[18])


def _request(frame: bytes, *, checks_crc: bool) -> Request:
    if len(frame) != REQUEST_SIZE:
        raise FlawedFrame(Flaw.LENGTH)
    if int.from_bytes(frame[18:26]) != REQUEST.size + 2:
        raise FlawedFrame(Flaw.INNER_LENGTH)
    if checks_crc and not is_intact(frame):
        raise FlawedFrame(Flaw.CRC)
    device, function, register, value = REQUEST.unpack_from(frame, HEADER.size)
    serial = frame[8:18].decode("latin-1")
    if function == Function.WRITE:
        return WriteRequest(device, register, value, serial)
    if (bank := BANK_OF.get(function)) is not None:
        return ReadRequest(device, bank, register, value, serial)
    raise FlawedFrame(Flaw.FUNCTION, f"unknown function 0x{function:02x}")


def _reply(frame: bytes) -> Message:
    if (lan := _lan_configuration(frame)) is not None:
        return lan
    serial = frame[8:18].decode("latin-1")
    if frame[27] == _NULL:
        return NullMessage(frame[26], serial)
    if len(frame) < REPLY_SIZE:
        raise FlawedFrame(Flaw.LENGTH)
    if not is_intact(frame):
        raise FlawedFrame(Flaw.ZERO_TAIL if _is_zero_tail(frame) else Flaw.CRC)
    device, function, envelope, register, count = REPLY.unpack_from(frame, HEADER.size)
    bank = BANK_OF.get(function)
    if bank is not None:
        if len(frame) != REPLY_SIZE + 2 * count or count > MOST_WORDS:
            raise FlawedFrame(Flaw.LENGTH)
        return ReadReply(
            device, bank, register, WORDS[count].unpack_from(frame, 42), envelope.decode("latin-1"), serial
        )
    if len(frame) != REPLY_SIZE:
        raise FlawedFrame(Flaw.LENGTH)
    if function == Function.WRITE:
        return WriteReply(device, register, count, envelope.decode("latin-1"), serial)
    asked = function & ~ERROR_BIT
    if function & ERROR_BIT and (asked in BANK_OF or asked == Function.WRITE):
        return ErrorReply(device, asked, register, count, envelope.decode("latin-1"), serial)
    raise FlawedFrame(Flaw.FUNCTION, f"unknown function 0x{function:02x}")


def with_words_of(frame: bytes, reply: ReadReply) -> ReadReply:
    """What a frame says that differs from that of `reply` in nothing but its words and its CRC, which is right."""
    words = WORDS[len(reply.words)].unpack_from(frame, 42)
    return ReadReply(reply.device, reply.bank, reply.base, words, reply.envelope_serial, reply.adapter_serial)


LAN_SMALLEST: Final = 20
LAN_BYTES: Final = b"0123456789.,\r\n"
LAN_END: Final = b"\r\n\r\n"


def _lan_configuration(frame: bytes) -> LanConfiguration | None:
    """Known by what it holds: the byte where a frame has its device is a digit here, and no length is its own."""
    if frame[26] not in LAN_BYTES or len(frame) - HEADER.size < LAN_SMALLEST:
        return None
    text = frame[HEADER.size : -2]
    if text.translate(None, LAN_BYTES) or not text.endswith(LAN_END) or text.count(b",") != 2:
        return None
    return LanConfiguration(text.decode("ascii"), frame[8:18].decode("latin-1"), is_intact(frame))


def is_intact(frame: bytes) -> bool:
    """The CRC of anything with its own CRC behind it is 0."""
    return crc16_modbus(frame[26:]) == 0


def _is_zero_tail(frame: bytes) -> bool:
    return len(frame) == REPLY_SIZE + 2 * MOST_WORDS and not any(frame[50:])


def encode_frame(message: Message, *, unit: int = UNIT) -> bytes:
    """Raises `WireError` for what no frame can hold."""
    try:
        if isinstance(message, Heartbeat):
            payload = _serial(message.adapter_serial) + bytes((message.type,))
            return OUTER.pack(MARKER, len(payload) + 2, unit, MainFunction.HEARTBEAT) + payload
        return _transparent(message, unit)
    except (ValueError, IndexError, struct.error) as error:
        raise WireError(f"no frame can hold this {type(message).__name__}: {error}") from error


def _transparent(message: Request | Reply | LanConfiguration | NullMessage, unit: int) -> bytes:
    inner = _inner(message)
    serial = _serial(
        message.serial if isinstance(message, ReadRequest | WriteRequest) else message.adapter_serial
    )
    crc = b"\0\0" if isinstance(message, NullMessage) else crc16_modbus(inner).to_bytes(2, "little")
    inner_length = len(inner) + len(crc)
    length = HEADER.size + inner_length - LENGTH_COUNTS_FROM
    return HEADER.pack(MARKER, length, unit, MainFunction.TRANSPARENT, serial, inner_length) + inner + crc


def _inner(message: Request | Reply | LanConfiguration | NullMessage) -> bytes:
    """From the device address to what the CRC follows."""
    match message:
        case ReadRequest() | WriteRequest():
            return REQUEST.pack(message.device, message.function, message.register, message.value)
        case ReadReply():
            echo = REPLY.pack(
                message.device,
                FUNCTION_OF[message.bank],
                _serial(message.envelope_serial),
                message.base,
                message.count,
            )
            return echo + WORDS[message.count].pack(*message.words)
        case WriteReply():
            return _echo(message, Function.WRITE, message.register, message.value)
        case ErrorReply():
            return _echo(message, message.function | ERROR_BIT, message.base, message.count)
        case NullMessage():
            return bytes((message.device,)) + bytes(1 + 10 + 2 * NULL_WORDS)
        case LanConfiguration():
            return message.text.encode("ascii")


def _echo(reply: WriteReply | ErrorReply, function: int, register: int, value: int) -> bytes:
    return REPLY.pack(reply.device, function, _serial(reply.envelope_serial), register, value)


def _serial(text: str) -> bytes:
    encoded = text.encode("latin-1")
    if len(encoded) != SERIAL_SIZE:
        raise ValueError(f"a serial has {SERIAL_SIZE} characters, not {len(encoded)}")
    return encoded
