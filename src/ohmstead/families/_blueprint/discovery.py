"""Finds Blueprint inverters on the home network: whoever says what it is as one does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from ohmstead.families._blueprint.client import PORT, Client
from ohmstead.kit.link import tcp
from ohmstead.kit.link.scan import CONNECT_S, scan, written
from ohmstead.model import Found, Services


async def discover(
    network: str,
    services: Services,  # noqa: ARG001 - the card's shape
    spared: Collection[str] = (),
) -> AsyncIterator[Found]:
    """One question at each address with an open port."""

    async def look(host: str, port: int) -> Found | None:
        async with Client(host, port, dial=tcp(host, port, timeout_s=CONNECT_S)) as client:
            info = await client.info()
        return Found(
            family="blueprint",
            url=f"blueprint://{written(host, port, PORT)}",
            title=f"Inverter of {info.rating:g} W, {info.serial}",
            serial=info.serial or "",
        )

    for found in await scan(network, PORT, look, spared=spared):
        yield found
