"""Recorded HTTP, cut into whole messages: a head, and a body as long as its `content-length` says.

This is for recordings, whose tap writes such messages; it is no HTTP parser. Rubbish gives no message and raises nothing.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_HEAD_BYTES: Final = 4096
HEAD_END: Final = b"\r\n\r\n"
_FIRST: Final = re.compile(rb"(GET|POST) /[!-~]* HTTP/1\.[01]|HTTP/1\.[01] \d{3}[ -~]*")
_LENGTH: Final = re.compile(rb"^content-length: *(\d{1,9}) *\r?$", re.IGNORECASE | re.MULTILINE)


class MessageCutter:
    """One direction of one connection, in pieces of any size."""

    def __init__(self, longest_body_bytes: int) -> None:
        self._longest_body_bytes = longest_body_bytes
        self._held = b""

    def cut(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """Head (without its empty line) and body of each message that is whole now."""
        self._held += data
        found = []
        while (cut := self._first()) is not None:
            if cut[0]:
                found.append(cut)
        return found

    def _first(self) -> tuple[bytes, bytes] | None:
        """The first message, taken off; an empty head for bytes that are none; None while more must come."""
        end = self._held.find(HEAD_END, 0, LONGEST_HEAD_BYTES)
        if end < 0:
            if len(self._held) < LONGEST_HEAD_BYTES:
                return None
            self._held = b""
            return b"", b""
        head, begin = self._held[:end], end + len(HEAD_END)
        length = _LENGTH.search(head)
        size = int(length[1]) if length is not None else 0
        if not _FIRST.fullmatch(head.partition(b"\r\n")[0]) or size > self._longest_body_bytes:
            self._held = self._held[begin:]
            return b"", b""
        if len(self._held) < begin + size:
            return None
        body, self._held = self._held[begin : begin + size], self._held[begin + size :]
        return head, body


def with_length(head: bytes, body: bytes) -> bytes:
    """The message whole again, its length that of the body."""
    return _LENGTH.sub(b"content-length: %d" % len(body), head) + HEAD_END + body
