"""The body of an HTTP answer in chunks, put together again. RFC 9112 section 7.1."""

from __future__ import annotations

import re
from typing import Final

from ohmstead.model import BadAnswer

LIMIT_HEAD_BYTES: Final = 32 * 1024
"""Of all headers of an answer, and of those behind its last chunk."""
LIMIT_LINE_BYTES: Final = 1024
"""Of a line that says how long a chunk is."""
_LENGTH: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")


class Chunks:
    """A body in chunks, each behind its length in hexadecimal; the last has none, and may have headers behind it."""

    def __init__(self, limit_bytes: int) -> None:
        self.body = bytearray()
        self._limit_bytes = limit_bytes
        self._left: int | None = None
        """Of the chunk that is being read, 0 before its line end; None before a length."""
        self._is_last = False
        self._trailer_bytes = 0

    def take(self, buffer: bytearray) -> bool:
        """Eat what is there; whether that was all."""
        while not self._is_last:
            if not (self._take_length(buffer) if self._left is None else self._take_data(buffer, self._left)):
                return False
        return self._take_trailers(buffer)

    def _take_length(self, buffer: bytearray) -> bool:
        found = _LENGTH.match(buffer)
        if found is None:
            if b"\n" in buffer or len(buffer) > LIMIT_LINE_BYTES:
                raise BadAnswer("the host did not answer with HTTP: a chunk does not say how long it is")
            return False
        length = int(found[1], 16)
        if len(self.body) + length > self._limit_bytes:
            raise too_long(self._limit_bytes)
        del buffer[: found.end()]
        self._left, self._is_last = length, length == 0
        return True

    def _take_data(self, buffer: bytearray, left: int) -> bool:
        part = buffer[:left]
        del buffer[: len(part)]
        self.body += part
        self._left = left - len(part)
        if self._left or not buffer or buffer == b"\r":
            return False
        line_end = 2 if buffer.startswith(b"\r\n") else 1
        if buffer[line_end - 1] != ord("\n"):
            raise BadAnswer("the host did not answer with HTTP: a chunk is longer than it says")
        del buffer[:line_end]
        self._left = None
        return True

    def _take_trailers(self, buffer: bytearray) -> bool:
        """Headers nobody needs, up to an empty line."""
        while (end := buffer.find(b"\n") + 1) > 0:
            is_empty = not buffer[:end].strip()
            self._trailer_bytes += end
            del buffer[:end]
            if is_empty:
                return True
        if self._trailer_bytes + len(buffer) > LIMIT_HEAD_BYTES:
            raise too_long(LIMIT_HEAD_BYTES)
        return False


def too_long(limit_bytes: int) -> BadAnswer:
    return BadAnswer(f"the answer is longer than {limit_bytes:,} bytes")
