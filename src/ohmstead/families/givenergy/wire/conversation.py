"""One connection's frames, seen from either end.

Most pages of a poll repeat the bytes of the one before, so a frame is first compared with the last of its kind: what
was checked once is not checked again. The same bytes give the very same object, and of a page with other words only
these and their CRC are looked at.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families.givenergy.wire.frames import (
    FlawedFrame,
    Role,
    encode_frame,
    is_intact,
    read_frame,
    with_words_of,
)
from ohmstead.families.givenergy.wire.framing import MARKER, cut, is_one_frame
from ohmstead.families.givenergy.wire.messages import BadFrame, Message, ReadReply, Received
from ohmstead.kit.wire import Damage, Drop, Frame, NeedMore, Reassembler

LIMIT_BYTES: Final = 4096
REMEMBERED_FRAMES: Final = 256
"""More than any plant has pages."""
HEAD: Final = slice(42)
"""All of a read reply before its words: header, adapter serial, device, function, envelope serial, base and count."""


class Conversation:
    """One connection's frames, from either end. Its buffer never exceeds `LIMIT_BYTES`."""

    def __init__(self, role: Role = Role.CLIENT, *, checks_crc: bool = True) -> None:
        """`checks_crc=False` is how old hybrids read requests."""
        self._role = role
        self._checks_crc = checks_crc
        self._last: dict[bytes, tuple[bytes, ReadReply]] = {}
        self._stream: Reassembler[Received] = Reassembler(self._cut, LIMIT_BYTES)
        self._held = self._stream.held

    @property
    def held_bytes(self) -> int:
        """Of a frame that is not whole yet."""
        return len(self._held)

    def send(self, message: Message) -> bytes:
        return encode_frame(message)

    def receive(self, data: bytes) -> list[Received]:
        if not self._held:
            if (again := self._like_the_last(data)) is not None:
                return [again]
            message = self._decoded(data) if is_one_frame(data) else None
            if message is not None and not isinstance(message, BadFrame):
                return [message]
        return [item if isinstance(item, Damage) else item.value for item in self._stream.feed(data)]

    def abandon(self) -> list[Received]:
        """Give up the frame that is not whole: its tail was lost, and it would swallow the good ones behind it."""
        found = self._stream.skip(len(MARKER), "the rest of a frame did not come")
        return [item if isinstance(item, Damage) else item.value for item in found]

    def end(self) -> list[Received]:
        """What is left when the peer has closed."""
        return [item if isinstance(item, Damage) else item.value for item in self._stream.end()]

    def _cut(self, buffer: memoryview, final: bool) -> NeedMore | Drop | Frame[Received]:  # noqa: FBT001 - the Reassembler's shape
        answer = cut(buffer, final)
        if not isinstance(answer, Frame):
            return answer
        frame = answer.value
        message = self._like_the_last(frame) or self._decoded(frame)
        if isinstance(message, BadFrame):
            return Frame(size := _believed(frame), msgspec.structs.replace(message, size=size))
        return Frame(answer.size, message)

    def _like_the_last(self, data: bytes) -> ReadReply | None:
        """What it says, if it is a whole frame that begins like one that was read before."""
        head = data[HEAD]
        known = self._last.get(head)
        if known is None:
            return None
        frame, message = known
        if frame == data:
            return message
        if len(frame) != len(data) or not is_intact(data):
            return None
        again = with_words_of(data, message)
        self._last[head] = data, again
        return again

    def _decoded(self, frame: bytes) -> Message | BadFrame:
        try:
            message = read_frame(frame, self._role, checks_crc=self._checks_crc)
        except FlawedFrame as error:
            return BadFrame(str(error), len(frame), error.flaw, frame[26] if len(frame) > 26 else 0, frame)
        if isinstance(message, ReadReply):
            if len(self._last) >= REMEMBERED_FRAMES:
                self._last.clear()
            self._last[frame[HEAD]] = frame, message
        return message


def _believed(frame: bytes) -> int:
    """How much of a damaged frame to drop: a marker in it, or begun at its end, is where its tail was lost."""
    at = frame.find(MARKER, 1)
    if at > 0:
        return at
    begun = next((n for n in (3, 2, 1) if frame.endswith(MARKER[:n])), 0)
    return len(frame) - begun
