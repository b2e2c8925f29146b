"""WebSocket to devices: whole messages, bounded in size, asked for signs of life. Only our own errors leave it."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import msgspec

from ohmstead.kit.link.http import NO_HEADERS, trusting
from ohmstead.kit.link.messages import DialMessages, MessageLink
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.kit.link.tcp import connect
from ohmstead.kit.link.websocket_link import WebSocketLink
from ohmstead.kit.wire.http import SWITCHED, AnswerReader, HttpAnswer
from ohmstead.kit.wire.websocket_opening import KEY_BYTES, asked, check_granted
from ohmstead.model import AuthFailed, BadAnswer, ConfigError, Refused, Tap, TimedOut

LIMIT_BYTES: Final = 1024 * 1024
"""Of one message; a longer one ends the connection with code 1009."""
NOT_ADMITTED: Final = frozenset({401, 403})
PORTS: Final = {"ws": 80, "wss": 443}


class _Address(msgspec.Struct, frozen=True):
    url: str
    host: str
    port: int
    named: str
    """Host and port as they stand in the URL."""
    path: str
    is_secure: bool


def websocket(
    url: str,
    *,
    protocols: Sequence[str] = (),
    headers: Mapping[str, str] = NO_HEADERS,
    connect_s: float = 5.0,
    ping_s: float | None = 20.0,
    limit_bytes: int = LIMIT_BYTES,
    tls: ssl.SSLContext | None = None,
    tap: Tap | None = None,
) -> DialMessages:
    """A dial for a WebSocket address; with `wss:`, `tls` says whom to trust. A peer that leaves a ping unanswered for half of `ping_s` is gone.

    Raises `ConfigError` for what is no address.
    """
    address = _address(url)

    @asynccontextmanager
    async def dial() -> AsyncIterator[MessageLink]:
        trusted = (tls or trusting()) if address.is_secure else None
        try:
            async with asyncio.timeout(connect_s):
                socket = await connect(address.host, address.port, connect_s, None, trusted)
                rest = await _open(socket, address, protocols, headers)
        except TimeoutError:
            raise TimedOut(
                f"{url} did not answer within {connect_s:g} s; check that the device has power."
            ) from None
        link = WebSocketLink(socket, url, limit_bytes=limit_bytes, ping_s=ping_s, tap=tap)
        link.begin(rest)
        try:
            yield link
        finally:
            await link.close()

    return dial


async def _open(
    socket: SocketLink, address: _Address, protocols: Sequence[str], headers: Mapping[str, str]
) -> bytes:
    """Ask for a WebSocket over a connection, which is broken off if there is none to be had. What came behind the answer."""
    nonce = os.urandom(KEY_BYTES)
    reader = AnswerReader("GET", 0, upgrades=True)
    try:
        await socket.send(asked(address.path, address.named, nonce, protocols=protocols, headers=headers))
        answer = None
        while answer is None:
            answer = reader.receive(await socket.receive())
        _check_status(answer, address.url)
        check_granted(answer, nonce, protocols)
    except BadAnswer as error:
        socket.abort()
        raise BadAnswer(f"{address.url}: {error}.") from error
    except BaseException:  # whoever gave up, the connection is not kept
        socket.abort()
        raise
    return reader.rest


def _check_status(answer: HttpAnswer, url: str) -> None:
    if answer.status != SWITCHED:
        kind = AuthFailed if answer.status in NOT_ADMITTED else Refused
        raise kind(
            f"{url} does not offer a WebSocket to us: status {answer.status}; check host and port.",
            code=answer.status,
        )


def _address(url: str) -> _Address:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if host is None or parts.scheme not in PORTS or parts.username is not None:
        raise ConfigError(f"{url!r} is no address.", example="ws://192.0.2.7:8080")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    number = PORTS[parts.scheme] if port is None else port
    return _Address(url, host, number, parts.netloc, path, parts.scheme == "wss")
