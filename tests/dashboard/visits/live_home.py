"""A scripted home."""

from __future__ import annotations

from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripted_family import HOMES, ScriptedConfig, ScriptedHome, ScriptedSource
from served_home import ServedHome

from ohmstead.api import Served, serve
from ohmstead.api.settings import ApiSettings
from ohmstead.dashboard import pages
from ohmstead.gateway import Gateway, SiteFile, open_gateway
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.tokens import FILE_NAME, Gate, Scope, TokenStore
from ohmstead.model import ReplayedClock, ScaledClock, Site

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


class LiveHome(ServedHome):
    """Three devices behind one source, which do what a test says."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.home = HOMES.setdefault("roof", ScriptedHome())
        self.home.interval_s = 1.0
        self.control = True
        self.speed = 1.0
        self.sources: tuple[str, ...] = ("roof",)
        self.loopback_scopes = tuple(Scope)

    async def open(self, stack: AsyncExitStack) -> Served:
        configs = tuple(
            ScriptedConfig(url=f"scripted://{name}", name=name, control=self.control) for name in self.sources
        )
        site = Site(name="Linden Street 4", time_zone="Europe/Berlin")
        site_file = SiteFile(path=self.directory / "site.toml", site=site, devices=configs)
        clock = ScaledClock(NOON, self.speed)
        opened = open_gateway(site_file, directory=self.directory, clock=clock)
        gateway = await stack.enter_async_context(opened)
        await self._remember_the_morning(gateway)
        gate = Gate(TokenStore(self.directory / FILE_NAME), clock)
        return await stack.enter_async_context(
            serve(
                gateway,
                gate=gate,
                directory=self.directory,
                settings=ApiSettings(loopback_scopes=self.loopback_scopes),
                port=self.port,
                pages=pages(),
            )
        )

    async def _remember_the_morning(self, gateway: Gateway) -> None:
        clock = ReplayedClock(NOON - timedelta(hours=3))
        source = ScriptedSource("roof", self.home, LocalServices(clock))
        for minute in range(180):
            await clock.set(NOON - timedelta(minutes=180 - minute))
            gateway.history.record(await source.read())
        await gateway.history.flush()
