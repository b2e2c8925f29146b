"""WebSocket to devices: whole messages, bounded in size, asked for signs of life. Only our own errors leave it.

Not loaded with the rest of the room: aiohttp costs more than everything else here together.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final

import aiohttp
from aiohttp import web

from ohmstead.kit.link.messages import NORMAL, DialMessages, Message, MessageLink
from ohmstead.model import (
    AuthFailed,
    BadAnswer,
    ConfigError,
    ConnectionLost,
    DeviceError,
    OhmsteadError,
    Refused,
    Tap,
    TimedOut,
    Unreachable,
)

LIMIT_BYTES: Final = 1024 * 1024
"""Of one message; a longer one ends the connection with code 1009."""
CLOSING_S: Final = 1.0
"""For the peer to answer our closing; then the connection ends all the same."""
NOT_ADMITTED: Final = frozenset({401, 403})
NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
WRONG_ADDRESS: Final = (aiohttp.InvalidURL, ValueError)


class WebSocketLink:
    """One end of a connection. `inward` and `outward` name the directions for the tap."""

    def __init__(
        self,
        socket: aiohttp.ClientWebSocketResponse | web.WebSocketResponse,
        peer: str,
        tap: Tap | None = None,
        directions: tuple[str, str] = ("<", ">"),
    ) -> None:
        self.peer = peer
        self._socket = socket
        self._tap = tap
        self._inward, self._outward = directions

    @property
    def close_code(self) -> int | None:
        return self._socket.close_code

    async def send(self, message: Message) -> None:
        if self._tap is not None:
            self._tap(self._outward, message.data)
        try:
            if message.is_text:
                await self._socket.send_str(message.data.decode())
            else:
                await self._socket.send_bytes(message.data)
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectionLost(f"{self.peer}: nothing can be sent, the connection is closed") from error

    async def receive(self) -> Message:
        came = await self._socket.receive()
        match came.type:
            case aiohttp.WSMsgType.TEXT:
                message = Message(came.data.encode(), is_text=True)
            case aiohttp.WSMsgType.BINARY:
                message = Message(bytes(came.data))
            case _:
                raise ConnectionLost(f"{self.peer}: the connection ended (code {self.close_code})")
        if self._tap is not None:
            self._tap(self._inward, message.data)
        return message

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        await self._socket.close(code=code, message=reason.encode())


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
    """A dial for a WebSocket address; with `wss:`, `tls` says whom to trust. A peer that leaves a ping unanswered for half of `ping_s` is gone."""

    @asynccontextmanager
    async def dial() -> AsyncIterator[MessageLink]:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), headers=headers) as session:
            try:
                async with asyncio.timeout(connect_s):
                    socket = await session.ws_connect(
                        url,
                        protocols=protocols,
                        heartbeat=ping_s,
                        max_msg_size=limit_bytes,
                        ssl=tls if tls is not None else True,
                        timeout=aiohttp.ClientWSTimeout(ws_close=CLOSING_S),
                    )
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise _not_opened(error, url, connect_s) from error
            link = WebSocketLink(socket, url, tap)
            try:
                yield link
            finally:
                await link.close()

    return dial


def _not_opened(error: Exception, url: str, connect_s: float) -> OhmsteadError:
    match error:
        case aiohttp.WSServerHandshakeError(status=status):
            kind = AuthFailed if status in NOT_ADMITTED else Refused
            return kind(f"{url} does not offer a WebSocket to us: status {status}.", code=status)
        case _ if isinstance(error, WRONG_ADDRESS) and not isinstance(error, aiohttp.ClientConnectionError):
            return ConfigError(f"{url!r} is no address.", example="ws://192.0.2.7:8080")
        case _:
            return _translated(error, url, connect_s)


def _translated(error: Exception, url: str, connect_s: float) -> DeviceError:
    """Our error for one of aiohttp's."""
    match error:
        case TimeoutError():
            return TimedOut(f"{url} did not answer within {connect_s:g} s; check that the device has power.")
        case aiohttp.ClientConnectorError():
            return _not_connected(error, url)
        case aiohttp.ServerDisconnectedError():
            return ConnectionLost(f"{url} ended the connection in the middle of an answer.")
        case aiohttp.ClientResponseError():
            return BadAnswer(f"{url} did not answer with HTTP: {error}.")
        case _:
            return ConnectionLost(f"{url}: the connection broke: {error}.")


def _not_connected(error: aiohttp.ClientConnectorError, url: str) -> Unreachable:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return Unreachable(f"no address is known for {url}; check the spelling.")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientConnectorSSLError():
            return Unreachable(f"{url}: no secure connection could be agreed on: {error}.")
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return Unreachable(
                f"{url} refused the connection: the host is there, but nothing listens; check the port."
            )
        case _:
            return Unreachable(f"{url} could not be connected: {error}.")
