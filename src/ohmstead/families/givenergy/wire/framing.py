"""Where frames begin and end in a stream, by their headers alone."""

from __future__ import annotations

from struct import Struct
from typing import Final

from ohmstead.kit.wire import Drop, Frame, NeedMore

MARKER: Final = b"\x59\x59\x00\x01"
OUTER: Final = Struct(">4sHBB")
"""Marker, length, unit, main function."""
LENGTH_COUNTS_FROM: Final = 6
SMALLEST_LOOK: Final = 18
"""Bytes to see before anything is said of a frame; a marker that begins within them restarts it there."""
HEAD_SIZE: Final = SMALLEST_LOOK + len(MARKER) - 1
HEARTBEAT_SIZE: Final = 19
LONGEST_LENGTH: Final = 300
"""A longer one stands behind no marker; the longest real one is 158."""


def cut(buffer: memoryview, final: bool) -> NeedMore | Drop | Frame[bytes]:  # noqa: FBT001 - the Reassembler's shape
    """What the buffer begins with, by its header alone."""
    head = bytes(buffer[:HEAD_SIZE])
    if not head.startswith(MARKER):
        return _search(bytes(buffer), final=final)
    if len(head) < SMALLEST_LOOK:
        return Drop(len(MARKER), "the stream ended within a header") if final else NeedMore()
    size = frame_size(head)
    if (restart := head.find(MARKER, 1, min(len(head), size) if size else None)) > 0:
        return Drop(restart, "a frame that another one interrupts")
    if not size:
        return Drop(len(MARKER), "no header stands behind the marker")
    if len(buffer) < size:
        return Drop(len(MARKER), f"the stream ended within a frame of {size} bytes") if final else NeedMore()
    return Frame(size, bytes(buffer[:size]))


def is_one_frame(data: bytes) -> bool:
    """Whether all of it is what `cut` would take as one frame: the usual thing, seen without a buffer."""
    return (
        len(data) >= SMALLEST_LOOK
        and data.startswith(MARKER)
        and frame_size(data) == len(data)
        and data.find(MARKER, 1, HEAD_SIZE) < 0
    )


def frame_size(head: bytes) -> int:
    """What a header says; 0 when no frame has such a header."""
    _, length, unit, main = OUTER.unpack_from(head)
    is_header = length + LENGTH_COUNTS_FROM >= HEARTBEAT_SIZE and length <= LONGEST_LENGTH
    return length + LENGTH_COUNTS_FROM if is_header and unit in (0, 1) and main in (1, 2) else 0


def _search(data: bytes, *, final: bool) -> NeedMore | Drop:
    reason = "no frame starts here"
    at = data.find(MARKER)
    if at >= 0:
        return Drop(at, reason)
    kept = 0 if final else len(MARKER) - 1
    return Drop(len(data) - kept, reason) if len(data) > kept else NeedMore()
