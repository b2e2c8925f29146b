"""Bytes to the cloud and back: opened when first needed, bounded in time and size, closed from any task."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from urllib.parse import urlsplit

from ohmstead.families.franklinwh.client.limits import Limits
from ohmstead.families.franklinwh.errors import InvalidResponse
from ohmstead.families.franklinwh.wire.answers import Answer, read_answer
from ohmstead.kit.link.keeper import Keeper
from ohmstead.model import BadAnswer, ConfigError, Tap, TimedOut


class Response(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def body(self) -> bytes: ...
    @property
    def headers(self) -> Mapping[str, str]: ...


class Requests(Protocol):
    """What is asked of a session; `ohmstead.kit.link.http` makes one, and so may others."""

    async def request(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str]
    ) -> Response: ...


class Transport:
    def __init__(
        self,
        base_url: str,
        limits: Limits,
        *,
        http: Requests | None = None,
        tls: ssl.SSLContext | None = None,
        tap: Tap | None = None,
    ) -> None:
        parts = urlsplit(base_url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            raise ConfigError(f"{base_url!r} is no address.", example="https://energy.franklinwh.com/")
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path.rstrip("/") + "/"
        self._limits = limits
        self._http = http
        self._is_ours = http is None
        self._tls = tls
        self._tap = tap
        self._keeper = Keeper("the FranklinWH cloud")
        self._opening = asyncio.Lock()

    async def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None, timeout_s: float
    ) -> Answer:
        """Raises the model's `Unreachable`, `TimedOut`, `ConnectionLost`, or `InvalidResponse`."""
        session = self._http or await self._open()
        asked = session.request(method, self._prefix + path, body=body, headers=headers)
        try:
            got = await self._in_time(asked, timeout_s)
        except BadAnswer as error:
            # Behind the question mark stands whose gateway it is, which is nobody's business in a log.
            said = str(error).replace(path, path.partition("?")[0])
            raise InvalidResponse(said, status_code=0) from None
        return read_answer(got.status, got.body, got.headers)

    async def _in_time(self, asked: Awaitable[Response], timeout_s: float) -> Response:
        if self._is_ours and timeout_s >= self._limits.gateway_s:
            return await asked  # our own session waits no longer, and a second timer is not free
        try:
            async with asyncio.timeout(timeout_s):
                return await asked
        except TimeoutError:
            raise TimedOut(f"{self._origin} did not answer within {timeout_s:g} s.") from None

    async def _open(self) -> Requests:
        async with self._opening:
            if self._http is None:
                self._http = await self._keeper.open(self._session())
            return self._http

    def _session(self) -> AbstractAsyncContextManager[Requests]:
        from ohmstead.kit.link.http import http  # noqa: PLC0415  # costs more than the rest of the client

        return http(
            self._origin,
            connect_s=self._limits.connect_s,
            total_s=self._limits.gateway_s,
            limit_bytes=self._limits.body_bytes,
            connections=self._limits.connections,
            keep_alive_s=self._limits.keep_alive_s,
            tls=self._tls,
            tap=self._tap,
        )

    async def close(self) -> None:
        """Does nothing to a session that was given to us. A later `send` opens it again."""
        if self._is_ours:
            await self._keeper.close()
            self._http = None
