"""Finds DTUs on the home network: whoever answers the request for the inventory as one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from random import Random
from typing import Final

from ohmstead.families.hoymiles import identifiers, results
from ohmstead.families.hoymiles.client.contact import Contact, inventory_packets
from ohmstead.families.hoymiles.client.storage import StorageClient
from ohmstead.families.hoymiles.results import Inventory
from ohmstead.families.hoymiles.wire import PORT
from ohmstead.kit.link import Dial, tcp
from ohmstead.kit.link.scan import CONNECT_S, scan, written
from ohmstead.model import Clock, Found, Services

ANSWER_S: Final = 3.0
"""A DTU that does anything takes about one."""


async def discover(network: str, services: Services, spared: Collection[str] = ()) -> AsyncIterator[Found]:
    """One connection for one question, the first every client asks: a DTU has one connection for everybody. Who is silent
    to it is asked what storage gateways are asked.
    """

    async def look(host: str, port: int) -> Found | None:
        dial = tcp(host, port, timeout_s=CONNECT_S)
        try:
            async with asyncio.timeout(ANSWER_S):
                title, serial = await _dtu(dial, services.clock)
        except TimeoutError:
            gateway = await StorageClient(dial, clock=services.clock).gateway()
            serial = str(next(iter(gateway.device_serials), gateway.serial))  # the house knows the units
            title = f"Storage gateway {gateway.serial} with unit {serial}"
        url = f"hoymiles://{written(host, port, PORT)}"
        return Found(family="hoymiles", url=url, title=title, serial=serial)

    for found in await scan(network, PORT, look, spared=spared):
        yield found


async def _dtu(dial: Dial, clock: Clock) -> tuple[str, str]:
    contact = Contact(dial, clock, lambda _: None, Random())
    async with contact.connected() as session:
        packets = await inventory_packets(session, clock)  # and not more, which one that encrypts would seal
    inventory = results.inventory(packets, clock.now())
    return _title(inventory), inventory.dtu_serial


def _title(inventory: Inventory) -> str:
    """What hangs on the DTU tells people more than what it is."""
    serials = [inverter.serial for inverter in inventory.inverters]
    what = ", ".join(dict.fromkeys(map(identifiers.inverter_model, serials)))
    dtu = f"{identifiers.dtu_model(inventory.dtu_serial)} {inventory.dtu_serial}"
    return f"{len(serials)} × {what} at {dtu}" if serials else dtu
