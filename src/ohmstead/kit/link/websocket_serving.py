"""Speaks WebSocket as a device: the serving side of `websocket`."""

from __future__ import annotations

import asyncio
import ssl
import struct
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache

from aiohttp import web

from ohmstead.kit.link.http_port import HttpPort
from ohmstead.kit.link.link import Listener
from ohmstead.kit.link.messages import Message, ServeMessages
from ohmstead.kit.link.scope import TaskScope
from ohmstead.kit.link.serving import Serving
from ohmstead.kit.link.websocket import CLOSING_S, LIMIT_BYTES, WebSocketLink
from ohmstead.model import Tap


@lru_cache(maxsize=32)
def framed(message: Message) -> bytes:
    """A whole message as it travels from a server. The same for all clients, and so made once (RFC 6455, 5.2)."""
    first, data = 0x81 if message.is_text else 0x82, message.data
    if (size := len(data)) < 126:
        return bytes((first, size)) + data
    if size < 0x10000:
        return struct.pack("!BBH", first, 126, size) + data
    return struct.pack("!BBQ", first, 127, size) + data


class ServedWebSocket(WebSocketLink):
    def __init__(self, socket: web.WebSocketResponse, request: web.BaseRequest, tap: Tap | None) -> None:
        super().__init__(socket, request.remote or "?", tap, (">", "<"))
        self._request = request

    @property
    def headers(self) -> Mapping[str, str]:
        return {name.lower(): value for name, value in self._request.headers.items()}

    def send_now(self, message: Message) -> bool:
        transport = self._request.transport
        is_open = transport is not None and not transport.is_closing() and not self._socket.closed
        if transport is None or not is_open or transport.get_write_buffer_size():
            return False
        if self._tap is not None:
            self._tap(self._outward, message.data)
        transport.write(framed(message))
        return True

    def abort(self) -> None:
        if self._request.transport is not None:
            self._request.transport.abort()


class WebSocketListener(HttpPort):
    """A port that accepts WebSockets at every path."""

    def __init__(
        self,
        serving: Serving[ServedWebSocket],
        host: str,
        port: int,
        *,
        protocols: Sequence[str],
        ping_s: float | None,
        limit_bytes: int,
        tls: ssl.SSLContext | None,
        tap: Tap | None,
    ) -> None:
        super().__init__(self._accept, host, port, tls)
        self._serving = serving
        self._protocols = tuple(protocols)
        self._ping_s = ping_s
        self._limit_bytes = limit_bytes
        self._tap = tap

    @property
    def links(self) -> int:
        return len(self._serving.links)

    async def _accept(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse(
            protocols=self._protocols,
            heartbeat=self._ping_s,
            max_msg_size=self._limit_bytes,
            timeout=CLOSING_S,
            compress=False,
        )
        if not socket.can_prepare(request):
            return web.Response(
                status=426, text="This port speaks WebSocket only.\n", headers={"Upgrade": "websocket"}
            )
        if self._speaks_none_of(request) and request.transport is not None:
            request.transport.abort()
            raise asyncio.CancelledError  # nobody is left to answer
        await socket.prepare(request)
        link = ServedWebSocket(socket, request, self._tap)
        await asyncio.wait({self._serving.begin(link)})
        return socket

    def _speaks_none_of(self, request: web.BaseRequest) -> bool:
        asked = [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        return any(asked) and not set(asked) & set(self._protocols)


@asynccontextmanager
async def serve_websocket(
    serve: ServeMessages,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    protocols: Sequence[str] = (),
    ping_s: float | None = 20.0,
    limit_bytes: int = LIMIT_BYTES,
    tls: ssl.SSLContext | None = None,
    tap: Tap | None = None,
) -> AsyncIterator[Listener]:
    """Listen and serve until the block is left, which ends every connection. Raises `ConfigError` for a taken port.

    Who asks only for protocols that are not among `protocols` is cut off without an answer.
    """
    listener: WebSocketListener | None = None
    try:
        async with TaskScope() as scope:
            listener = WebSocketListener(
                Serving(serve, scope),
                host,
                port,
                protocols=protocols,
                ping_s=ping_s,
                limit_bytes=limit_bytes,
                tls=tls,
                tap=tap,
            )
            await listener.resume()
            try:
                yield listener
            finally:
                # Who is served is told first, by the end of its task, while it can still be told.
                await listener.pause()
    finally:
        if listener is not None:
            await listener.close()
