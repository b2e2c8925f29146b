"""HTTP answers come out of a stream however it was cut and however odd the server; rubbish is refused within limits."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ohmstead.kit.wire.http import AnswerReader, HttpAnswer, request
from ohmstead.model import BadAnswer, ConfigError

LIMIT_BYTES = 1000
MEASURED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{'a':1}"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3\r\nabc\r\nA;name=value\r\n0123456789\r\n0\r\nX-Sum: 7\r\n\r\n"
)


def read(*parts: bytes, method: str = "GET") -> tuple[HttpAnswer | None, AnswerReader]:
    reader = AnswerReader(method, LIMIT_BYTES)
    for part in parts:
        if (answer := reader.receive(part)) is not None:
            return answer, reader
    return None, reader


def body(*parts: bytes) -> bytes:
    answer, _ = read(*parts)
    assert answer is not None
    return answer.body


def test_a_request_is_these_bytes() -> None:
    assert request("GET", "/api/1/vitals", "192.0.2.7") == (
        b"GET /api/1/vitals HTTP/1.1\r\nHost: 192.0.2.7\r\nAccept: */*\r\n\r\n"
    )
    assert request(
        "POST", "/tedapi/v1", "h:8092", body=b"\x0a\x00", headers={"Accept": "text/html", "X": "y"}
    ) == (
        b"POST /tedapi/v1 HTTP/1.1\r\nHost: h:8092\r\nAccept: text/html\r\nX: y\r\nContent-Length: 2\r\n\r\n\x0a\x00"
    )


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/a\r\nX: y", {}),
        ("GET", "api", {}),
        ("GET", "/a b", {}),
        ("GE T", "/", {}),
        ("GET", "/", {"X": "a\r\nY: b"}),
        ("GET", "/", {"X: y\r\nZ": "a"}),
    ],
)
def test_what_would_be_read_as_another_request_is_not_written(
    method: str, path: str, headers: dict[str, str]
) -> None:
    with pytest.raises(ConfigError):
        request(method, path, "h", headers=headers)


def test_a_body_of_a_stated_length() -> None:
    answer, reader = read(MEASURED)

    assert answer == HttpAnswer(
        status=200, body=b"{'a':1}", headers={"content-type": "application/json", "content-length": "7"}
    )
    assert reader.is_reusable


def test_a_body_in_chunks() -> None:
    assert body(CHUNKED) == b"abc0123456789"


def test_a_body_until_the_end_is_whole_only_then() -> None:
    answer, reader = read(b"HTTP/1.0 200 OK\r\n\r\nhello ", b"world")

    assert answer is None
    assert (ended := reader.end()) is not None
    assert ended.body == b"hello world"
    assert not reader.is_reusable


@pytest.mark.parametrize("begun", [b"", b"HTTP/1.1 2", MEASURED[:-1], CHUNKED[:-1], CHUNKED[:60]])
def test_an_answer_cut_off_is_none(begun: bytes) -> None:
    answer, reader = read(begun)

    assert answer is None
    assert reader.end() is None


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_is_whole_after_its_head(status: int) -> None:
    assert body(b"HTTP/1.1 %d No\r\nContent-Length: 9\r\n\r\n" % status) == b""


def test_the_answer_to_head_has_no_body() -> None:
    answer, _ = read(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", method="HEAD")

    assert answer is not None
    assert answer.body == b""


def test_what_only_announces_an_answer_is_passed() -> None:
    assert body(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nX: y\r\n\r\n" + MEASURED) == b"{'a':1}"


@pytest.mark.parametrize(
    "odd",
    [
        b"HTTP/1.1 200\nContent-Length: 2\n\nok",
        b"HTTP/1.1 200 \r\ncontent-length:2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno header at all\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX: a\r\n  b\r\nContent-Length: 2, 2\r\n\r\nok",
        b"\r\nHTTP/1.1 200 \xe9\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2 \nok\n0\n\n",
    ],
)
def test_what_does_no_harm_is_let_pass(odd: bytes) -> None:
    assert body(odd) == b"ok"


def test_headers_said_twice_are_joined_and_folded_ones_unfolded() -> None:
    answer, _ = read(b"HTTP/1.1 200 OK\r\nVia: a\r\nVIA: b\r\n  c\r\nContent-Length: 0\r\n\r\n")

    assert answer is not None
    assert answer.headers["via"] == "a, b c"


@pytest.mark.parametrize(
    ("head", "is_reusable"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: Keep-Alive\r\n", True),
    ],
)
def test_a_connection_is_kept_when_the_host_wants_that(head: bytes, is_reusable: bool) -> None:
    _, reader = read(head + b"\r\n")

    assert reader.is_reusable is is_reusable


def test_a_connection_with_more_behind_the_answer_is_not_used_again() -> None:
    answer, reader = read(MEASURED + b"HTTP/1.1 200 OK\r\n")

    assert answer is not None
    assert not reader.is_reusable


def test_a_length_beside_chunks_does_not_count_and_ends_the_connection() -> None:
    answer, reader = read(CHUNKED.replace(b"Transfer", b"Content-Length: 2\r\nTransfer", 1))

    assert answer is not None
    assert answer.body == b"abc0123456789"
    assert not reader.is_reusable


@pytest.mark.parametrize(
    "bad",
    [
        b"\x00\x01\x02 hello",
        b"SSH-2.0-dropbear\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 9,
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n",
    ],
)
def test_what_is_no_http_is_refused_at_once(bad: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(bad)


@pytest.mark.parametrize(
    "endless",
    [
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 8000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes(1001),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"2\r\nok\r\n" * 501,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"x" * 1100,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 8000,
    ],
)
def test_what_is_too_long_is_refused_before_it_is_kept(endless: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(endless)


@given(st.sampled_from([MEASURED, CHUNKED]), st.lists(st.integers(0, len(CHUNKED)), max_size=8))
@example(MEASURED, list(range(len(MEASURED))))
@example(CHUNKED, list(range(len(CHUNKED))))
def test_however_it_is_cut_the_same_answer_comes(raw: bytes, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(raw)]
    parts = [raw[first:last] for first, last in pairwise(places)]

    assert read(*(part for part in parts if part))[0] == read(raw)[0]


@given(
    st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", MEASURED[:50], CHUNKED[:50], CHUNKED[:58]]),
    st.lists(st.binary(min_size=1, max_size=60), max_size=8),
)
def test_no_bytes_raise_anything_but_our_error(begun: bytes, rubbish: list[bytes]) -> None:
    reader = AnswerReader("GET", LIMIT_BYTES)
    try:
        for part in (begun, *rubbish):
            if (answer := reader.receive(part)) is not None:
                assert len(answer.body) <= LIMIT_BYTES
                return
    except BadAnswer:
        return
    reader.end()
