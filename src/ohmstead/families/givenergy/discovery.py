"""Finds adapters on the home network: whoever answers for an inverter as one does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from ohmstead.families.givenergy import presence
from ohmstead.families.givenergy.capabilities import INVERTER
from ohmstead.families.givenergy.client import Client
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.wire import PORT
from ohmstead.kit.link.scan import CONNECT_S, scan, written
from ohmstead.model import Found, Services


async def discover(network: str, services: Services, spared: Collection[str] = ()) -> AsyncIterator[Found]:
    """One request for the page that says what the inverter is. An adapter takes several clients at once."""

    async def look(host: str, port: int) -> Found | None:
        async with Client(host, port, connect_timeout=CONNECT_S, clock=services.clock) as client:
            if not await client.probe_alive():
                return None
            return Found(
                family="givenergy",
                url=f"givenergy://{written(host, port, PORT)}",
                title=_title(client.plant),
                serial=client.plant.inverter_serial_number,
            )

    for found in await scan(network, PORT, look, spared=spared):
        yield found


def _title(plant: Plant) -> str:
    cache = plant.register_caches.get(INVERTER)
    known = presence.identify(cache) if cache is not None else None
    model = known[1] if known is not None else None
    name = model.name.replace("_", " ") if model is not None else "inverter"
    return f"GivEnergy {name} {plant.inverter_serial_number}".strip()
