"""One HTTP/1.1 exchange, seen from the asking end: a request to bytes, and bytes to its answer. RFC 9112.

Bodies come with their length, in chunks, or until the peer ends the connection. Devices' servers are small and odd, so
what does no harm is let pass: bare line feeds, no reason phrase, lines that are no header. Whatever comes, nothing is
kept beyond the limits and nothing but `BadAnswer` is raised.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.kit.wire.http_chunks import LIMIT_HEAD_BYTES, Chunks, too_long
from ohmstead.model import BadAnswer, ConfigError

BEGINNING: Final = b"HTTP/1."
HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
MOST_INTERIM: Final = 8
"""Answers that only announce another one."""
SWITCHED: Final = 101
"""Behind this answer another protocol is spoken."""
LONGEST_LENGTH: Final = 18
"""Digits of a length; nobody means a longer one."""
NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
NO_BODY: Final = frozenset({204, 304})

_STATUS: Final = re.compile(rb"HTTP/1\.([01]) +([1-9][0-9]{2})(?: [^\r\n]*)?\r?\n")
_FOLDED: Final = re.compile(r"\r?\n[ \t]+")
_PATH: Final = re.compile(r"/[!-~]*")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[^\r\n\0]*")


class HttpAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Any status is an answer: what it means, only the caller knows. Header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = NO_HEADERS


def request(
    method: str, path: str, host: str, *, body: bytes | None = None, headers: Mapping[str, str] = NO_HEADERS
) -> bytes:
    """A request's bytes. Raises `ConfigError` for a path or a header that would be read as something else."""
    if _TOKEN.fullmatch(method) is None or _PATH.fullmatch(path) is None:
        raise ConfigError(f"{method} {path!r} is no request.", example="GET /api/1/vitals")
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}"]
    for name, value in headers.items():
        if _TOKEN.fullmatch(name) is None or _VALUE.fullmatch(value) is None:
            raise ConfigError(f"{name!r} with {value!r} is no header.", example="Content-Type: text/plain")
        lines.append(f"{name}: {value}")
    if not any(name.lower() == "accept" for name in headers):
        lines.append("Accept: */*")  # a server may take a request without it for a program's, and refuse it
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "replace") + (body or b"")


class AnswerReader:
    """The answer to one request: feed `receive` until it gives one, `end` when the peer ends the connection first.

    With `upgrades` the request asked to go on in another protocol: the head alone is the answer, and `rest` belongs to
    that protocol when the status is 101.
    """

    def __init__(self, method: str, limit_bytes: int, *, upgrades: bool = False) -> None:
        self.has_begun = False
        """The peer has said something."""
        self.is_reusable = False
        """After the answer: the connection may carry another request."""
        self._has_body = method != "HEAD" and not upgrades
        self._upgrades = upgrades
        self._limit_bytes = limit_bytes
        self._buffer = bytearray()
        self._searched = 0
        """Bytes in which no head ends."""
        self._interim = 0
        self._status = 0
        self._headers: Mapping[str, str] = NO_HEADERS
        self._length: int | None = None
        """Of the body; None: until the end, or in chunks."""
        self._chunks: Chunks | None = None

    def receive(self, data: bytes) -> HttpAnswer | None:
        """The whole answer, when `data` completes it. Raises `BadAnswer`, after which there is no more to be had."""
        self.has_begun = True
        # Some servers end a body with a line end that its length does not count.
        self._buffer += data if self._buffer or self._status else data.lstrip(b"\r\n")
        while not self._status:
            if not self._read_head():
                return None
        if self._chunks is not None:
            return self._answer(self._chunks.body) if self._chunks.take(self._buffer) else None
        if self._length is None:
            self._limit(len(self._buffer))
            return None
        if len(self._buffer) < self._length:
            return None
        body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        return self._answer(body)

    def end(self) -> HttpAnswer | None:
        """The answer that the connection's end completes; None when it was cut off in the middle."""
        if not self._status or self._chunks is not None or self._length is not None:
            return None
        self.is_reusable = False
        return HttpAnswer(status=self._status, body=bytes(self._buffer), headers=self._headers)

    @property
    def rest(self) -> bytes:
        """What came behind the answer."""
        return bytes(self._buffer)

    def _answer(self, body: bytes | bytearray) -> HttpAnswer:
        # What is left was not asked for, and would be taken for the next answer.
        self.is_reusable = self.is_reusable and not self._buffer
        return HttpAnswer(status=self._status, body=bytes(body), headers=self._headers)

    def _read_head(self) -> bool:
        """Whether a head was there; one that only announces another leaves no status."""
        end = HEAD_END.search(self._buffer, max(self._searched - 3, 0))
        if end is None:
            self._searched = len(self._buffer)
            self._check_beginning()
            return False
        self._searched = 0
        head = bytes(self._buffer[: end.end()])
        del self._buffer[: end.end()]
        first = _STATUS.match(head)
        if first is None or len(head) > LIMIT_HEAD_BYTES:
            raise _no_http(head)
        status = int(first[2])
        if status < 200 and not (self._upgrades and status == SWITCHED):
            self._pass_interim(status)
            return True
        self._status = status
        self._headers = headers_of(head[first.end() :].decode("latin-1"))
        self._frame(is_1_1=first[1] == b"1")
        return True

    def _check_beginning(self) -> None:
        """What is no HTTP is said at once, not when nothing more comes."""
        begun = bytes(self._buffer[: len(BEGINNING)])
        if not BEGINNING.startswith(begun) or len(self._buffer) > LIMIT_HEAD_BYTES:
            raise _no_http(self._buffer)

    def _pass_interim(self, status: int) -> None:
        self._interim += 1
        if status == SWITCHED or self._interim > MOST_INTERIM:
            raise BadAnswer(f"the host answered with status {status}, which nothing was asked for")

    def _frame(self, *, is_1_1: bool) -> None:
        """How the body ends, by RFC 9112 section 6.3."""
        headers = self._headers
        options = headers.get("connection", "").lower()
        self.is_reusable = "close" not in options if is_1_1 else "keep-alive" in options
        coding = headers.get("transfer-encoding", "").lower()
        if not self._has_body or self._status in NO_BODY:
            self._length = 0
        elif coding:
            if coding.rpartition(",")[2].strip() == "chunked":
                self._chunks = Chunks(self._limit_bytes)
            # Both is how answers are smuggled: the coding counts, and nothing else is read behind it.
            self.is_reusable = self.is_reusable and "content-length" not in headers
        elif (length := headers.get("content-length")) is not None:
            self._length = _length(length)
            self._limit(self._length)

    def _limit(self, size: int) -> None:
        if size > self._limit_bytes:
            raise too_long(self._limit_bytes)


def headers_of(text: str) -> dict[str, str]:
    """By name, in lower case; what was said twice is joined by a comma."""
    if "\n " in text or "\n\t" in text:
        text = _FOLDED.sub(" ", text)
    found: dict[str, str] = {}
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip()
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _length(text: str) -> int:
    """Of a body. Said twice it must be the same twice."""
    said, *others = {part.strip() for part in text.split(",")} if "," in text else (text,)
    if others or not said.isdecimal() or len(said) > LONGEST_LENGTH:
        raise BadAnswer(f"the host did not answer with HTTP: {text[:40]!r} is no length of a body")
    return int(said)


def _no_http(data: bytes | bytearray) -> BadAnswer:
    return BadAnswer(f"the host did not answer with HTTP, but with {bytes(data[:40])!r}")
