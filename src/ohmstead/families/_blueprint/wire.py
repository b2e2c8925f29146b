"""One connection's conversation, pure, the same for both ends.

    0xB1 0x07 | tag | code | size | payload … | CRC-16, low byte first

The tag is the asker's; an answer repeats it, so a late answer is never taken for the answer to another question.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families._blueprint.codec import pack, unpack
from ohmstead.families._blueprint.messages import Message
from ohmstead.kit.wire import Damage, Drop, Frame, NeedMore, Reassembler, crc16_modbus
from ohmstead.model import BadChecksum, LeftoverBytes, Truncated, WireError

MAGIC: Final = b"\xb1\x07"
HEADER: Final = 5
CHECKSUM: Final = 2
LARGEST: Final = HEADER + 255 + CHECKSUM
UNKNOWN_TAG: Final = 0


class Tagged(msgspec.Struct, frozen=True):
    tag: int
    message: Message


class Conversation:
    """Bytes in, messages out. Never raises on a peer's bytes."""

    def __init__(self) -> None:
        self._frames = Reassembler(cut, LARGEST)

    def send(self, message: Tagged) -> bytes:
        return encode(message)

    def receive(self, data: bytes) -> list[Tagged | Damage]:
        return [_read(found) for found in self._frames.feed(data)]


def encode(tagged: Tagged) -> bytes:
    payload = pack(tagged.message)
    body = MAGIC + bytes((tagged.tag, tagged.message.CODE, len(payload))) + payload
    return body + crc16_modbus(body).to_bytes(CHECKSUM, "little")


def decode(frame: bytes) -> Tagged:
    """One whole frame, offline. Raises a `WireError` for anything else."""
    if len(frame) < HEADER + CHECKSUM or not frame.startswith(MAGIC):
        raise Truncated(f"a frame has at least {HEADER + CHECKSUM} bytes and begins with B1 07", frame)
    size = frame_size(frame)
    if len(frame) < size:
        raise Truncated(f"the frame has {len(frame)} of its {size} bytes", frame)
    if len(frame) > size:
        raise LeftoverBytes(f"{len(frame) - size} bytes follow the frame", frame)
    if not is_intact(frame):
        raise BadChecksum("the frame's checksum does not match its bytes", frame)
    return Tagged(frame[2], unpack(frame[3], frame[HEADER:-CHECKSUM]))


def cut(buffer: memoryview, final: bool) -> NeedMore | Drop | Frame[bytes]:  # noqa: ARG001, FBT001 - the reassembler's shape
    """What the buffer begins with: a whole frame with a right checksum, the start of one, or rubbish."""
    head = bytes(buffer[:HEADER])
    if not MAGIC.startswith(head[: len(MAGIC)]):
        return Drop(_rubbish(bytes(buffer)), "no frame begins here")
    if len(head) < HEADER or len(buffer) < (size := frame_size(head)):
        return NeedMore()
    frame = bytes(buffer[:size])
    if not is_intact(frame):
        return Drop(
            1, "wrong checksum"
        )  # the size may be what broke: the next frame may begin inside this one
    return Frame(size, frame)


def frame_size(head: bytes) -> int:
    return HEADER + head[4] + CHECKSUM


def is_intact(frame: bytes) -> bool:
    return crc16_modbus(frame[:-CHECKSUM]).to_bytes(CHECKSUM, "little") == frame[-CHECKSUM:]


def _rubbish(data: bytes) -> int:
    """How many bytes stand before the next place where a frame might begin."""
    found = data.find(MAGIC[:1], 1)
    return len(data) if found < 0 else found


def _read(found: Frame[bytes] | Damage) -> Tagged | Damage:
    if isinstance(found, Damage):
        return found
    try:
        return decode(found.value)
    except WireError as error:
        return Damage(str(error), found.size)
