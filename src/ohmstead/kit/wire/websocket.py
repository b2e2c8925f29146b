"""WebSocket frames from either end: messages and control frames to bytes, and bytes to them. RFC 6455 section 5.

A client's frames are masked and a server's are not. Whatever comes, nothing is raised and nothing is kept beyond the
limit: a peer that breaks the rules is told of by one `Broken`, the last thing a reader finds.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import Final

import msgspec

NORMAL: Final = 1000
"""The code of a connection that ends because everything is said."""
PROTOCOL_ERROR: Final = 1002
WITHOUT_A_CODE: Final = 1005
"""Never sent: what stands for the code of a closing that names none."""
NO_TEXT: Final = 1007
TOO_BIG: Final = 1009
CODES: Final = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
"""That may be sent, beside those of libraries and programs: 3000 to 4999. Section 7.4 and the registry it founds."""

LONGEST_CONTROL_BYTES: Final = 125
LAST: Final = 0x80
"""Set in a frame's first byte when no more of its message follows."""
RESERVED: Final = 0x70
"""For extensions, of which we agree on none."""
WHOLE: Final = (0x81, 0x82)
"""First bytes of a text and of a binary message in one frame."""
MASKED: Final = 0x80
"""Set in a frame's second byte."""
MASK_BYTES: Final = 4


class Kind(IntEnum):
    MORE = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Message(msgspec.Struct, frozen=True):
    """`is_text` says how it travels; `data` is then UTF-8."""

    data: bytes
    is_text: bool = False


class Ping(msgspec.Struct, frozen=True):
    data: bytes = b""


class Pong(msgspec.Struct, frozen=True):
    data: bytes = b""


class Close(msgspec.Struct, frozen=True):
    code: int = WITHOUT_A_CODE
    reason: str = ""


class Broken(msgspec.Struct, frozen=True):
    """The peer broke the rules; `code` is the one to close with."""

    code: int
    reason: str


Incoming = Message | Ping | Pong | Close | Broken


def message_frame(message: Message, mask: bytes = b"") -> bytes:
    """A whole message in one frame. `mask` is 4 random bytes from a client, and nothing from a server."""
    return _frame(Kind.TEXT if message.is_text else Kind.BINARY, message.data, mask)


def ping_frame(data: bytes = b"", mask: bytes = b"") -> bytes:
    return _frame(Kind.PING, data[:LONGEST_CONTROL_BYTES], mask)


def pong_frame(data: bytes = b"", mask: bytes = b"") -> bytes:
    return _frame(Kind.PONG, data[:LONGEST_CONTROL_BYTES], mask)


def close_frame(code: int, reason: str = "", mask: bytes = b"") -> bytes:
    """A reason that is too long is cut; a code that must not be sent is left out."""
    if not _may_be_sent(code):
        return _frame(Kind.CLOSE, b"", mask)
    said = reason.encode("utf-8", "replace")[: LONGEST_CONTROL_BYTES - 2].decode("utf-8", "ignore")
    return _frame(Kind.CLOSE, struct.pack("!H", code) + said.encode(), mask)


def _frame(kind: int, data: bytes, mask: bytes) -> bytes:
    size, first = len(data), LAST | kind
    flag = MASKED if mask else 0
    if size < 126:
        head = bytes((first, flag | size))
    elif size < 0x10000:
        head = struct.pack("!BBH", first, flag | 126, size)
    else:
        head = struct.pack("!BBQ", first, flag | 127, size)
    return head + mask + masked(data, mask) if mask else head + data


def masked(data: bytes, mask: bytes) -> bytes:
    """Masked, or unmasked again: each byte with its own of the mask's four."""
    size = len(data)
    key = (mask * (size // MASK_BYTES + 1))[:size]
    # As two long numbers: the one way in which Python does it for all bytes at once.
    return (int.from_bytes(data, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little")


class _RuleBrokenError(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.found = Broken(code, reason)


class _Cut(msgspec.Struct):
    """One frame, cut out of what has come."""

    first: int
    data: bytes
    end: int


class FrameReader:
    """What comes at one end of a connection, in pieces of any size."""

    def __init__(self, *, is_server: bool, limit_bytes: int) -> None:
        self._is_masked = is_server
        self._limit_bytes = limit_bytes
        self._short_bytes = -1 if is_server else min(limit_bytes, 0xFFFF)
        """Up to which a server's message may come whole and at once."""
        self._held = bytearray()
        """The beginning of a frame that is not whole yet."""
        self._needed = 0
        """Bytes to have before looking at it again."""
        self._kind = Kind.MORE
        """Of a message of which frames are missing; MORE: of none."""
        self._parts = bytearray()
        self._is_over = False

    def receive(self, data: bytes) -> list[Incoming]:
        """What `data` completes, in order. Nothing more comes behind a `Close` or a `Broken`."""
        if self._is_over:
            return []
        if self._held:
            self._held += data
            if len(self._held) < self._needed:
                return []
            data = bytes(self._held)
            self._held.clear()
        found: list[Incoming] = []
        try:
            if (message := self._whole(data)) is not None:
                return [message]
            self._read(data, found)
        except _RuleBrokenError as broken:
            self._is_over = True
            found.append(broken.found)
        return found

    def _whole(self, data: bytes) -> Message | None:
        """A server's message alone and in one frame, which nearly all are: found in a third of the time."""
        if self._kind or len(data) < 4 or data[0] not in WHOLE:
            return None
        size, begin = data[1], 2
        if size == 126:
            size, begin = data[2] << 8 | data[3], 4
        if size > self._short_bytes or data[1] > 126 or len(data) != begin + size:
            return None
        return _message(data[0] & 0x0F, data[begin:])

    def _read(self, data: bytes, found: list[Incoming]) -> None:
        at = 0
        while at < len(data) and not self._is_over:
            cut = self._cut(data, at)
            if isinstance(cut, int):
                self._needed = cut
                self._held += data[at:] if at else data
                return
            at = cut.end
            if (incoming := self._taken(cut.first, cut.data)) is not None:
                found.append(incoming)

    def _cut(self, data: bytes, at: int) -> _Cut | int:
        """The frame that begins there, or of how many bytes more is known."""
        there = len(data) - at
        if there < 2:
            return 2
        size, begin = data[at + 1] & 0x7F, at + 2
        if size > LONGEST_CONTROL_BYTES:
            begin += 2 if size == 126 else 8
            if len(data) < begin:
                return begin - at
            size = int.from_bytes(data[at + 2 : begin], "big")
        self._check(data[at], size, is_masked=data[at + 1] >= MASKED)
        if self._is_masked:
            begin += MASK_BYTES
        end = begin + size
        if len(data) < end:
            return end - at
        payload = data[begin:end]
        return _Cut(
            data[at], masked(payload, data[begin - MASK_BYTES : begin]) if self._is_masked else payload, end
        )

    def _check(self, first: int, size: int, *, is_masked: bool) -> None:
        """Before the frame is there: a wrong one is not waited for."""
        kind = first & 0x0F
        if first & RESERVED:
            raise _RuleBrokenError(PROTOCOL_ERROR, "a frame of an extension that was not agreed on")
        if is_masked is not self._is_masked:
            raise _RuleBrokenError(PROTOCOL_ERROR, "a client masks its frames, and a server does not")
        if kind >= Kind.CLOSE:
            if kind > Kind.PONG or size > LONGEST_CONTROL_BYTES or not first & LAST:
                raise _RuleBrokenError(PROTOCOL_ERROR, "a control frame that is none, too long or in pieces")
            return
        if kind > Kind.BINARY or (kind == Kind.MORE) is not (self._kind != Kind.MORE):
            raise _RuleBrokenError(PROTOCOL_ERROR, "a frame out of turn")
        if len(self._parts) + size > self._limit_bytes:
            raise _RuleBrokenError(TOO_BIG, f"messages have up to {self._limit_bytes} bytes")

    def _taken(self, first: int, data: bytes) -> Incoming | None:
        """None for a piece of a message."""
        kind = first & 0x0F
        if kind >= Kind.CLOSE:
            return self._control(kind, data)
        if self._kind == Kind.MORE and first & LAST:
            return _message(kind, data)
        if self._kind == Kind.MORE:
            self._kind = Kind(kind)
        self._parts += data
        if not first & LAST:
            return None
        joined, begun = bytes(self._parts), self._kind
        self._parts.clear()
        self._kind = Kind.MORE
        return _message(begun, joined)

    def _control(self, kind: int, data: bytes) -> Incoming:
        if kind == Kind.PING:
            return Ping(data)
        if kind == Kind.PONG:
            return Pong(data)
        self._is_over = True
        return _close(data)


def _message(kind: int, data: bytes) -> Message:
    if kind == Kind.BINARY:
        return Message(data)
    _text(data)
    return Message(data, is_text=True)


def _close(data: bytes) -> Close:
    if not data:
        return Close()
    code = int.from_bytes(data[:2], "big")
    if len(data) < 2 or not _may_be_sent(code):
        raise _RuleBrokenError(PROTOCOL_ERROR, "a closing with a code that must not be sent")
    return Close(code, _text(data[2:]))


def _may_be_sent(code: int) -> bool:
    return code in CODES or 3000 <= code < 5000


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise _RuleBrokenError(NO_TEXT, "a text that is no UTF-8") from None
