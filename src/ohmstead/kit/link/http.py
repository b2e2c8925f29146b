"""HTTP to devices and as devices. Only our own errors leave it; bodies and waits are bounded; no redirect is followed.

Not loaded with the rest of the room: aiohttp costs more than everything else here together.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final

import aiohttp
import msgspec

from ohmstead.model import BadAnswer, ConfigError, ConnectionLost, DeviceError, Tap, TimedOut, Unreachable

LIMIT_BYTES: Final = 1024 * 1024
"""Of one body, unless told otherwise; devices of a home say what they have to say in a few kilobytes."""
NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
WRONG_ADDRESS: Final = (aiohttp.InvalidURL, ValueError)


class HttpAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Any status is an answer: what it means, only the caller knows. Header names are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = NO_HEADERS


class HttpSession:
    """Asks one host. Cookies are neither kept nor sent, environment proxies are not used."""

    def __init__(
        self, session: aiohttp.ClientSession, host: str, total_s: float, limit_bytes: int, tap: Tap | None
    ) -> None:
        self._session = session
        self._host = host
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
        """Raises `Unreachable`, `TimedOut`, `ConnectionLost`, or `BadAnswer` for what is no HTTP or too much of it."""
        self._tell(">", f"{method} {path} HTTP/1.1", headers, body or b"")
        try:
            async with asyncio.timeout(self._total_s):
                answer = await self._exchange(method, path, body, headers)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise translated(error, self._host, self._total_s) from error
        self._tell("<", f"HTTP/1.1 {answer.status}", answer.headers, answer.body)
        return answer

    async def _exchange(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> HttpAnswer:
        async with self._session.request(
            method, path, data=body, headers=headers, allow_redirects=False
        ) as response:
            got = bytearray()
            async for part in response.content.iter_any():
                got += part
                if len(got) > self._limit_bytes:
                    response.close()
                    raise BadAnswer(
                        f"{self._host}{path}: the answer is longer than {self._limit_bytes:,} bytes."
                    )
            named = {name.lower(): value for name, value in response.headers.items()}
            return HttpAnswer(status=response.status, body=bytes(got), headers=named)

    def _tell(self, direction: str, first: str, headers: Mapping[str, str], body: bytes) -> None:
        """The tap gets whole messages without chunk frames: what a recording needs to be cut and read again."""
        if self._tap is None:
            return
        kept = [f"{name}: {value}" for name, value in headers.items() if name.lower() in RECORDED]
        head = "\r\n".join((first, *kept, f"content-length: {len(body)}", "", ""))
        self._tap(direction, head.encode("utf-8", "replace") + body)


RECORDED: Final = frozenset({"content-type", "connection", "cache-control"})
"""Headers that a recording keeps; others may carry secrets."""


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
    connector = aiohttp.TCPConnector(
        limit=connections,
        ssl=tls if tls is not None else True,
        **({"force_close": True} if keep_alive_s is None else {"keepalive_timeout": keep_alive_s}),
    )
    try:
        session = aiohttp.ClientSession(
            url,
            connector=connector,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # a small body that unpacks into a huge one would pass the limit
            skip_auto_headers=("User-Agent", "Accept-Encoding"),
        )
    except WRONG_ADDRESS as error:
        await connector.close()
        raise ConfigError(f"{url!r} is no address: {error}.", example="http://192.0.2.7") from None
    async with session:
        yield HttpSession(session, url, total_s, limit_bytes, tap)


def translated(error: Exception, host: str, total_s: float) -> DeviceError:
    """Our error for one of aiohttp's."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return TimedOut(
                f"{host} could not be connected in time; check the address and that the device has power."
            )
        case TimeoutError():
            return TimedOut(f"{host} did not answer within {total_s:g} s.")
        case aiohttp.ClientConnectorError():
            return _not_connected(error, host)
        case aiohttp.ClientPayloadError() | aiohttp.ServerDisconnectedError():
            return ConnectionLost(f"{host} ended the connection in the middle of an answer.")
        case aiohttp.ClientResponseError() | ValueError():
            return BadAnswer(f"{host} did not answer with HTTP: {error}.")
        case _:
            return ConnectionLost(f"{host}: the connection broke: {error}.")


def _not_connected(error: aiohttp.ClientConnectorError, host: str) -> Unreachable:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return Unreachable(f"no address is known for {host}; check the spelling.")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return Unreachable(f"{host}: no secure connection could be agreed on: {error}.")
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return Unreachable(
                f"{host} refused the connection: the host is there, but nothing listens; check the port."
            )
        case _:
            return Unreachable(f"{host} could not be connected: {error}.")
