"""Recorded HTTP, cut into whole messages."""

from __future__ import annotations

import pytest

from ohmstead.kit.wire.http_messages import MessageCutter, with_length

ASKED = b"POST /a/b?c=d HTTP/1.1\r\ncontent-length: 3\r\n\r\nabc"
ANSWERED = b"HTTP/1.1 200\r\nContent-Type: x\r\nContent-Length: 2\r\n\r\n{}"
EMPTY = b"GET / HTTP/1.1\r\n\r\n"


def test_messages_come_out_whole_however_the_stream_was_cut() -> None:
    stream = ASKED + ANSWERED + EMPTY
    whole = MessageCutter(100).cut(stream)

    assert [body for _, body in whole] == [b"abc", b"{}", b""]
    bytewise = MessageCutter(100)
    assert [cut for byte in stream for cut in bytewise.cut(bytes((byte,)))] == whole


@pytest.mark.parametrize(
    "rubbish", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\ncontent-length: 101\r\n\r\n", b"\0" * 4096]
)
def test_rubbish_is_left_out_and_what_follows_is_found(rubbish: bytes) -> None:
    assert [body for _, body in MessageCutter(100).cut(rubbish + ASKED)] in ([b"abc"], [])
    cutter = MessageCutter(100)
    cutter.cut(rubbish)
    assert [body for _, body in cutter.cut(ASKED)] == [b"abc"]


def test_a_body_that_was_changed_has_its_own_length() -> None:
    ((head, _),) = MessageCutter(100).cut(ANSWERED)

    assert with_length(head, b"[1]") == b"HTTP/1.1 200\r\nContent-Type: x\r\ncontent-length: 3\r\n\r\n[1]"
