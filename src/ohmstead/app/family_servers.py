"""Starts the servers that families bring for the chargers of the house, where the site file has their tables."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from ohmstead.gateway import Gateway, GatewayChargers
from ohmstead.kit.registry import families, load
from ohmstead.kit.tokens import Gate
from ohmstead.model import Serving

log = logging.getLogger(__name__)


@asynccontextmanager
async def family_servers(gateway: Gateway, *, directory: Path, gate: Gate) -> AsyncIterator[dict[str, int]]:
    """Until the block is left. Yields their ports by name."""
    tables, opened = gateway.site_file.tables, dict[str, int]()
    async with AsyncExitStack() as stack:
        for card in families().values():
            if card.table in tables:
                board = GatewayChargers(gateway, card.table)
                serving = Serving(
                    table=tables[card.table], directory=directory, site=gateway.site_file.site.name
                )
                ports = await stack.enter_async_context(load(card.serve)(board, serving, gate))
                log.info("[%s] is served at the ports %s", card.table, dict(ports))
                opened.update(ports)
        yield opened
