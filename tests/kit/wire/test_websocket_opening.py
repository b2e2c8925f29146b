"""How a WebSocket is opened, from both ends; RFC 6455 section 4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.wire.http import AnswerReader, HttpAnswer
from ohmstead.kit.wire.websocket_opening import (
    LIMIT_ASKED_BYTES,
    Asked,
    asked,
    check_granted,
    granted,
    read_asked,
)
from ohmstead.model import BadAnswer, ConfigError

NONCE = b"the sample nonce"
ASKED = (
    b"GET /chat HTTP/1.1\r\nHost: server.example\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: chat, superchat\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)
GRANTED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: chat\r\n\r\n"
)
"""The standard's example, 1.3."""


def answer(data: bytes) -> tuple[HttpAnswer, bytes]:
    reader = AnswerReader("GET", 0, upgrades=True)
    found = reader.receive(data)
    assert found is not None
    return found, reader.rest


def test_the_standards_example_is_granted_as_it_says() -> None:
    request = read_asked(ASKED + b"rest")

    assert request is not None
    assert request.refusal == b""
    assert request.protocols == ("chat", "superchat")
    assert request.rest == b"rest"
    assert granted(request, ["chat"]) == GRANTED
    assert b"Sec-WebSocket-Protocol" not in granted(request, ["other"])


def test_the_standards_answer_is_accepted() -> None:
    found, rest = answer(GRANTED + b"\x81\x00")

    check_granted(found, NONCE, ["chat", "superchat"])
    assert rest == b"\x81\x00"


def test_what_one_end_asks_the_other_grants() -> None:
    sent = asked(
        "/any?and=query", "h:8080", NONCE, protocols=["a", "b"], headers={"Authorization": "Bearer x"}
    )
    request = read_asked(sent)

    assert request is not None
    assert request.headers["authorization"] == "Bearer x"
    check_granted(answer(granted(request, ["b", "a"]))[0], NONCE, ["a", "b"])
    assert b"Sec-WebSocket-Protocol: a\r\n" in granted(request, ["b", "a"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Upgrade: websocket", b"Upgrade: h2c"),
        (b"Connection: Upgrade", b"Connection: close"),
        (b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", b"AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        (b"Protocol: chat", b"Protocol: other"),
        (b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"),
    ],
)
def test_an_answer_to_something_else_is_no_answer(old: bytes, new: bytes) -> None:
    found, _ = answer(GRANTED.replace(old, new))

    with pytest.raises(BadAnswer):
        check_granted(found, NONCE, ["chat"])


@pytest.mark.parametrize("status", [200, 404, 401])
def test_of_an_answer_that_does_not_switch_the_head_is_enough(status: int) -> None:
    found, _ = answer(b"HTTP/1.1 %d So\r\nContent-Length: 100000\r\n\r\n<html>" % status)

    assert found.status == status


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (b"Upgrade: websocket\r\n", b"", b"426"),
        (b"keep-alive, Upgrade", b"keep-alive", b"426"),
        (b"Version: 13", b"Version: 8", b"426"),
        (b"GET", b"POST", b"400"),
        (b"HTTP/1.1", b"HTTP/1.0", b"400"),
        (b"dGhlIHNhbXBsZSBub25jZQ==", b"c2hvcnQ=", b"400"),
        (b"dGhlIHNhbXBsZSBub25jZQ==", b"no base64 at all", b"400"),
        (b"GET /chat HTTP/1.1", b"rubbish", b"400"),
    ],
)
def test_a_request_for_something_else_is_refused(old: bytes, new: bytes, status: bytes) -> None:
    request = read_asked(ASKED.replace(old, new))

    assert request is not None
    assert request.refusal.startswith(b"HTTP/1.1 " + status)


def test_a_request_is_waited_for_up_to_a_limit() -> None:
    assert read_asked(ASKED[:-1]) is None
    endless = read_asked(ASKED[:-2] + b"X: " + b"x" * LIMIT_ASKED_BYTES)

    assert endless is not None
    assert endless.refusal.startswith(b"HTTP/1.1 431")


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda data: data + b"\r\n\r\n"))
def test_rubbish_is_refused_or_waited_for(data: bytes) -> None:
    request = read_asked(data)

    assert request is None or (isinstance(request, Asked) and request.refusal)


def test_a_header_that_would_be_two_is_not_sent() -> None:
    with pytest.raises(ConfigError):
        asked("/", "h", NONCE, protocols=["a\r\nX: y"], headers={})
