"""A port at which HTTP requests come in, whatever is done with them."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from ohmstead.kit.link.ports import kept_port, open_port

CLOSING_S: Final = 0.1
"""For handlers to end once they are told; they have nothing to finish."""

Handle = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class HttpPort:
    """`pause`, `resume` and `drop` as with a `Listener`."""

    def __init__(self, handle: Handle, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.port = port
        self._tls = tls
        self._server = web.Server(handle, access_log=None, handler_cancellation=True)
        self._listening: asyncio.Server | None = None
        self._place: socket.socket | None = None

    @property
    def links(self) -> int:
        return len(self._server.connections)

    async def resume(self) -> None:
        """Accept again, on the same port. Raises `ConfigError` for a taken one."""
        if self._listening is None:
            self._leave_place()
            self._listening, self.port = await open_port(self._server, self.host, self.port, self._tls)

    async def pause(self) -> None:
        """Refuse new connections until `resume`; those that stand go on."""
        if self._listening is not None:
            self._stop()
            self._place = kept_port(self.host, self.port)

    def drop(self) -> None:
        for handler in self._server.connections:
            if handler.transport is not None:
                handler.transport.abort()

    async def close(self) -> None:
        self._stop()
        self._leave_place()
        self.drop()
        await self._server.shutdown(CLOSING_S)

    def _stop(self) -> None:
        server, self._listening = self._listening, None
        if server is not None:
            server.close()

    def _leave_place(self) -> None:
        place, self._place = self._place, None
        if place is not None:
            place.close()
