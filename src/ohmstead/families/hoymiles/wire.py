"""Frames on the wire, the same from either end: bytes in, frames out, and back.

    48 4D | command id | sequence | CRC-16 | length | payload
    "HM"    2 bytes      2 bytes    2 bytes  2 bytes          numbers big-endian

The length counts the whole frame; the CRC (Modbus polynomial, but stored high byte first) covers the payload only.
Frames of storage gateways carry 14 more header bytes. Sources: captures of devices, published clients.

On a link whose DTU encrypts, most payloads are ciphertext with a tag of 16 bytes behind the frame, which the length
does not count. A peer that speaks clear text there has no tag: that shows by what the tag says of the payload, and where
its bytes do not come, by silence, which `silence()` is told.

Damage never raises: the parser looks for the next magic. After a wrong CRC it believes the length when another frame
or the end of the stream follows there, else it searches inside. To make that independent of how the stream was cut, a
damaged frame is only given up when the two bytes behind it are known.
"""

from __future__ import annotations

from enum import Enum
from struct import Struct
from typing import Final

import msgspec
from google.protobuf.message import DecodeError, Message

from ohmstead.families.hoymiles.crypto import TAG_BYTES, Cipher
from ohmstead.families.hoymiles.layouts import message_class
from ohmstead.families.hoymiles.messages.app import DEV_INFO, HEARTBEAT
from ohmstead.kit.wire import Damage, Drop, NeedMore, Reassembler, crc16_modbus
from ohmstead.kit.wire import Frame as Cutting
from ohmstead.model import BadChecksum, LeftoverBytes, Truncated, UnknownMessage, WireError

PORT: Final = 10081
GAP_S: Final = 0.5
"""Wire time that a DTU wants between two frames. Source: owners' reports; a published client keeps the same distance."""
MAGIC: Final = b"HM"
PLAIN: Final = Struct(">2sHHHH")
HEADER_BYTES: Final = PLAIN.size
EXTENSION: Final = Struct(">HQHH")
EXTENSION_LENGTH: Final = 14
LONGEST: Final = 0xFFFF
DOUBTED_AFTER: Final = 8
"""So many wrong CRCs in a row, and the stream is noise, in which false headers of the longest frames cost the most."""
LONGEST_IN_DOUBT: Final = 1024
"""What is still looked for there, until a frame is good again. No DTU sends more at once. Source: a published client, whose
buffer that is."""
LIMIT_BYTES: Final = LONGEST + 2 * TAG_BYTES
"""The longest frame, the 16 bytes that follow an encrypted one, and what tells whether another frame follows."""
TAG_S: Final = 0.2
"""How long the tag may lag behind its frame; after that there is none."""

GROUPS: Final = frozenset({0x22, 0x23, 0x82, 0x83, 0xA2, 0xA3, 0xC2, 0xC3, 0xDA, 0xDB})
"""High bytes of all known ids. A magic before any other is noise, whose length would swallow good frames."""
EXTENDED_GROUPS: Final = frozenset({0xC2, 0xC3, 0xDA, 0xDB})
"""High bytes of the ids that storage gateways use."""
PLAIN_GROUPS: Final = GROUPS - EXTENDED_GROUPS
SEALED_GROUPS: Final = frozenset({0x22, 0x23, 0xA2, 0xA3})
"""High bytes of the ids whose payload is sealed on a link that encrypts."""
CLEAR_IDS: Final = frozenset({DEV_INFO.request_id, DEV_INFO.answer_id, HEARTBEAT.request_id})
"""Never sealed: how else would a client learn the seed."""
EITHER_IDS: Final = frozenset({HEARTBEAT.answer_id})
"""Sealed or not: a published client expects it sealed, by what looks like a slip of its list. Unknown of real units."""


WRONG_CRC: Final = "wrong CRC"
"""How the reason of such damage begins."""


class Seal(Enum):
    """What a link that encrypts found out about a frame."""

    NONE = "clear text"
    GOOD = "sealed, and the tag vouches for it"
    BROKEN = "sealed, and the tag does not fit: another seed, or damage"


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
    seal: Seal = Seal.NONE
    """As received; what a link seals when sending, its conversation decides. A broken one leaves the ciphertext."""

    def __str__(self) -> str:
        return f"{self.command_id:04X}/{self.sequence} with {len(self.payload)} bytes"


def is_sealed(command_id: int) -> bool:
    """Whether frames with this id are sealed on a link that encrypts."""
    return command_id >> 8 in SEALED_GROUPS and command_id not in CLEAR_IDS


class Conversation:
    """One connection's frames. Client and simulator use the same class; its buffer never exceeds `LIMIT_BYTES`."""

    def __init__(self, cipher: Cipher | None = None, *, seals_heartbeats: bool = True) -> None:
        """`cipher`: the DTU's, on a link that encrypts. `seals_heartbeats`: whether a DTU seals A202."""
        self.cipher = cipher
        self._seals_heartbeats = seals_heartbeats
        self._stream = Reassembler(self._cut, LIMIT_BYTES)
        self._is_silent = False
        self._wrong_in_a_row = 0
        self.awaits_tag = False
        """A frame is there but for the tag it should have: call `silence` if that does not come within `TAG_S`."""

    def send(self, message: Frame) -> bytes:
        if self.cipher is None or not is_sealed(message.command_id):
            return encode_frame(message)
        if message.command_id in EITHER_IDS and not self._seals_heartbeats:
            return encode_frame(message)
        return encode_sealed(message, self.cipher)

    def receive(self, data: bytes) -> list[Frame | Damage]:
        if self.cipher is None and len(data) >= HEADER_BYTES and not self._stream.held_bytes:
            # By far the most common case, and worth its own way: one clear frame, whole, and nothing else.
            magic, command_id, sequence, crc, length = PLAIN.unpack_from(data)
            if length == len(data) and magic == MAGIC and command_id >> 8 in PLAIN_GROUPS:
                payload = data[HEADER_BYTES:]
                if crc16_modbus(payload) == crc:
                    self._wrong_in_a_row = 0
                    return [Frame(command_id, sequence, payload)]
        return self._found(self._stream.feed(data))

    def silence(self) -> list[Frame | Damage]:
        """What can be said of the bytes held, now that none came for `TAG_S`."""
        self._is_silent = True
        try:
            return self._found(self._stream.reconsider())
        finally:
            self._is_silent = False

    def end(self) -> list[Frame | Damage]:
        """What is left when the peer has closed."""
        return self._found(self._stream.end())

    def _found(self, found: list[Cutting[Frame] | Damage]) -> list[Frame | Damage]:
        return [f if isinstance(f, Damage) else f.value for f in found]

    def _cut(self, buffer: memoryview, final: bool) -> NeedMore | Drop | Cutting[Frame]:  # noqa: FBT001 - the Reassembler's shape
        self.awaits_tag = False
        longest = LONGEST if self._wrong_in_a_row < DOUBTED_AFTER else LONGEST_IN_DOUBT
        if self.cipher is None:
            answer = _cut(buffer, longest, final=final)
        else:
            is_silent = self._is_silent or final
            answer = _cut_sealed(buffer, self.cipher, longest, final=final, is_silent=is_silent)
            self.awaits_tag = (
                isinstance(answer, NeedMore)
                and len(buffer) >= HEADER_BYTES
                and (len(buffer) >= PLAIN.unpack_from(buffer)[4])
            )
        if isinstance(answer, Cutting):
            self._wrong_in_a_row = 0
        elif isinstance(answer, Drop) and answer.reason.startswith(WRONG_CRC):
            self._wrong_in_a_row += 1
        return answer


def encode_frame(frame: Frame) -> bytes:
    """Raises `WireError` for a payload that no length field can count."""
    header_size = HEADER_BYTES if frame.extension is None else HEADER_BYTES + EXTENSION.size
    length = header_size + len(frame.payload)
    if length > LONGEST:
        raise WireError(f"a frame holds at most {LONGEST - header_size} bytes, not {len(frame.payload)}")
    crc = crc16_modbus(frame.payload)
    header = PLAIN.pack(MAGIC, frame.command_id, frame.sequence, crc, length)
    if frame.extension is not None:
        header += EXTENSION.pack(EXTENSION_LENGTH, frame.extension.gateway_serial, 0, frame.extension.channel)
    return header + frame.payload


def encode_sealed(frame: Frame, cipher: Cipher) -> bytes:
    """A frame whose payload is ciphertext; the CRC covers that, and neither it nor the length knows of the tag."""
    sealed = cipher.seal(frame.command_id, frame.sequence, frame.payload)
    ciphertext, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    return encode_frame(Frame(frame.command_id, frame.sequence, ciphertext)) + tag


def decode_frame(data: bytes) -> Frame:
    """Exactly one frame. Raises a `WireError` that says what is wrong; its bytes are the header, never the payload."""
    header = data[:HEADER_BYTES]
    if len(data) < HEADER_BYTES:
        raise Truncated(f"a frame has {HEADER_BYTES} bytes at least, here are {len(data)}", header)
    magic, command_id, sequence, crc, length = PLAIN.unpack(header)
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
    return _frame(data, command_id, sequence, payload)


def message_of(frame: Frame) -> Message:
    """What a frame says. Raises `UnknownMessage`, or `WireError` when the payload is not protobuf."""
    message = message_class(frame.command_id, frame.payload)
    if message is None:
        raise UnknownMessage(f"no message is known under {frame.command_id:04X}")
    try:
        return message.FromString(frame.payload)
    except DecodeError:
        raise WireError(f"the payload of {frame} is no {message.DESCRIPTOR.name}") from None


def header_size(command_id: int) -> int:
    return HEADER_BYTES + EXTENSION.size if command_id >> 8 in EXTENDED_GROUPS else HEADER_BYTES


def _cut_sealed(
    buffer: memoryview, cipher: Cipher, longest: int, *, final: bool, is_silent: bool
) -> NeedMore | Drop | Cutting[Frame]:
    """`_cut` on a link that encrypts. `is_silent`: no byte came for a while, so a missing tag will not come."""
    answer = _cut(buffer, longest, final=final, tag_bytes=TAG_BYTES)
    if not isinstance(answer, Cutting) or not is_sealed(answer.value.command_id):
        return answer
    frame, end = answer.value, answer.size + TAG_BYTES
    following = bytes(buffer[answer.size : answer.size + len(MAGIC)])
    if len(buffer) < end:
        # What little came may be the next frame of a peer that speaks clear text.
        if is_silent and MAGIC.startswith(following):
            return answer
        return Drop(len(MAGIC), "the stream ended within a tag") if final else NeedMore()
    sealed = frame.payload + bytes(buffer[answer.size : end])
    payload = cipher.open(frame.command_id, frame.sequence, sealed)
    if payload is not None:
        return Cutting(end, msgspec.structs.replace(frame, payload=payload, seal=Seal.GOOD))
    if following == MAGIC:
        return answer
    return Cutting(end, msgspec.structs.replace(frame, seal=Seal.BROKEN))


def _cut(
    buffer: memoryview, longest: int, *, final: bool, tag_bytes: int = 0
) -> NeedMore | Drop | Cutting[Frame]:
    """A frame without its tag, if it has one; `tag_bytes` only says where the next frame may begin."""
    if bytes(buffer[:2]) != MAGIC:
        return _search(bytes(buffer), final=final)
    if len(buffer) < HEADER_BYTES:
        return NeedMore()
    _, command_id, _, _, length = PLAIN.unpack_from(buffer)
    if reason := _no_header(command_id, length, longest):
        return Drop(len(MAGIC), reason)
    if len(buffer) < length:
        return Drop(len(MAGIC), f"the stream ended within a frame of {length} bytes") if final else NeedMore()
    return _whole(buffer, length, final=final, tag_bytes=tag_bytes)


def _no_header(command_id: int, length: int, longest: int) -> str:
    """Why this magic does not begin a frame; empty if it may."""
    if command_id >> 8 not in GROUPS:
        return f"no id starts with {command_id >> 8:02X}"
    if length < header_size(command_id):
        return f"a length of {length} is shorter than the header"
    return "a length beyond belief in noise" if length > longest else ""


def _whole(
    buffer: memoryview, length: int, *, final: bool, tag_bytes: int
) -> NeedMore | Drop | Cutting[Frame]:
    _, command_id, sequence, crc, _ = PLAIN.unpack_from(buffer)
    start = header_size(command_id)
    if start > HEADER_BYTES and EXTENSION.unpack_from(buffer, HEADER_BYTES)[0] != EXTENSION_LENGTH:
        return Drop(len(MAGIC), "no extended header where the id asks for one")
    payload = bytes(buffer[start:length])
    if crc16_modbus(payload) != crc:
        ends = (length, length + tag_bytes) if tag_bytes and is_sealed(command_id) else (length,)
        return _damaged(buffer, ends, final=final)
    return Cutting(length, _frame(buffer, command_id, sequence, payload))


def _search(data: bytes, *, final: bool) -> NeedMore | Drop:
    reason = "no frame starts here"
    at = data.find(MAGIC)
    if at >= 0:
        return Drop(at, reason)
    if final or not data.endswith(MAGIC[:1]):
        return Drop(len(data), reason)
    return Drop(len(data) - 1, reason) if len(data) > 1 else NeedMore()


def _damaged(buffer: memoryview, ends: tuple[int, ...], *, final: bool) -> NeedMore | Drop:
    """A whole frame with a wrong CRC: whether its length is to be believed, with a tag behind it or without."""
    reason = f"{WRONG_CRC} in a frame of {ends[0]} bytes"
    for end in ends:
        following = bytes(buffer[end : end + len(MAGIC)])
        if following == MAGIC or (final and len(buffer) == end):
            return Drop(end, reason)
        if not final and MAGIC.startswith(following):
            return NeedMore()
    return Drop(len(MAGIC), reason)


def _frame(header: bytes | memoryview, command_id: int, sequence: int, payload: bytes) -> Frame:
    if command_id >> 8 not in EXTENDED_GROUPS:
        return Frame(command_id, sequence, payload)
    _, gateway_serial, _, channel = EXTENSION.unpack_from(header, HEADER_BYTES)
    return Frame(command_id, sequence, payload, Extension(gateway_serial, channel))
