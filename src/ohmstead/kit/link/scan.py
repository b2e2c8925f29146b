"""Looks for devices at each address of a home's network: politely, within bounds, and at no address twice.

What is done at an address is the family's: the least that tells its devices from others. Many take one connection only,
so a look must end its own soon, and devices that the house already talks to are not looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from ipaddress import ip_network
from typing import Final, TypeVar

from ohmstead.kit.link.vicinity import is_near
from ohmstead.model import ConfigError, OhmsteadError

T = TypeVar("T")

MOST_HOSTS: Final = 1024
"""A home's network is smaller; whoever names a larger one means something else, or harm."""
AT_ONCE: Final = 32
"""A home's router keeps a table of connections under way, and cheap ones forget others when it is full."""
CONNECT_S: Final = 1.0
"""For a look's connection: nobody is there, in most places."""
LOOK_S: Final = 8.0
"""For a whole look: who answers more slowly is not what is looked for, or is busy."""
EXAMPLE: Final = "192.168.1.0/24"

Look = Callable[[str, int], Awaitable[T | None]]
"""What is at a host and port; None, or one of our errors: not what is looked for."""


def hosts(network: str) -> tuple[str, ...]:
    """The addresses of `192.168.1.0/24`, or of one host. Raises `ConfigError` for what is none, too many, or not at home."""
    try:
        found = ip_network(network, strict=False)
    except ValueError as error:
        raise ConfigError(f"{network!r} is no network: {error}.", example=EXAMPLE) from None
    if found.num_addresses > MOST_HOSTS:
        raise ConfigError(
            f"{network} has {found.num_addresses:,} addresses; at most {MOST_HOSTS:,} are looked at.",
            example=EXAMPLE,
        )
    if not (is_near(found.network_address) and is_near(found.broadcast_address)):
        raise ConfigError(
            f"{network} is no private network; only those of a home are looked at.", example=EXAMPLE
        )
    return tuple(map(str, found.hosts()))


def split_port(network: str, usual: int) -> tuple[str, int]:
    """`192.168.1.0/24:8900` has a port other than the usual one, as devices behind a forwarded port do."""
    if network.startswith("["):
        inner, _, port = network[1:].partition("]")
        port = port.removeprefix(":")
    elif network.count(":") == 1:
        inner, _, port = network.partition(":")
    else:
        return network, usual
    if not port and network.endswith("]"):
        return inner, usual
    if not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 0x10000):
        raise ConfigError(f"{network!r} has no port from 1 to 65535.", example="192.168.1.7:8899")
    return inner, int(port)


def written(host: str, port: int, usual: int) -> str:
    """As in a device's URL: without the port that is usual there."""
    named = f"[{host}]" if ":" in host else host
    return named if port == usual else f"{named}:{port}"


async def scan(
    network: str, port: int, look: Look[T], *, spared: Collection[str] = (), at_once: int = AT_ONCE
) -> list[T]:
    """What `look` found, in the order of addresses; `port` is the usual one, the network may name another. Places in
    `spared`, as `written`, are passed by. Raises `ConfigError` for what is no network.
    """
    network, at_port = split_port(network, port)
    places = [host for host in hosts(network) if written(host, at_port, port) not in spared]
    found: dict[int, T] = {}
    waiting = iter(enumerate(places))

    async def walk() -> None:
        for number, host in waiting:
            try:
                async with asyncio.timeout(LOOK_S):
                    seen = await look(host, at_port)
            except (OhmsteadError, TimeoutError):
                continue
            if seen is not None:
                found[number] = seen

    async with asyncio.TaskGroup() as walkers:
        for _ in range(at_once):
            walkers.create_task(walk())
    return [found[number] for number in sorted(found)]
