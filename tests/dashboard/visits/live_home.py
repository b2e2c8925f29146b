"""A scripted home on a real loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripted_family import HOMES, ScriptedConfig, ScriptedHome, ScriptedSource

from ohmstead.api import Served, serve
from ohmstead.dashboard import pages
from ohmstead.gateway import Gateway, SiteFile, open_gateway
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.tokens import FILE_NAME, Gate, TokenStore
from ohmstead.model import ReplayedClock, ScaledClock, Site

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


class LiveHome:
    """A home that is served until it is stopped; it can come back on the same port."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.home = HOMES.setdefault("roof", ScriptedHome())
        self.home.interval_s = 1.0
        self.control = True
        self.sources: tuple[str, ...] = ("roof",)
        self.port = 0
        self._stop: Callable[[], object] = lambda: None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready)))
        self._thread.start()
        assert ready.wait(20), "the home did not come up"

    def stop(self) -> None:
        self._stop()
        if self._thread is not None:
            self._thread.join(20)

    async def _serve(self, ready: threading.Event) -> None:
        loop, stopped = asyncio.get_running_loop(), asyncio.Event()
        async with AsyncExitStack() as stack:
            served = await self._open(stack)
            self.port = served.port
            self._stop = lambda: loop.call_soon_threadsafe(stopped.set)
            ready.set()
            await stopped.wait()

    async def _open(self, stack: AsyncExitStack) -> Served:
        configs = tuple(
            ScriptedConfig(url=f"scripted://{name}", name=name, control=self.control) for name in self.sources
        )
        site = Site(name="Linden Street 4", time_zone="Europe/Berlin")
        site_file = SiteFile(path=self.directory / "site.toml", site=site, devices=configs)
        clock = ScaledClock(NOON)
        opened = open_gateway(site_file, directory=self.directory, clock=clock)
        gateway = await stack.enter_async_context(opened)
        await self._remember_the_morning(gateway)
        gate = Gate(TokenStore(self.directory / FILE_NAME), clock)
        return await stack.enter_async_context(
            serve(gateway, gate=gate, directory=self.directory, port=self.port, pages=pages())
        )

    async def _remember_the_morning(self, gateway: Gateway) -> None:
        clock = ReplayedClock(NOON - timedelta(hours=3))
        source = ScriptedSource("roof", self.home, LocalServices(clock))
        for minute in range(180):
            await clock.set(NOON - timedelta(minutes=180 - minute))
            gateway.history.record(await source.read())
        await gateway.history.flush()
