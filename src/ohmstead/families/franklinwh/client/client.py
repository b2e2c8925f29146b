"""The documented client: an account, and the line to one of its gateways."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from ohmstead.families.franklinwh.client.auth import Auth, TokenStore
from ohmstead.families.franklinwh.client.choosing import choose
from ohmstead.families.franklinwh.client.limits import CachePolicy, Limits
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.metrics import Metrics, metrics
from ohmstead.families.franklinwh.client.session import NOTHING, SOFTWARE, Session
from ohmstead.families.franklinwh.client.spending import Spending
from ohmstead.families.franklinwh.client.surface_reads import Reads
from ohmstead.families.franklinwh.client.surface_writes import Writes
from ohmstead.families.franklinwh.client.transport import Requests, Transport
from ohmstead.families.franklinwh.facts.commands import Command
from ohmstead.families.franklinwh.facts.endpoints import Endpoint, by_path, unknown
from ohmstead.families.franklinwh.wire.answers import Answer
from ohmstead.kit.budget import Budgets, BudgetStore, MemoryStore
from ohmstead.model import Clock, RealClock, Tap

BASE_URL: Final = "https://energy.franklinwh.com/"


class Client(Reads, Writes):
    """One account, and through it one gateway: the one named, or the only one there is.

    Used inside `async with`, which may be entered again: nothing is sent and nothing opened before the first call in it,
    and leaving it ends what they opened. Every state lives in the object.
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
        spending: Spending | None = None,
        budget: BudgetStore | None = None,
        tls: ssl.SSLContext | None = None,
        tap: Tap | None = None,
        software: str = SOFTWARE,
    ) -> None:
        """`spending` is shared by clients of one account; without it, what calls may cost is counted in `budget` or memory."""
        limits = limits or Limits()
        self._clock = clock or RealClock()
        self._policy = cache or CachePolicy()
        self._transport = Transport(base_url, limits, http=http, tls=tls, tap=tap)
        spending = spending or Spending(limits, Budgets(budget or MemoryStore(), self._clock))
        self._session = Session(auth, self._transport, spending, limits, store=tokens, software=software)
        self._wanted = gateway_id
        self._choosing = asyncio.Lock()
        self._lines: dict[str, Line] = {}

    async def __aenter__(self) -> Self:
        self._session.block.begin()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Leave the block: end the connections."""
        self._session.block.end()
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
        """Any command of the catalogue of tunnel commands, and the gateway's reply. Raises `ValueError` for a write that is
        not called one: a read is sent again where no answer comes.
        """
        if not is_write and command.may_write(command.read if payload is None else payload):
            raise ValueError(
                f"command {command.number} may change something; say is_write=True if that is meant"
            )
        return await (await self.line()).tunnel(command, payload, is_write=is_write, fresh=fresh)

    async def fetch(
        self, method: str, path: str, query: Mapping[str, object] = NOTHING, *, is_write: bool = False
    ) -> Answer:
        """Any path of the cloud, whether a table knows it or not. Raises `ValueError` for a write that is not called one."""
        known = by_path(method.upper(), path)
        if not is_write and (known.is_write if known else method.upper() != "GET"):
            raise ValueError(f"{method} {path} may change something; say is_write=True if that is meant")
        line = await self.line()
        if known is not None:
            return await line.call(known, query=query, fresh=True)
        return await self._session.call(
            unknown(method.upper(), path, is_write=is_write), gateway=line.serial, query=query
        )

    def get_metrics(self) -> Metrics:
        """Counted since the client was made."""
        return metrics(self._session, self._lines.values())

    def get_gateway_heartbeat(self) -> datetime | None:
        """When the gateway was last heard itself, and not the cloud's memory of it."""
        heard = [line.state.stats_at for line in self._lines.values() if line.state.stats_at]
        return max(heard, default=None)

    async def logout(self) -> None:
        """Make the token invalid."""
        await self._session.log_out()
