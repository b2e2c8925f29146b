"""Answers HTTP as a device: the simulators' side of `http`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final

import msgspec
from aiohttp import web

from ohmstead.model import ConfigError

LIMIT_BYTES: Final = 1024 * 1024
CLOSING_S: Final = 0.1
"""For handlers to end once they are told; they have nothing to finish."""
NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Header names are in lower case. `peer` is the same text for all requests over one connection."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = NO_FIELDS
    query: Mapping[str, str] = NO_FIELDS
    peer: str = ""


class HttpReply(msgspec.Struct, frozen=True, kw_only=True):
    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = NO_FIELDS
    is_chunked: bool = False
    """The body goes out as one chunk instead of with its length."""


Answer = Callable[[HttpRequest], Awaitable[HttpReply | None]]
"""None: the connection is broken off without a word."""


class HttpListener:
    """A port that answers. `pause` and `resume` as with a `Listener`; `drop` breaks off what stands."""

    def __init__(self, answer: Answer, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self._answer = answer
        self._server = web.Server(self._handle, access_log=None, handler_cancellation=True)
        self._socket: asyncio.Server | None = None
        self._transports: set[asyncio.Transport] = set()

    @property
    def links(self) -> int:
        return len(self._server.connections)

    async def resume(self) -> None:
        """Accept again, on the same port. Raises `ConfigError` for a taken one."""
        if self._socket is not None:
            return
        try:
            self._socket = await asyncio.get_running_loop().create_server(self._server, self.host, self.port)
        except (OSError, OverflowError) as error:
            raise ConfigError(
                f"cannot listen on {self.host}:{self.port}: {error}. Choose a free port, or 0 for any."
            ) from error
        self.port = self._socket.sockets[0].getsockname()[1]

    async def pause(self) -> None:
        """Refuse new connections until `resume`; those that stand go on."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()

    def drop(self) -> None:
        for handler in self._server.connections:
            if handler.transport is not None:
                handler.transport.abort()

    async def close(self) -> None:
        await self.pause()
        self.drop()
        await self._server.shutdown(CLOSING_S)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        asked = HttpRequest(
            method=request.method,
            path=request.path,
            body=await request.read(),
            headers={name.lower(): value for name, value in request.headers.items()},
            query=dict(request.query),
            peer=_peer(request),
        )
        reply = await self._answer(asked)
        if reply is None:
            if request.transport is not None:
                request.transport.abort()
            raise asyncio.CancelledError  # nobody is left to answer
        return await _sent(request, reply)


def _peer(request: web.BaseRequest) -> str:
    host, port = request.get_extra_info("peername", ("?", 0))[:2]
    return f"{host}:{port}"


async def _sent(request: web.BaseRequest, reply: HttpReply) -> web.StreamResponse:
    if not reply.is_chunked:
        return web.Response(status=reply.status, body=reply.body, headers=reply.headers)
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.enable_chunked_encoding()
    await response.prepare(request)
    await response.write_eof(reply.body)
    return response


@asynccontextmanager
async def serve_http(answer: Answer, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[HttpListener]:
    """Listen and answer until the block is left, which ends every connection."""
    listener = HttpListener(answer, host, port)
    await listener.resume()
    try:
        yield listener
    finally:
        await listener.close()
