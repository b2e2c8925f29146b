"""HTTP to devices. Only our own errors leave it; bodies and waits are bounded; no redirect is followed, no cookie kept.

One exchange at a time on each connection, over the same links as everything else: `kit.wire.http` knows the bytes.
"""

from __future__ import annotations

import asyncio
import functools
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import msgspec

from ohmstead.kit.block import Block
from ohmstead.kit.link.http_connections import Connections
from ohmstead.kit.link.scope import TaskScope
from ohmstead.kit.link.tcp import tcp
from ohmstead.kit.wire.http import NO_HEADERS, HttpAnswer, request
from ohmstead.model import BadAnswer, ConfigError, Tap, TimedOut

__all__ = ["LIMIT_BYTES", "NO_HEADERS", "HttpAnswer", "HttpSession", "address", "http"]

LIMIT_BYTES: Final = 1024 * 1024
"""Of one body, unless told otherwise; devices of a home say what they have to say in a few kilobytes."""
PORTS: Final = {"http": 80, "https": 443}
RECORDED: Final = frozenset({"content-type", "connection", "cache-control"})
"""Headers that a recording keeps; others may carry secrets."""


class HttpSession:
    """Asks one host. Cookies are neither kept nor sent, environment proxies are not used."""

    def __init__(
        self,
        connections: Connections,
        url: str,
        block: Block,
        *,
        total_s: float,
        limit_bytes: int,
        tap: Tap | None,
    ) -> None:
        self._connections = connections
        self._url = url
        self._block = block
        self._host = urlsplit(url).netloc
        self._total_s = total_s
        self._limit_bytes = limit_bytes
        self._tap = tap

    async def get(self, path: str, *, headers: Mapping[str, str] = NO_HEADERS) -> HttpAnswer:
        return await self.request("GET", path, headers=headers)

    async def post(self, path: str, body: bytes, *, headers: Mapping[str, str] = NO_HEADERS) -> HttpAnswer:
        return await self.request("POST", path, body=body, headers=headers)

    async def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] = NO_HEADERS
    ) -> HttpAnswer:
        """Raises `Unreachable`, `TimedOut`, `ConnectionLost`, or `BadAnswer` for what is no HTTP or too much of it, and
        `Misused` after the session's end.
        """
        self._block.require()
        said = headers if self._connections.keep_s is not None else {**headers, "Connection": "close"}
        sent = request(method, path, self._host, body=body, headers=said)
        if self._tap is not None:
            self._tap(">", _recorded(f"{method} {path} HTTP/1.1", headers, body or b""))
        try:
            async with asyncio.timeout(self._total_s):
                answer = await self._connections.ask(sent, method, self._limit_bytes)
        except TimeoutError:
            raise TimedOut(f"{self._url} did not answer within {self._total_s:g} s.") from None
        except BadAnswer as error:
            raise BadAnswer(f"{self._url}{path}: {error}.") from error
        if self._tap is not None:
            self._tap("<", _recorded(f"HTTP/1.1 {answer.status}", answer.headers, answer.body))
        return answer


def _recorded(first: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A whole message without chunk frames: what a recording needs to be cut and read again."""
    kept = [f"{name}: {value}" for name, value in headers.items() if name.lower() in RECORDED]
    head = "\r\n".join((first, *kept, f"content-length: {len(body)}", "", ""))
    return head.encode("utf-8", "replace") + body


class Address(msgspec.Struct, frozen=True):
    host: str
    port: int
    is_secure: bool


@asynccontextmanager
async def http(
    url: str,
    *,
    connect_s: float = 5.0,
    total_s: float = 15.0,
    limit_bytes: int = LIMIT_BYTES,
    connections: int = 1,
    keep_alive_s: float | None = 15.0,
    tls: ssl.SSLContext | None = None,
    tap: Tap | None = None,
) -> AsyncIterator[HttpSession]:
    """A session with the host of `url`; nothing is sent before the first request.

    `keep_alive_s` None opens a connection for each request, as hosts want that cannot keep one. Raises `ConfigError`
    for what is no address.
    """
    found = address(url)
    trusted = (tls or trusting()) if found.is_secure else None
    dial = tcp(found.host, found.port, timeout_s=connect_s, tls=trusted, serves_one=False)
    async with TaskScope() as scope:
        pool = Connections(dial, connections, keep_alive_s, scope)
        try:
            with Block(f"the session with {found.host}:{found.port}") as block:
                yield HttpSession(
                    pool, url.rstrip("/"), block, total_s=total_s, limit_bytes=limit_bytes, tap=tap
                )
        finally:
            await pool.close()


def address(url: str) -> Address:
    """Of scheme, host and port alone. Raises `ConfigError`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address: {error}.", example="http://192.0.2.7") from None
    if parts.scheme not in PORTS or not host or parts.username is not None or parts.path not in ("", "/"):
        raise ConfigError(f"{url!r} is no address of a host.", example="http://192.0.2.7")
    return Address(host, PORTS[parts.scheme] if port is None else port, parts.scheme == "https")


@functools.cache
def trusting() -> ssl.SSLContext:
    """Whom this machine trusts. Reading that takes longer than a request."""
    return ssl.create_default_context()
