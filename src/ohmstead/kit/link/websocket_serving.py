"""Speaks WebSocket as a device: the serving side of `websocket`."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from ohmstead.kit.link.link import Listener
from ohmstead.kit.link.listen import TcpListener
from ohmstead.kit.link.messages import Message, ServeMessages
from ohmstead.kit.link.scope import TaskScope
from ohmstead.kit.link.serving import Serving
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.kit.link.websocket import LIMIT_BYTES
from ohmstead.kit.link.websocket_link import WebSocketLink
from ohmstead.kit.wire.websocket import message_frame
from ohmstead.kit.wire.websocket_opening import Asked, granted, read_asked
from ohmstead.model import Tap

OPENING_S: Final = 10.0
"""For a client to ask for a WebSocket."""
NO_MESSAGE: Final = Message(b"")


class Frames:
    """The last message as it travels: the same bytes for all clients, and so made once."""

    def __init__(self) -> None:
        self.message = NO_MESSAGE
        self.frame = b""

    def of(self, message: Message) -> bytes:
        self.message, self.frame = message, message_frame(message)
        return self.frame


class ServedWebSocket(WebSocketLink):
    is_server = True
    directions = (">", "<")

    def __init__(
        self,
        link: SocketLink,
        headers: Mapping[str, str],
        frames: Frames,
        *,
        limit_bytes: int,
        ping_s: float | None,
        tap: Tap | None,
    ) -> None:
        host, _, _ = link.peer.rpartition(":")
        super().__init__(link, host.strip("[]"), limit_bytes=limit_bytes, ping_s=ping_s, tap=tap)
        self.headers = headers
        self._frames = frames

    def framed(self, message: Message) -> bytes:
        frames = self._frames
        return frames.frame if message is frames.message else frames.of(message)


class WebSocketServer:
    """What becomes of a connection to the port. `protocols` are those we speak."""

    def __init__(
        self,
        serve: ServeMessages,
        protocols: Sequence[str],
        *,
        limit_bytes: int,
        ping_s: float | None,
        tap: Tap | None,
    ) -> None:
        self._serve = serve
        self._protocols = protocols
        self._limit_bytes = limit_bytes
        self._ping_s = ping_s
        self._tap = tap
        self._frames = Frames()

    async def attend(self, link: SocketLink) -> None:
        request = await _asked(link)
        if request is None or self._speaks_none_of(request):
            link.abort()
            return
        if request.refusal:
            await link.send(request.refusal)
            return
        await link.send(granted(request, self._protocols))
        socket = ServedWebSocket(
            link,
            request.headers,
            self._frames,
            limit_bytes=self._limit_bytes,
            ping_s=self._ping_s,
            tap=self._tap,
        )
        socket.begin(request.rest)
        try:
            await self._serve(socket)
        finally:
            await socket.close()

    def _speaks_none_of(self, request: Asked) -> bool:
        return bool(request.protocols) and not set(request.protocols) & set(self._protocols)


async def _asked(link: SocketLink) -> Asked | None:
    """None of a client that takes too long."""
    held = b""
    try:
        async with asyncio.timeout(OPENING_S):
            while (request := read_asked(held)) is None:
                held += await link.receive()
    except TimeoutError:
        return None
    return request


@asynccontextmanager
async def serve_websocket(
    serve: ServeMessages,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    protocols: Sequence[str] = (),
    ping_s: float | None = 20.0,
    limit_bytes: int = LIMIT_BYTES,
    most: int | None = None,
    tls: ssl.SSLContext | None = None,
    tap: Tap | None = None,
) -> AsyncIterator[Listener]:
    """Listen and serve, at every path, until the block is left, which ends every connection. Raises `ConfigError` for a taken port.

    Who asks only for protocols that are not among `protocols` is cut off without an answer, and so is everybody while
    there are `most` connections.
    """
    server = WebSocketServer(serve, tuple(protocols), limit_bytes=limit_bytes, ping_s=ping_s, tap=tap)
    async with TaskScope() as scope:
        listener = TcpListener(host, port, None, Serving(server.attend, scope), tls=tls, most=most)
        await listener.resume()
        try:
            yield listener
        finally:
            # Who is served is told first, by the end of its task, while it can still be told.
            listener.close()
