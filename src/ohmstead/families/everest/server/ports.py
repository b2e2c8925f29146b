"""The server on the network: plain WebSocket, WebSocket under TLS, or both. Not loaded with the server itself."""

from __future__ import annotations

import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

import msgspec

from ohmstead.families.everest.server.serving import LIMIT_BYTES, PROTOCOL, RpcServer
from ohmstead.kit.link import Listener
from ohmstead.kit.link.tls import Certificate, serving_context
from ohmstead.kit.link.websocket_serving import serve_websocket

log = logging.getLogger(__name__)

PLAIN: Final = "rpcapi"
SECURE: Final = "rpcapi_tls"
WAITING: Final = 64
"""Connections that may stand at a port beside the clients: those that are opening, or being told that it is full."""


class RpcPorts(msgspec.Struct, frozen=True):
    listeners: Mapping[str, Listener]

    @property
    def endpoints(self) -> Mapping[str, int]:
        """Port by name; the plain one first, if there is one."""
        return {name: listener.port for name, listener in self.listeners.items()}


@asynccontextmanager
async def rpc_ports(
    server: RpcServer,
    host: str = "127.0.0.1",
    port: int | None = 0,
    *,
    tls_host: str | None = None,
    tls_port: int | None = None,
    certificate: Certificate | None = None,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[RpcPorts]:
    """Serve until the block is left. A port that is None stays closed, 0 is any free one.

    `tls_host` is `host` unless it is said: what others reach is best reached under TLS alone. The TLS port shows
    `certificate`, whose fingerprint is logged; `tls` instead is a context made by the caller, as for client certificates.
    """
    context = tls or (serving_context(certificate) if certificate is not None else None)
    listeners: dict[str, Listener] = {}
    async with AsyncExitStack() as stack:

        async def open_port(name: str, at: str, number: int, secured: ssl.SSLContext | None) -> None:
            listening = serve_websocket(
                server.serve,
                at,
                number,
                protocols=(PROTOCOL,),
                limit_bytes=LIMIT_BYTES,
                most=server.settings.max_clients + WAITING,
                tls=secured,
            )
            listeners[name] = await stack.enter_async_context(listening)

        if port is not None:
            await open_port(PLAIN, host, port, None)
        if tls_port is not None and context is not None:
            await open_port(SECURE, tls_host or host, tls_port, context)
            if certificate is not None:
                log.info("the certificate's fingerprint is %s", certificate.fingerprint)
        yield RpcPorts(listeners)
