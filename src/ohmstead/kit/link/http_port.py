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


class HttpPort(Port):
    def __init__(self, handle: Handle, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._requests = web.Server(handle, access_log=None, handler_cancellation=True)
        super().__init__(self._requests, host, port, tls)

    @property
    def links(self) -> int:
        return len(self._requests.connections)

    def drop(self) -> None:
        for handler in self._requests.connections:
            if handler.transport is not None:
                handler.transport.abort()

    async def end(self) -> None:
        """For good, with every connection that stands."""
        self.close()
        self.drop()
        await self._requests.shutdown(CLOSING_S)
