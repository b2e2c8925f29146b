"""How a WebSocket is opened: an HTTP request that asks for one, and the answer that grants it. RFC 6455 section 4."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from ohmstead.kit.wire.http import HEAD_END, HttpAnswer, headers_of, request
from ohmstead.model import BadAnswer

VERSION: Final = "13"
KEY_BYTES: Final = 16
SALT: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""Everybody's; section 1.3."""
LIMIT_ASKED_BYTES: Final = 8 * 1024
"""Of a request, as most servers have it."""
ONLY_WEBSOCKET: Final = b"This port speaks WebSocket only.\n"

_REQUEST: Final = re.compile(rb"([A-Z]{1,16}) ([!-~]+) HTTP/1\.([01])\r?\n")


def asked(
    path: str, host: str, nonce: bytes, *, protocols: Sequence[str], headers: Mapping[str, str]
) -> bytes:
    """The request. `nonce` is 16 random bytes. Raises `ConfigError` for a path or a header that would be read as something else."""
    ours = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(nonce).decode(),
        "Sec-WebSocket-Version": VERSION,
    }
    if protocols:
        ours["Sec-WebSocket-Protocol"] = ", ".join(protocols)
    return request("GET", path, host, headers={**headers, **ours})


def check_granted(answer: HttpAnswer, nonce: bytes, protocols: Sequence[str]) -> None:
    """Raises `BadAnswer` for a switch that is not the one that was asked for. A server may leave the protocol open."""
    said = answer.headers
    if said.get("upgrade", "").lower() != "websocket" or not _names(said.get("connection", ""), "upgrade"):
        raise BadAnswer("the host switches, but not to WebSocket")
    if said.get("sec-websocket-accept") != _accepted(base64.b64encode(nonce)):
        raise BadAnswer("the host answers to another request than ours")
    if said.get("sec-websocket-extensions"):
        raise BadAnswer("the host speaks with an extension that was not asked for")
    if (spoken := said.get("sec-websocket-protocol")) is not None and spoken not in protocols:
        raise BadAnswer(f"the host speaks {spoken!r}, which was not asked for")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A client's request: for a WebSocket, or else `refusal` is the answer. Names of headers are in lower case."""

    headers: Mapping[str, str] = {}
    protocols: tuple[str, ...] = ()
    refusal: bytes = b""
    rest: bytes = b""
    """What came behind it."""


def read_asked(held: bytes) -> Asked | None:
    """The request in what has come so far; None while more must come. Never raises."""
    end = HEAD_END.search(held, 0, LIMIT_ASKED_BYTES)
    if end is None:
        return (
            Asked(refusal=_refusal("431 Request Header Fields Too Large"))
            if len(held) >= LIMIT_ASKED_BYTES
            else None
        )
    first = _REQUEST.match(held)
    if first is None:
        return Asked(refusal=_refusal("400 Bad Request"))
    headers = headers_of(held[first.end() : end.end()].decode("latin-1"))
    refusal = _why_not(first, headers)
    protocols = headers.get("sec-websocket-protocol", "")
    return Asked(
        headers=headers,
        protocols=tuple(name for part in protocols.split(",") if (name := part.strip())),
        refusal=refusal,
        rest=held[end.end() :],
    )


def granted(request: Asked, protocols: Sequence[str]) -> bytes:
    """The answer. The client's first protocol that is among `protocols` is spoken, or none is named."""
    accepted = _accepted(request.headers["sec-websocket-key"].encode())
    lines = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accepted}",
    ]
    if (spoken := next((name for name in request.protocols if name in protocols), None)) is not None:
        lines.append(f"Sec-WebSocket-Protocol: {spoken}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _why_not(first: re.Match[bytes], headers: Mapping[str, str]) -> bytes:
    """The refusal of a request that asks for no WebSocket; nothing for one that does."""
    asks = headers.get("upgrade", "").lower() == "websocket" and _names(
        headers.get("connection", ""), "upgrade"
    )
    if not asks or headers.get("sec-websocket-version") != VERSION:
        return _refusal(
            "426 Upgrade Required", "Upgrade: websocket", f"Sec-WebSocket-Version: {VERSION}", ONLY_WEBSOCKET
        )
    if first[1] != b"GET" or first[3] != b"1" or not _is_key(headers.get("sec-websocket-key", "")):
        return _refusal("400 Bad Request")
    return b""


def _refusal(status: str, *more: str | bytes) -> bytes:
    body = b"".join(part for part in more if isinstance(part, bytes))
    lines = [f"HTTP/1.1 {status}", *(part for part in more if isinstance(part, str)), "Connection: close"]
    if body:
        lines.append("Content-Type: text/plain")
    return "\r\n".join((*lines, f"Content-Length: {len(body)}", "", "")).encode() + body


def _names(options: str, wanted: str) -> bool:
    return wanted in (option.strip().lower() for option in options.split(","))


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def _accepted(key: bytes) -> str:
    return base64.b64encode(hashlib.sha1(key + SALT, usedforsecurity=False).digest()).decode()
