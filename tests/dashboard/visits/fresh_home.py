"""A home that nobody has set up yet, with a device of each family in its network."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from served_home import ServedHome

from ohmstead.api import Served, serve
from ohmstead.dashboard import pages
from ohmstead.gateway import open_gateway, read_site_file
from ohmstead.kit.registry import family, load
from ohmstead.kit.tokens import FILE_NAME, Gate, TokenStore
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions

NOON: Final = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
LOCAL: Final[Mapping[str, Mapping[str, str]]] = {
    "hoymiles": {},
    "givenergy": {"latency": "none", "cloud": "off"},
    "everest": {},
    "tesla-wall-connector": {"latency": "none", "drop-outs": "0"},
}
CLOUD: Final = {"plain": "true", "latency": "0"}


class FreshHome(ServedHome):
    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.site_file = directory / "site.toml"
        self.site_file.write_text('[site]\nname = "Home"\n')
        self.networks = ""
        self.cloud_url = ""
        self.password = ""

    async def open(self, stack: AsyncExitStack) -> Served:
        clock = ScaledClock(NOON)
        world = World(clock)

        async def simulate(name: str, extras: Mapping[str, str]) -> Any:  # Any: each family's own
            options = SimulatorOptions(name=name, extras=extras)
            return await stack.enter_async_context(load(family(name).simulate)(options, world))

        running = [await simulate(name, extras) for name, extras in LOCAL.items()]
        ports = [next(iter(one.endpoints.values())) for one in running]
        self.networks = ",".join(f"127.0.0.1:{port}" for port in ports)
        cloud = (await simulate("franklinwh", CLOUD)).ready
        self.cloud_url, self.password = cloud["url"], cloud["secret"]
        directory = self.directory / "data"
        opened = open_gateway(read_site_file(self.site_file), directory=directory, clock=clock)
        gateway = await stack.enter_async_context(opened)
        gate = Gate(TokenStore(directory / FILE_NAME), clock)
        served = serve(gateway, gate=gate, directory=directory, port=self.port, pages=pages())
        return await stack.enter_async_context(served)
