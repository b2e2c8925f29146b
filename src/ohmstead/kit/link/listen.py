"""Stands as a device: accepts TCP connections and has each served."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ohmstead.kit.link.link import Listener, Serve
from ohmstead.kit.link.ports import kept_port, open_port
from ohmstead.kit.link.scope import TaskScope
from ohmstead.kit.link.serving import Serving
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.model import Tap

IN_AND_OUT: Final = (">", "<")
"""We are the device: what we receive goes to it."""


class TcpListener:
    def __init__(
        self,
        host: str,
        port: int,
        tap: Tap | None,
        serving: Serving[SocketLink],
        *,
        tls: ssl.SSLContext | None = None,
        most: int | None = None,
    ) -> None:
        """`most` connections at a time are served; others are broken off."""
        self.host = host
        self.port = port
        self._tls = tls
        self._most = most
        self._tap = tap
        self._serving = serving
        self._server: asyncio.Server | None = None
        self._place: socket.socket | None = None

    @property
    def links(self) -> int:
        return len(self._serving.links)

    async def resume(self) -> None:
        if self._server is None:
            self._leave_place()
            self._server, self.port = await open_port(self._protocol, self.host, self.port, self._tls)

    async def pause(self) -> None:
        if self._server is not None:
            self._stop()
            self._place = kept_port(self.host, self.port)

    def close(self) -> None:
        """For good: the port is anybody's."""
        self._stop()
        self._leave_place()

    def _stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _leave_place(self) -> None:
        place, self._place = self._place, None
        if place is not None:
            place.close()

    def drop(self) -> None:
        self._serving.drop()

    def _protocol(self) -> SocketLink:
        return SocketLink(self._tap, IN_AND_OUT, self._accept)

    def _accept(self, link: SocketLink) -> None:
        is_full = self._most is not None and self.links >= self._most
        if is_full or self._server is None:  # None: it had come in just before we stopped
            link.abort()
        else:
            self._serving.begin(link)


@asynccontextmanager
async def listen(
    serve: Serve, host: str = "127.0.0.1", port: int = 0, *, tap: Tap | None = None
) -> AsyncIterator[Listener]:
    """Listen and serve until the block is left, which ends every connection. Raises `ConfigError` for a taken port."""
    async with TaskScope() as scope:
        listener = TcpListener(host, port, tap, Serving(serve, scope))
        await listener.resume()
        try:
            yield listener
        finally:
            listener.close()
