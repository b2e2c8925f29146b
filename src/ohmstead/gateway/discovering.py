"""Who is in the home network: every family looks for its own, and whoever the house talks to already is left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from urllib.parse import urlsplit

from ohmstead.kit.link.scan import hosts, split_port
from ohmstead.kit.registry import families, load
from ohmstead.model import Family, Found, Services


async def discover(
    networks: Sequence[str],
    services: Services,
    *,
    spared: Collection[str] = (),
    among: Iterable[Family] | None = None,
) -> tuple[Found, ...]:
    """Each device once, by family and address. `spared` are places as `place_of` writes them; `among` whom to look for,
    all families if not said. Raises `ConfigError` for what is no network of a home.
    """
    for network in networks:
        hosts(split_port(network, usual=1)[0])
    looking = [card for card in (families().values() if among is None else among) if card.discover]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_in_network(network, services, spared, looking))
            for network in dict.fromkeys(networks)
        ]
    found: dict[tuple[str, str], Found] = {}
    for one in (one for task in tasks for one in task.result()):
        found.setdefault((one.family, one.serial or one.url), one)
    return tuple(found.values())


def place_of(url: str) -> str:
    """Host and port of a device's URL, and its account if it has one."""
    return urlsplit(url).netloc


async def _in_network(
    network: str, services: Services, spared: Collection[str], looking: Sequence[Family]
) -> list[Found]:
    """All families at once, for each has a port of its own. Where a port is named all mean the same: they take turns, and
    what one has found is not asked by the next.
    """

    async def look(card: Family, known: Collection[str]) -> list[Found]:
        return [found async for found in load(card.discover)(network, services, known)]

    if split_port(network, usual=0)[1]:
        found: list[Found] = []
        for card in looking:
            found += await look(card, {*spared, *(place_of(one.url) for one in found)})
        return found
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(look(card, spared), name=f"look for {card.name}") for card in looking]
    return [found for task in tasks for found in task.result()]
