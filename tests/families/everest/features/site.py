"""A charge point behind our own mode, and both kinds of clients it has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from ohmstead.families.everest.server import ChargePoint, Evse, RpcServer, RpcSettings, rpc_server
from ohmstead.families.everest.wire import Mode
from ohmstead.kit.link import TaskScope
from ohmstead.kit.tokens import Gate, Scope, TokenStore
from ohmstead.model import ScaledClock
from ohmstead.testing import MessageNetwork
from tests.families.everest.bench import AT, Caller, Sink, calling, charge_point
from tests.families.everest.plain_client import Witness

BEFORE = AT - timedelta(days=30)
AWAY = "192.0.2.7"
STATUS, CURRENT, ALLOWED = "EVSE.GetStatus", "EVSE.SetACChargingCurrent", "EVSE.SetChargingAllowed"
ENABLE, ERRORS = "EVSE.EnableConnector", "ChargePoint.GetActiveErrors"


class Site:
    """`folder` is where its tokens are kept, as the command line finds them."""

    def __init__(
        self, server: RpcServer, network: MessageNetwork, folder: Path, interface: Mapping[str, Any]
    ) -> None:
        self.server = server
        self.network = network
        self.folder = folder
        self._interface = interface

    @property
    def point(self) -> ChargePoint:
        return self.server.point

    def evse(self, index: int = 1) -> Evse:
        return self.point.evses[index]

    def sink(self, index: int = 1) -> Sink:
        found = self.evse(index).sink
        assert isinstance(found, Sink)
        return found

    def token(self, *scopes: Scope, days: float = 90) -> str:
        """A new one in place of the last."""
        store = token_store(self.folder)
        if any(found.name == "tablet" for found in store.tokens()):
            store.revoke("tablet")
        return store.create("tablet", scopes, now=BEFORE, expires_at=AT + timedelta(days=days))

    def ours(self, *extensions: str, **how: Any) -> AbstractAsyncContextManager[Caller]:
        return calling(self.network, *extensions, **how)

    @asynccontextmanager
    async def plain(self, *, token: str = "", address: str = "127.0.0.1") -> AsyncIterator[Caller]:
        """Knows the makers' description alone, and holds every frame against it. A token stands in its upgrade."""
        witness = Witness(self._interface)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with calling(self.network, address=address, headers=headers, saw=witness.saw) as caller:
            yield caller
        assert witness.violations == []

    async def status(self, caller: Caller, index: int = 1) -> Any:
        return (await caller.result(STATUS, index))["status"]


def token_store(folder: Path) -> TokenStore:
    return TokenStore(folder / ".ohmstead" / "tokens.json")


@asynccontextmanager
async def opened(
    fixture: Any, interface: Mapping[str, Any], folder: Path, settings: RpcSettings
) -> AsyncIterator[Site]:
    network, clock = MessageNetwork(), ScaledClock(AT)
    gate = Gate(token_store(folder), clock)
    async with TaskScope() as scope:
        point = charge_point(fixture, scope, mode=Mode.IMPROVED)
        async with (
            rpc_server(point, settings=settings, gate=gate, clock=clock) as server,
            network.serve(server.serve),
        ):
            yield Site(server, network, folder, interface)


async def code(caller: Caller, method: str, *params: object, **named: object) -> int | None:
    """Of the error that a call is refused with."""
    found: int | None = (await caller.call(method, *params, **named)).get("error", {}).get("code")
    return found


async def reason(caller: Caller, method: str, *params: object, **named: object) -> Any:
    """What an error says beside its code."""
    return (await caller.call(method, *params, **named))["error"]["data"]
