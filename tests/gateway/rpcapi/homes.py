"""A simulated Wall Connector as an EVSE: the gateway's charge-point interface, driven by our own client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ohmstead.families.everest import Client, connected
from ohmstead.families.everest.bridge import RpcTable, serve
from ohmstead.families.everest.schema.documents import Deviation, deviations
from ohmstead.families.everest.schema.methods import NOTIFICATIONS
from ohmstead.families.everest.terminal.exchange import Exchange
from ohmstead.gateway import Gateway, GatewayChargers, SiteFile, open_gateway
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import DialMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.registry import config_from_table, family, load
from ohmstead.kit.tokens import Gate, TokenStore
from ohmstead.kit.world import World
from ohmstead.model import ConnectionLost, DeviceConfig, ScaledClock, Serving, Simulator, SimulatorOptions
from ohmstead.testing import elapse

MORNING = datetime(2026, 6, 21, 8, tzinfo=UTC)
EXTENSIONS = ("details", "limits", "combined")
STORING, VOLATILE = "24.36.3-eu3", "25.34.1-eu3"
"""One keeps every limit in flash memory and cannot stop a car; the other takes temporary limits and a stop."""


class Home:
    """A gateway with one Wall Connector, its interface, a typed client, and whoever asks having opted in."""

    def __init__(self, gateway: Gateway, simulator: Simulator, client: Client, dial: DialMessages) -> None:
        self.gateway = gateway
        self.simulator = simulator
        self.client = client
        self._dial = dial

    async def asked(self, method: str, **params: object) -> Any:  # Any: JSON
        async with self._dial() as link:
            exchange = Exchange(link)
            await exchange.greet(EXTENSIONS, "")
            return await exchange.ask(f"EVSE.{method}", {"evse_index": 1, **params})

    async def error(self, method: str, **params: object) -> str:
        return str((await self.asked(method, **params))["error"])

    async def applied(self, method: str, **params: object) -> tuple[str, Any]:
        """The error, and what is in force with who decided so."""
        result = await self.asked(method, **params)
        applied = result["applied"]
        return result["error"], (applied["value"], applied.get("limited_by"))

    async def status(self) -> Any:
        return (await self.asked("GetStatus"))["status"]

    @property
    def unit(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.simulator.state()["units"][0]
        return found

    async def polled(self) -> None:
        await elapse(12)


Lives = Callable[[], AbstractAsyncContextManager[Home]]


@asynccontextmanager
async def home(
    directory: Path,
    model: str = VOLATILE,
    *,
    make: str = "tesla-wall-connector",
    control: bool = True,
    access_point: bool = True,
    **extras: str,
) -> AsyncIterator[Home]:
    async with unit(model, make=make, **extras) as (simulator, clock):
        url = simulator.ready["url"] if access_point else simulator.ready["url"].partition("?")[0]
        device = config_from_table({"url": url, "name": "drive", "control": control})
        async with lived_in(simulator, clock, directory, device) as here:
            yield here


@asynccontextmanager
async def unit(
    model: str, *, make: str = "tesla-wall-connector", **extras: str
) -> AsyncIterator[tuple[Simulator, ScaledClock]]:
    clock = ScaledClock(MORNING)
    world = World(clock)
    options = SimulatorOptions(model=model, extras={"latency": "none", "drop-outs": "0", **extras})
    async with load(family(make).simulate)(options, world) as simulator, TaskScope() as scope:
        scope.start(world.run())
        yield simulator, clock


@asynccontextmanager
async def lived_in(
    simulator: Simulator, clock: ScaledClock, directory: Path, device: DeviceConfig
) -> AsyncIterator[Home]:
    """From a start of the gateway to its end."""
    site_file = SiteFile(path=directory / "site.toml", devices=(device,))
    serving = Serving(table=RpcTable(port=0), directory=directory)
    violations: list[Deviation] = []
    async with (
        TaskScope() as scope,
        open_gateway(site_file, directory=directory, clock=clock, threads=False) as gateway,
        serve(
            GatewayChargers(gateway, "rpcapi"), serving, Gate(TokenStore(directory / "tokens.json"), clock)
        ) as ports,
    ):
        dial = websocket(f"ws://127.0.0.1:{ports['rpcapi']}", protocols=("EVerestRpcApi",))
        scope.start(witness(dial, violations))
        async with connected(dial) as client:
            await client.ready()
            await elapse(20)
            yield Home(gateway, simulator, client, dial)
    assert violations == []


async def witness(dial: DialMessages, violations: list[Deviation]) -> None:
    """A client that knows nothing of our additions, and holds every announcement against the schema."""
    async with dial() as link:
        exchange = Exchange(link)
        await exchange.greet((), "")
        with suppress(ConnectionLost):
            async for heard in exchange.announcements():
                violations += deviations(heard.params, NOTIFICATIONS[heard.method].params)


@asynccontextmanager
async def lives_of_one_unit(directory: Path, model: str) -> AsyncIterator[tuple[Simulator, Lives]]:
    """Of gateways, one after the other; the unit's access window stays open unless a test closes it."""
    async with unit(model) as (simulator, clock):
        await simulator.act("window", hidden_min=None, lapsed_min=600.0)
        device = config_from_table({"url": simulator.ready["url"], "name": "drive", "control": True})
        yield simulator, lambda: lived_in(simulator, clock, directory, device)


def stored(simulator: Simulator) -> tuple[int, int]:
    """The current in the unit's flash memory, and how often that was written."""
    (found,) = simulator.state()["units"]
    return found["stored_a"], found["flash_writes"]
