"""Recording this family's traffic: whole frames in which no serial says which unit it was and no address where.

It fails closed. What can only be a serial and is not recognised as one is blanked; a frame that cannot be read loses
every run of characters that might be part of one; of what is not whole when a recording ends only the size is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from ohmstead.families.givenergy.redaction import redact_header, redacted_registers
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    BadFrame,
    Conversation,
    ErrorReply,
    Heartbeat,
    LanConfiguration,
    Message,
    NullMessage,
    ReadReply,
    ReadRequest,
    Received,
    Role,
    WriteReply,
    WriteRequest,
    decode_frame,
    encode_frame,
)
from ohmstead.kit.wire import Damage
from ohmstead.model import WireError

HEADER_SIZE: Final = 8
HEADER_SERIALS: Final = (slice(8, 18), slice(28, 38))
"""Where an adapter's serial stands in every frame, and a device's in every reply."""
MAYBE_SERIAL: Final = re.compile(rb"[A-Z0-9]{4,}")
MAYBE_ADDRESS: Final = re.compile(rb"\d{1,3}(?:\.\d{1,3}){1,3}")
ROLES: Final = {"<": Role.CLIENT, ">": Role.ADAPTER}


class GivEnergyCodec:
    """One recording of one connection."""

    def __init__(self) -> None:
        self._conversations = {direction: Conversation(role) for direction, role in ROLES.items()}

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        return _safe(self._conversations[direction].receive(data))

    def end(self, direction: str) -> Sequence[bytes]:
        """What was held back when the recording ended."""
        conversation = self._conversations[direction]
        held = conversation.held_bytes
        if held <= HEADER_SIZE:
            return ()
        frames = _safe(conversation.end())
        rest = held - sum(map(len, frames))
        return [*frames, bytes(rest)] if rest > 0 else frames

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:  # Any: JSON
        try:
            message = decode_frame(frame, ROLES[direction])
        except WireError as error:
            return {"unreadable": str(error), "bytes": len(frame)}
        return {"message": type(message).__name__, **_described(message)}


def redact_frame(frame: bytes, role: Role = Role.CLIENT) -> bytes:
    """One whole frame as it may be shown; its length and whatever was measured stay."""
    try:
        return encode_frame(redacted(decode_frame(frame, role)), unit=frame[6])
    except WireError:
        return masked(frame)


def redacted(message: Message) -> Message:
    match message:
        case ReadRequest() | WriteRequest():
            return replace(message, serial=redact_header(message.serial))
        case Heartbeat() | NullMessage():
            return replace(message, adapter_serial=redact_header(message.adapter_serial))
        case LanConfiguration():
            text = re.sub(r"\d", "0", message.text)
            return replace(message, text=text, adapter_serial=redact_header(message.adapter_serial))
        case ReadReply():
            message = replace(message, words=_redacted_words(message))
        case WriteReply() | ErrorReply():
            pass
    return replace(
        message,
        adapter_serial=redact_header(message.adapter_serial),
        envelope_serial=redact_header(message.envelope_serial),
    )


def masked(frame: bytes) -> bytes:
    """A frame that nobody can read, without anything that might name somebody."""
    safe = bytearray(frame)
    for place in HEADER_SERIALS:
        safe[place] = b"*" * len(safe[place])
    for pattern in (MAYBE_SERIAL, MAYBE_ADDRESS):
        for found in tuple(pattern.finditer(safe, HEADER_SIZE)):
            safe[found.start() : found.end()] = b"*" * len(found[0])
    return bytes(safe)


def _safe(found: Sequence[Received]) -> list[bytes]:
    frames: list[bytes] = []
    for item in found:
        if isinstance(item, BadFrame):
            frames.append(masked(item.frame[: item.size]))
        elif not isinstance(item, Damage):
            frames.append(encode_frame(redacted(item)))
    return frames


def _redacted_words(reply: ReadReply) -> tuple[int, ...]:
    words = list(reply.words)

    def read(bank: Bank, base: int, count: int) -> tuple[int, ...] | None:
        start = base - reply.base
        is_inside = bank is reply.bank and 0 <= start <= len(reply.words) - count
        return reply.words[start : start + count] if is_inside else None

    for _, base, safe in redacted_registers(read):
        words[base - reply.base : base - reply.base + len(safe)] = safe
    return tuple(words)


def _described(message: Message) -> Mapping[str, Any]:  # Any: JSON
    fields = {name: getattr(message, name) for name in message.__struct_fields__}
    if isinstance(message, LanConfiguration):
        fields.pop("text")
    if "device" in fields:
        fields["device"] = f"0x{fields['device']:02x}"
    return fields
