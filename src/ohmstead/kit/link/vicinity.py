"""What is near: this machine, its home network, and nothing beyond."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Final

from ohmstead.model import Unreachable

NEAR: Final = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "192.0.2.0/24",  # of nobody: examples
            "fc00::/7",
            "fe80::/10",
            "::1/128",
        ),
    )
)
"""Private, loopback and link-local addresses."""
ROUTES: Final = Path("/proc/net/route")
VIRTUAL: Final = ("docker", "br-", "veth", "virbr", "lxc", "cni", "tun", "wg", "tailscale")
"""Interfaces behind which no device of a home is."""
WIDEST_PREFIX: Final = 22
USUAL_PREFIX: Final = 24

_spared: ContextVar[frozenset[str] | None] = ContextVar("spared hosts", default=None)
"""None: every host may be dialled."""


def is_near(address: IPv4Address | IPv6Address) -> bool:
    """Whether only this machine or its home network is reached at this address."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address.version == network.version and address in network for network in NEAR)


async def is_near_host(host: str) -> bool:
    """The same of a numeric address, or of a name all of whose addresses are near. A name nobody knows is near nothing."""
    return bool(await _near_addresses(host))


@contextmanager
def staying_near(*spared: str) -> Iterator[None]:
    """Inside, and in tasks that are started there, only what is near is dialled, and the hosts in `spared`.

    A name is then dialled at the addresses it was judged by: where it leads may change from one look-up to the next.
    """
    token = _spared.set(frozenset(spared))
    try:
        yield
    finally:
        _spared.reset(token)


async def places_to_dial(host: str) -> tuple[str, ...]:
    """For one host, to be tried in this order. Raises `Unreachable` where we stay near and it is not."""
    spared = _spared.get()
    if spared is None or host in spared:
        return (host,)
    if not (found := await _near_addresses(host)):
        raise Unreachable(f"{host!r} is no address in the home network, and nothing else may be asked here.")
    return found


async def _near_addresses(host: str) -> tuple[str, ...]:
    """None, when one of them is far."""
    try:
        return (host,) if is_near(ip_address(host)) else ()
    except ValueError:
        pass
    try:
        known = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    addresses = tuple(dict.fromkeys(str(entry[4][0]) for entry in known))
    return addresses if all(is_near(ip_address(address)) for address in addresses) else ()


def own_networks() -> tuple[str, ...]:
    """The private IPv4 networks this machine is in, such as `192.168.1.0/24`; of a wide one the part around this machine."""
    found = [_narrowed(network) for network in _routed()]
    if not found and (address := _own_address()) is not None and is_near(address):
        found = [IPv4Network((address, USUAL_PREFIX), strict=False)]
    return tuple(dict.fromkeys(map(str, found)))


def _routed() -> list[IPv4Network]:
    """Those that need no gateway, as Linux lists them; other systems do not say."""
    try:
        rows = [line.split() for line in ROUTES.read_text("ascii").splitlines()[1:]]
    except OSError:
        return []
    direct = [
        IPv4Network((_address(row[1]), str(_address(row[7]))))
        for row in rows
        if len(row) > 7 and int(row[2], 16) == 0 and int(row[7], 16) and not row[0].startswith(VIRTUAL)
    ]
    return [network for network in direct if is_near(network.network_address) and not network.is_link_local]


def _address(little_endian: str) -> IPv4Address:
    return IPv4Address(bytes.fromhex(little_endian)[::-1])


def _narrowed(network: IPv4Network) -> IPv4Network:
    if network.prefixlen >= WIDEST_PREFIX:
        return network
    address = _own_address()
    centre = address if address is not None and address in network else network.network_address
    return IPv4Network((centre, USUAL_PREFIX), strict=False)


def _own_address() -> IPv4Address | None:
    """That other machines see. Connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return IPv4Address(probe.getsockname()[0])
