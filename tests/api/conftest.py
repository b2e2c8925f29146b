"""A scripted home behind a real gateway, served on a real loopback socket, asked over HTTP."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

sys.path.append(str(Path(__file__).parent / "toys"))

from asked import Asked, Open
from scripted_family import HOMES, ScriptedConfig, ScriptedHome, install

from ohmstead.api import ApiSettings, serve
from ohmstead.dashboard import pages
from ohmstead.gateway import Gateway, SiteFile, open_gateway
from ohmstead.kit.registry import families
from ohmstead.kit.tokens import Gate, TokenStore
from ohmstead.model import ScaledClock, Site
from ohmstead.polling import HealthState

LOCAL = ApiSettings()
NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


async def first_polls(gateway: Gateway) -> None:
    watch = gateway.watch()
    while any(status.health is HealthState.STARTING for status in gateway.devices()):
        await anext(watch)


@pytest.fixture
def roof() -> ScriptedHome:
    return HOMES.setdefault("roof", ScriptedHome())


@pytest.fixture
def opened(tmp_path: Path, roof: ScriptedHome) -> Open:
    @asynccontextmanager
    async def open_it(
        *, control: bool = True, sources: tuple[str, ...] = ("roof",), settings: ApiSettings = LOCAL
    ) -> AsyncIterator[Asked]:
        configs = tuple(
            ScriptedConfig(url=f"scripted://{name}", name=name, control=control) for name in sources
        )
        site = Site(name="Linden Street 4", time_zone="Europe/Berlin")
        site_file = SiteFile(path=tmp_path / "site.toml", site=site, devices=configs)
        clock = ScaledClock(NOON)
        gate = Gate(TokenStore(tmp_path / "tokens.json"), clock)
        async with (
            open_gateway(site_file, directory=tmp_path, clock=clock, threads=False) as gateway,
            serve(gateway, gate=gate, directory=tmp_path, settings=settings, pages=pages()) as served,
            aiohttp.ClientSession(served.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
        ):
            await first_polls(gateway)
            yield Asked(gateway, served, session, gate)

    return open_it


@pytest.fixture(autouse=True)
def scripted_family_is_installed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    install(tmp_path_factory.mktemp("installed"), monkeypatch.syspath_prepend)
    families.cache_clear()
    yield
    families.cache_clear()
    HOMES.clear()
