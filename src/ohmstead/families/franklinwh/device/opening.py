"""From a `[[device]]` table to an open source."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from typing import Final

from ohmstead.families.franklinwh.client.auth import PasswordAuth
from ohmstead.families.franklinwh.client.client import Client
from ohmstead.families.franklinwh.client.limits import Limits
from ohmstead.families.franklinwh.client.spending import Spending
from ohmstead.families.franklinwh.config import FranklinWHConfig
from ohmstead.families.franklinwh.device.source import FranklinWHSource
from ohmstead.kit.block import opens
from ohmstead.kit.budget import Budgets, MemoryStore
from ohmstead.kit.notebook import Notebook
from ohmstead.model import BadAnswer, OhmsteadError, Refused, Services

KEY: Final = "franklinwh"

log = logging.getLogger(__name__)


class SessionTokens:
    """Among the secrets of the house: one login lasts a week, and a gateway that starts often does not log in often."""

    def __init__(self, account: str, services: Services) -> None:
        self._key = f"{KEY}/{account}"
        self._services = services

    async def load(self) -> str | None:
        try:
            return await self._services.recall_secret(self._key)
        except OhmsteadError as error:  # a login brings a new one
            log.info("the session's token could not be read: %s", error)
            return None

    async def save(self, token: str) -> None:
        try:
            await self._services.remember_secret(self._key, token)
        except (OhmsteadError, OSError) as error:  # the next start logs in again
            log.warning("the session's token could not be kept: %s", error)


@opens
async def connect(config: FranklinWHConfig, services: Services) -> AsyncIterator[FranklinWHSource]:
    """Entering logs in and asks what is fitted, unless both are remembered. All sources of an account share what its calls
    may cost, also when they are opened anew.
    """
    auth = PasswordAuth(config.account, config.password(services))
    spending = services.shared(
        f"{KEY}/{config.account}@{config.base_url}",
        lambda: Spending(Limits(), Budgets(MemoryStore(), services.clock)),
    )
    only = f"{KEY}.only/{config.account}"
    async with Client(
        auth,
        config.gateway or await services.recall(only) or None,
        base_url=config.base_url,
        clock=services.clock,
        spending=spending,
        tokens=SessionTokens(config.account, services),
        tls=config.tls(),
        tap=services.tap(config.name),
    ) as client:
        source = FranklinWHSource(config, services, await client.line())
        notebook = Notebook(services, "the account's gateway")
        try:
            await source.begin()
            if not config.gateway:
                await notebook.note(only, source.line.serial)
            try:
                yield source
            finally:
                await source.keep()
        except (Refused, BadAnswer):
            await notebook.note(only, "")  # the account may have another one now
            raise
