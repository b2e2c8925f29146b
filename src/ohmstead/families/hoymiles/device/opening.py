"""From a URL to a source: finds out what answers there, and remembers it over restarts.

What is remembered saves the inventory, so a restart needs one request for its first live reading. It is looked at again
with the configuration, and at once when another DTU answers. A DTU that encrypts is asked anew: its key is no memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.client.storage import StorageClient
from ohmstead.families.hoymiles.config import HoymilesConfig
from ohmstead.families.hoymiles.device.source import HoymilesSource
from ohmstead.families.hoymiles.device.storage import StorageSource
from ohmstead.families.hoymiles.results import Inventory
from ohmstead.kit.block import Block, opens
from ohmstead.kit.link import Dial, tcp
from ohmstead.kit.notebook import Notebook
from ohmstead.model import DeviceError, Services, TimedOut

STORAGE: Final = "storage"
"""Remembered of a gateway, in place of an inventory."""
GATEWAY_ANSWER_S: Final = 3.0
"""For one that nobody has met: it takes about a second, and whoever waits has waited for a DTU before."""


@opens
async def connect(
    config: HoymilesConfig, services: Services
) -> AsyncIterator[HoymilesSource | StorageSource]:
    """The first data set is read on entering: that is one connection for who is there and how they are."""
    host, port = config.address
    with Block(f"the source {config.name}") as block:
        yield await _opened(config, services, tcp(host, port, tap=services.tap(config.name)), block)


async def _opened(
    config: HoymilesConfig, services: Services, dial: Dial, block: Block
) -> HoymilesSource | StorageSource:
    key = _key(config)
    notebook = Notebook(services, f"{config.name}: what is connected")
    known = await services.recall(key)
    if known == STORAGE:
        return await _storage(config, services, dial, block)
    try:
        client = _client(config, services, dial, block, is_met=known is not None)
        return await _dtu(config, services, client, notebook, known)
    except TimedOut as silence:
        # Whoever is connected and knows no inventory may be a storage gateway, which has ids of its own.
        try:
            found = await _storage(config, services, dial, block, within_s=GATEWAY_ANSWER_S)
        except DeviceError:
            raise silence from None
        await notebook.note(key, STORAGE)
        return found


def _client(config: HoymilesConfig, services: Services, dial: Dial, block: Block, *, is_met: bool) -> Client:
    return Client(
        dial,
        clock=services.clock,
        spend=services.spend,
        poll_all=config.poll_all,
        is_paced=False,  # the poller keeps the interval of our contract
        spares_uploads=config.spares_uploads,
        gap_s=config.gap_s,
        block=block,
        is_met=is_met,
    )


async def _dtu(
    config: HoymilesConfig, services: Services, client: Client, notebook: Notebook, known: str | None
) -> HoymilesSource:
    reminder = _recalled(known)
    if reminder is not None:
        client.remind(reminder)
    # Right after a restart the newest data set there is will do: asking the DTU to collect would be a request more.
    live = await client.live(poll_all=config.poll_all and reminder is None)
    inventory = await client.known()
    if live.dtu_serial != inventory.dtu_serial:
        inventory = await client.inventory()

    async def remember(found: Inventory) -> None:
        await notebook.note(_key(config), msgspec.json.encode(found).decode())

    await remember(inventory)
    return HoymilesSource(config, services, client, inventory, live, remember=remember)


def _key(config: HoymilesConfig) -> str:
    return f"hoymiles/{config.name}/topology"


def _recalled(known: str | None) -> Inventory | None:
    """Nothing for a memory of another version."""
    if known is None:
        return None
    try:
        return msgspec.json.decode(known, type=Inventory)
    except msgspec.DecodeError:
        return None


async def _storage(
    config: HoymilesConfig, services: Services, dial: Dial, block: Block, *, within_s: float | None = None
) -> StorageSource:
    """`within_s`: how soon it has to say who it is."""
    client = StorageClient(dial, clock=services.clock, gap_s=config.gap_s, block=block)
    try:
        async with asyncio.timeout(within_s):
            gateway = await client.gateway()
    except TimeoutError:
        raise TimedOut(f"{config.name} does not answer as a storage gateway") from None
    return StorageSource(config, services, client, gateway, await client.units())
