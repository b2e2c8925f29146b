"""Accepts connections: so many at once, none for long that does not come to the point, and none where something is short.

Whoever connects and says nothing, or a letter at a time, costs a descriptor; devices need those more than visitors do.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from functools import partial
from http import HTTPStatus
from typing import Final

import msgspec
from aiohttp import web

from ohmstead.api.problems import CONTENT_TYPE, problem
from ohmstead.gateway import Scarcity
from ohmstead.kit.link.ports import why
from ohmstead.model import ConfigError

MOST_CONNECTIONS: Final = 400
"""Twice the live clients; the usual 1,024 descriptors leave the rest to devices and files."""
HEAD_S: Final = 10.0
"""For the head of a first request, and for a TLS handshake."""
IDLE_S: Final = 60.0
"""Between two requests of one connection."""
SHORT_S: Final = 1.0
"""Between looks at whether something is short."""
LEAVING: Final = 20
"""Who are shown out at once then, at least: a third of them, the newest first."""
ROUND_S: Final = 10.0
STUCK_ROUNDS: Final = 3
"""Rounds in which a visitor took not one byte of what waits for it."""
KERNEL_BYTES: Final = 128 * 1024
"""The kernel's send buffer. It grows to megabytes by itself, which nobody who has stopped reading deserves."""
WAITING: Final = 128
"""Connections that the kernel holds while we are busy."""


class Reception:
    """Of one server, whichever of its doors people come in by."""

    def __init__(self, scarcity: Scarcity) -> None:
        self._scarcity = scarcity
        self._silent: set[web.RequestHandler] = set()
        """Those that have asked nothing yet."""
        self._stuck: dict[web.RequestHandler, tuple[int, int]] = {}
        """What waits for a visitor, in bytes, and in how many rounds it was as much."""
        self._doors: list[asyncio.Server] = []
        self._round: asyncio.TimerHandle | None = None
        self._look: asyncio.TimerHandle | None = None

    async def open(
        self, server: web.Server, host: str, port: int, tls: ssl.SSLContext | None = None, *, otherwise: str
    ) -> int:
        """The port, which is a free one for 0. Raises `ConfigError` for one that is taken, or for an address that is not
        this machine's; `otherwise` is what to try then.
        """
        try:
            door = await asyncio.get_running_loop().create_server(
                partial(self._admit, server),
                host,
                port,
                ssl=tls,
                ssl_handshake_timeout=None if tls is None else HEAD_S,
                backlog=WAITING,
                reuse_address=True,
            )
        except OSError as error:
            raise ConfigError(f"cannot listen on {host}, port {port}: {why(error)}. {otherwise}") from error
        for listening in door.sockets:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)  # handed on to visitors
        self._doors.append(door)
        if self._round is None:
            self._go_round(server)
            self._make_room(server)
        bound: int = door.sockets[0].getsockname()[1]
        return bound

    def close(self) -> None:
        """Nobody comes in any more; who is in stays."""
        for door in self._doors:
            door.close()
        for timer in (self._round, self._look):
            if timer is not None:
                timer.cancel()

    def spoke(self, request: web.Request) -> None:
        """A request arrived whole."""
        if self._silent:
            self._silent.discard(request.protocol)

    def _admit(self, server: web.Server) -> asyncio.BaseProtocol:
        if len(server.connections) >= MOST_CONNECTIONS or not self._scarcity.allows_another():
            return _Refusal()
        handler = server()
        self._silent.add(handler)
        asyncio.get_running_loop().call_later(HEAD_S, self._look_at, handler)
        return handler

    def _look_at(self, handler: web.RequestHandler) -> None:
        if handler in self._silent:
            self._silent.discard(handler)
            if isinstance(handler.transport, asyncio.Transport):
                handler.transport.abort()

    def _make_room(self, server: web.Server) -> None:
        """Visitors go, the newest first, until there is enough for devices again."""
        self._look = asyncio.get_running_loop().call_later(SHORT_S, self._make_room, server)
        if not self._scarcity.look():
            return
        visitors = server.connections
        for handler in visitors[-max(LEAVING, len(visitors) // 3) :]:
            if isinstance(handler.transport, asyncio.Transport):
                handler.transport.abort()

    def _go_round(self, server: web.Server) -> None:
        """Closing alone waits until everything is taken: whoever takes nothing would stay for ever."""
        self._round = asyncio.get_running_loop().call_later(ROUND_S, self._go_round, server)
        stuck: dict[web.RequestHandler, tuple[int, int]] = {}
        for handler in server.connections:
            transport = handler.transport
            if not isinstance(transport, asyncio.Transport) or not (
                waits := transport.get_write_buffer_size()
            ):
                continue
            before, rounds = self._stuck.get(handler, (waits, 0))
            stuck[handler] = (waits, rounds + 1 if before == waits else 1)
            if stuck[handler][1] > STUCK_ROUNDS:
                transport.abort()
        self._stuck = stuck


class _Refusal(asyncio.Protocol):
    """Says that the house is full, and closes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.write(FULL)
            transport.close()


def _full() -> bytes:
    status = HTTPStatus.SERVICE_UNAVAILABLE
    words = problem(status, "Too many are connected; try again in half a minute.")
    body = msgspec.json.encode(words)
    head = (
        f"HTTP/1.1 {status.value} {words.title}\r\nContent-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n"
        "Retry-After: 30\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


FULL: Final = _full()
