"""A plain client at a simulated charge point: it asks, lets time pass, is thrown out and comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from ohmstead.families.everest.simulator import RunningChargePoint, simulate
from ohmstead.families.everest.terminal.exchange import Exchange
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.world import World
from ohmstead.model import Refused, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse
from tests.families.everest.plain_client import Witness

MODES = ["reference", "improved"]
READS = ("EVSE.GetInfo", "EVSE.GetStatus", "EVSE.GetHardwareCapabilities", "EVSE.GetMeterData")


class Visit:
    """`connections` counts them."""

    def __init__(self, simulator: RunningChargePoint, witness: Witness) -> None:
        self.simulator = simulator
        self.witness = witness
        self.connections = 0
        self._exchange: Exchange

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        url = f"ws://127.0.0.1:{self.simulator.listener.port}"
        async with websocket(url, protocols=("EVerestRpcApi",), tap=self.witness.saw)() as link:
            self._exchange = Exchange(link)
            self.connections += 1
            await self._exchange.greet((), "")
            yield

    async def ask(self, method: str, *params: object) -> Any:
        """The result; None where the call was refused."""
        try:
            return await self._exchange.ask(method, params or None)
        except Refused:
            return None

    async def read_everything(self) -> None:
        for method in ("API.Hello", "ChargePoint.GetEVSEInfos", "ChargePoint.GetActiveErrors"):
            await self.ask(method)
        for evse in (*(outlet.kind.index for outlet in self.simulator.station.outlets), 9):
            for method in READS:
                await self.ask(method, evse)

    async def ask_each(self, calls: Sequence[tuple[object, ...]], *, pause_s: int) -> None:
        """One after the other, and let time pass after each."""
        for method, *params in calls:
            await self.ask(str(method), *params)
            await self.wait(pause_s)

    async def wait(self, seconds: int) -> None:
        """Let time pass, and read what comes."""
        for _ in range(seconds):
            await elapse(1)
            await self.ask("ChargePoint.GetActiveErrors")

    async def act(self, action: str, **parameters: object) -> Mapping[str, Any]:
        return await self.simulator.act(action, **parameters)


@asynccontextmanager
async def visiting(
    interface: Mapping[str, Any], model: str, mode: str, **extras: str
) -> AsyncIterator[Visit]:
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    options = SimulatorOptions(model=model, extras={"mode": mode, **extras})
    async with simulate(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        yield Visit(simulator, Witness(interface))
