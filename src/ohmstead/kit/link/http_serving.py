"""Answers HTTP as a device: the simulators' side of `http`."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Final

import msgspec
from aiohttp import web

from ohmstead.kit.link.http_port import HttpPort

LIMIT_BYTES: Final = 1024 * 1024
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
    is_last: bool = False
    """The connection ends behind it, whatever of the promised length is there."""


Answer = Callable[[HttpRequest], Awaitable[HttpReply | None]]
"""None: the connection is broken off without a word."""


class HttpListener(HttpPort):
    """A port that answers."""

    def __init__(self, answer: Answer, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(self._handle, host, port, tls)
        self._answer = answer

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
        whole = web.Response(status=reply.status, body=reply.body, headers=reply.headers)
        if reply.is_last:
            whole.force_close()
        return whole
    response = web.StreamResponse(status=reply.status, headers=reply.headers)
    response.enable_chunked_encoding()
    if reply.is_last:
        response.force_close()
    await response.prepare(request)
    await response.write_eof(reply.body)
    return response


@asynccontextmanager
async def serve_http(
    answer: Answer, host: str = "127.0.0.1", port: int = 0, *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[HttpListener]:
    """Listen and answer until the block is left, which ends every connection. With `tls`, speak nothing else."""
    listener = HttpListener(answer, host, port, tls)
    await listener.resume()
    try:
        yield listener
    finally:
        await listener.end()
