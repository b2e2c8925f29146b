"""A port at which HTTP requests come in, whatever is done with them."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from ohmstead.kit.link.ports import Port

CLOSING_S: Final = 0.1
"""For handlers to end once they are told; they have nothing to finish."""

Handle = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class HttpPort:
    """`pause`, `resume` and `drop` as with a `Listener`."""

    def __init__(self, handle: Handle, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._server = web.Server(handle, access_log=None, handler_cancellation=True)
        self._port = Port(self._server, host, port, tls)

    @property
    def host(self) -> str:
        return self._port.host

    @property
    def port(self) -> int:
        return self._port.number

    @property
    def links(self) -> int:
        return len(self._server.connections)

    async def resume(self) -> None:
        """Accept again, on the same port. Raises `ConfigError` for a taken one."""
        await self._port.open()

    async def pause(self) -> None:
        """Refuse new connections until `resume`; those that stand go on."""
        await self._port.hold_back()

    def drop(self) -> None:
        for handler in self._server.connections:
            if handler.transport is not None:
                handler.transport.abort()

    async def close(self) -> None:
        self._port.close()
        self.drop()
        await self._server.shutdown(CLOSING_S)
