"""Stands as a device: accepts TCP connections and has each served."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from ohmstead.kit.link.link import Listener, Serve
from ohmstead.kit.link.ports import Port
from ohmstead.kit.link.scope import TaskScope
from ohmstead.kit.link.serving import Serving
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.model import Tap

IN_AND_OUT: Final = (">", "<")
"""We are the device: what we receive goes to it."""


class TcpListener(Port):
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
        super().__init__(self._meet, host, port, tls)
        self._most = most
        self._tap = tap
        self._serving = serving

    @property
    def links(self) -> int:
        return len(self._serving.links)

    def drop(self) -> None:
        self._serving.drop()

    def _meet(self) -> SocketLink:
        return SocketLink(self._tap, IN_AND_OUT, self._accept)

    def _accept(self, link: SocketLink) -> None:
        is_full = self._most is not None and self.links >= self._most
        if is_full or not self.is_open:  # or it had come in just before we stopped
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
