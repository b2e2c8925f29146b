"""Looks for devices at each address of a home's network: politely, within bounds, and at no address twice.

What is done at an address is the family's: the least that tells its devices from others. Many take one connection only,
so a look must end its own soon.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Final, TypeVar

from ohmstead.model import ConfigError, DeviceError

T = TypeVar("T")

MOST_HOSTS: Final = 1024
"""A home's network is smaller; whoever names a larger one means something else, or harm."""
AT_ONCE: Final = 32
"""A home's router keeps a table of connections under way, and cheap ones forget others when it is full."""
CONNECT_S: Final = 1.0
"""For a look's connection: nobody is there, in most places."""

Look = Callable[[str], Awaitable[T | None]]
"""What is at an address; None, or one of our errors: not what is looked for."""


def hosts(network: str) -> tuple[str, ...]:
    """The addresses of `192.168.1.0/24`, or of one host. Raises `ConfigError` for what is none, or too many."""
    try:
        found = ip_network(network, strict=False)
    except ValueError as error:
        raise ConfigError(f"{network!r} is no network: {error}.", example="192.168.1.0/24") from None
    if found.num_addresses > MOST_HOSTS:
        raise ConfigError(
            f"{network} has {found.num_addresses:,} addresses; at most {MOST_HOSTS:,} are looked at.",
            example="192.168.1.0/24",
        )
    return tuple(map(str, found.hosts()))


async def scan(network: str, look: Look[T], *, at_once: int = AT_ONCE) -> list[T]:
    """What `look` found, in the order of addresses. Raises `ConfigError` for what is no network."""
    found: dict[int, T] = {}
    waiting = iter(enumerate(hosts(network)))

    async def walk() -> None:
        for number, host in waiting:
            try:
                seen = await look(host)
            except DeviceError:
                continue
            if seen is not None:
                found[number] = seen

    async with asyncio.TaskGroup() as walkers:
        for _ in range(at_once):
            walkers.create_task(walk())
    return [found[number] for number in sorted(found)]
