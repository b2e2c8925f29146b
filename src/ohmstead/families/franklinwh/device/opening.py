"""From a `[[device]]` table to an open source."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ohmstead.families.franklinwh.client.auth import PasswordAuth
from ohmstead.families.franklinwh.client.client import Client
from ohmstead.families.franklinwh.config import FranklinWHConfig
from ohmstead.families.franklinwh.device.source import FranklinWHSource
from ohmstead.model import Services


@asynccontextmanager
async def connect(config: FranklinWHConfig, services: Services) -> AsyncIterator[FranklinWHSource]:
    """Entering logs in, and asks what is fitted unless that is remembered."""
    auth = PasswordAuth(config.account, config.password(services))
    async with Client(
        auth,
        config.gateway,
        base_url=config.base_url,
        clock=services.clock,
        tls=config.tls(),
        tap=services.tap(config.name),
    ) as client:
        source = FranklinWHSource(config, services, await client.line())
        await source.begin()
        try:
            yield source
        finally:
            await source.keep()
