"""The demo home behind a served gateway: simulators of all five families on real sockets, on warped time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from asked import Asked
from msgspec.structs import replace

from ohmstead.api import ApiSettings, serve
from ohmstead.app.demo import DATA, demo_site
from ohmstead.app.home import HOMES, Home
from ohmstead.dashboard import pages
from ohmstead.gateway import open_gateway
from ohmstead.kit.tokens import FILE_NAME, Gate, TokenStore
from ohmstead.model import ScaledClock, Tap
from ohmstead.polling import HealthState

LOCAL = ApiSettings()
PASSWORD = "wren-in-the-hedge-7"
"""Found nowhere by chance."""
CHANGES = {
    "franklinwh": lambda options: replace(options, extras={**options.extras, "password": PASSWORD}),
    "givenergy": lambda options: replace(
        options, seed=457
    ),  # whose serial number tells one unit from another
}


def told_apart(home: Home) -> Home:
    """The home, with a password and a serial number that are somebody's."""
    devices = tuple(
        replace(placed, options=CHANGES[placed.family](placed.options))
        if placed.family in CHANGES
        else placed
        for placed in home.devices
    )
    return replace(home, devices=devices)


@asynccontextmanager
async def demo_home(
    folder: Path, *, settings: ApiSettings = LOCAL, taps: Mapping[str, Tap] | None = None
) -> AsyncIterator[Asked]:
    """Every source has answered once."""
    kind = told_apart(HOMES["eu"])
    clock = ScaledClock(kind.morning)
    async with demo_site(kind, clock, 1, folder) as site_file:
        directory = folder / DATA
        gate = Gate(TokenStore(directory / FILE_NAME), clock)
        async with (
            open_gateway(site_file, directory=directory, clock=clock, threads=False, taps=taps) as gateway,
            serve(gateway, gate=gate, directory=directory, settings=settings, pages=pages()) as served,
            aiohttp.ClientSession(served.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
        ):
            watch = gateway.watch()
            while any(status.health is HealthState.STARTING for status in gateway.devices()):
                await anext(watch)
            yield Asked(gateway, served, session, gate)
