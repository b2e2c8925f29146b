"""The documented client. Each method is one line: what it does stands in the module it names."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

from ohmstead.families.franklinwh.client import stats
from ohmstead.families.franklinwh.client.auth import Auth, TokenStore
from ohmstead.families.franklinwh.client.choosing import choose
from ohmstead.families.franklinwh.client.limits import CachePolicy, Limits
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.client.session import NOTHING, SOFTWARE, Session
from ohmstead.families.franklinwh.client.spending import Spending
from ohmstead.families.franklinwh.client.transport import Requests, Transport
from ohmstead.families.franklinwh.facts.commands import Command
from ohmstead.families.franklinwh.facts.endpoints import Endpoint
from ohmstead.families.franklinwh.wire.answers import Answer
from ohmstead.kit.budget import Budgets, BudgetStore, MemoryStore
from ohmstead.model import Clock, RealClock, Tap

BASE_URL: Final = "https://energy.franklinwh.com/"


class Client:
    """One account, and through it one gateway: the one named, or the only one there is.

    Nothing is sent and nothing opened before the first call. Every state lives in the object; `close` and `async with`
    end what it opened.
    """

    def __init__(
        self,
        auth: Auth,
        gateway_id: str | None = None,
        *,
        base_url: str = BASE_URL,
        http: Requests | None = None,
        cache: CachePolicy | None = None,
        limits: Limits | None = None,
        clock: Clock | None = None,
        tokens: TokenStore | None = None,
        budget: BudgetStore | None = None,
        tls: ssl.SSLContext | None = None,
        tap: Tap | None = None,
        software: str = SOFTWARE,
    ) -> None:
        limits = limits or Limits()
        self._clock = clock or RealClock()
        self._policy = cache or CachePolicy()
        self._transport = Transport(base_url, limits, http=http, tls=tls, tap=tap)
        spending = Spending(limits, Budgets(budget or MemoryStore(), self._clock))
        self._session = Session(auth, self._transport, spending, limits, store=tokens, software=software)
        self._wanted = gateway_id
        self._choosing = asyncio.Lock()
        self._lines: dict[str, Line] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connections. The next call opens them again."""
        await self._transport.close()

    async def login(self) -> None:
        """Fetch a new token now; otherwise that happens when it is needed."""
        await self._session.tokens.renew()

    async def line(self, gateway_id: str | None = None) -> Line:
        """To a gateway: this one, or the client's own. Raises `GatewaySelectionError` when there is a choice to make."""
        serial = gateway_id or self._wanted
        if serial is None:
            async with self._choosing:
                if self._wanted is None:
                    self._wanted = await choose(self._session)
                serial = self._wanted
        if serial not in self._lines:
            self._lines[serial] = Line(self._session, serial, self._clock, self._policy)
        return self._lines[serial]

    async def gateway(self) -> str:
        """The serial of the client's gateway."""
        return (await self.line()).serial

    def at(self, gateway_id: str) -> Client:
        """The same account at another of its gateways; token, budgets and connections are shared."""
        other = object.__new__(Client)
        other.__dict__ |= self.__dict__ | {"_wanted": gateway_id}
        return other

    async def call(
        self,
        endpoint: Endpoint,
        *,
        query: Mapping[str, object] = NOTHING,
        body: Mapping[str, object] | None = None,
        fresh: bool = False,
    ) -> Answer:
        """Any call of the table of endpoints, its answer handed through untouched."""
        return await (await self.line()).call(endpoint, query=query, body=body, fresh=fresh)

    async def tunnel(
        self,
        command: Command,
        payload: Mapping[str, object] | None = None,
        *,
        is_write: bool = False,
        fresh: bool = False,
    ) -> dict[str, Any]:  # Any: each command has its own reply
        """Any command of the catalogue of tunnel commands, and the gateway's reply."""
        return await (await self.line()).tunnel(command, payload, is_write=is_write, fresh=fresh)

    async def get_stats(self, *, include_electrical: bool = False, keep_stored: bool = False) -> Stats:
        return await stats.get_stats(
            await self.line(), include_electrical=include_electrical, keep_stored=keep_stored
        )
