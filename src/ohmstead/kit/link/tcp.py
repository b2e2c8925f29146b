"""Dials a device over TCP."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from ohmstead.kit.link.link import Dial, Link
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.model import ConfigError, DeviceError, Tap, TimedOut, Unreachable

IN_AND_OUT: Final = ("<", ">")
"""We receive what comes from the device."""

NO_ROUTE: Final = frozenset({errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})


def tcp(
    host: str,
    port: int,
    *,
    timeout_s: float = 10.0,
    tap: Tap | None = None,
    tls: ssl.SSLContext | None = None,
    serves_one: bool = True,
) -> Dial:
    """A dial for a device's TCP port. `timeout_s` bounds the connecting, names and `tls` included. Not `serves_one` where it
    ends connections for other reasons than that another client has it.
    """
    if not 0 < port < 0x10000:
        raise ConfigError(f"{host}:{port} has no TCP port; ports are 1 to 65535.", example=f"{host}:8899")

    @asynccontextmanager
    async def dial() -> AsyncIterator[Link]:
        link = await connect(host, port, timeout_s, tap, tls, serves_one=serves_one)
        try:
            yield link
        finally:
            await link.close()

    return dial


async def connect(
    host: str,
    port: int,
    timeout_s: float,
    tap: Tap | None,
    tls: ssl.SSLContext | None,
    *,
    serves_one: bool = False,
) -> SocketLink:
    """A link that the caller closes. Raises `Unreachable` or `TimedOut`."""
    link = SocketLink(tap, IN_AND_OUT, serves_one=serves_one)
    try:
        async with asyncio.timeout(timeout_s):
            await _open_any(link, host, port, tls)
    # ValueError: no name at all, such as one with an empty label. RuntimeError: no thread can be started to look it up.
    except (OSError, ValueError, RuntimeError) as error:
        raise _translated(error, host, port, timeout_s) from error
    return link


async def _open_any(link: SocketLink, host: str, port: int, tls: ssl.SSLContext | None) -> None:
    # A third of what importing this room costs, and only who dials needs it.
    from ohmstead.kit.link.vicinity import places_to_dial  # noqa: PLC0415

    *others, last = await places_to_dial(host)
    for place in others:
        with suppress(OSError):  # the next may answer
            await _open(link, place, port, tls, host)
            return
    await _open(link, last, port, tls, host)


async def _open(link: SocketLink, place: str, port: int, tls: ssl.SSLContext | None, host: str) -> None:
    """Numeric addresses, which most devices have, go straight to the socket: asyncio's way through the look-up of names
    makes a connection a third dearer. A certificate has to be that of `host`.
    """
    loop = asyncio.get_running_loop()
    name = None if tls is None else host
    family = _family(place)
    if family is None:
        await loop.create_connection(lambda: link, place, port, ssl=tls, server_hostname=name)
        return
    # asyncio switches off Nagle's delay for sockets that name the protocol, and for no others.
    connection = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        connection.setblocking(False)
        await loop.sock_connect(connection, (place, port))
        await loop.create_connection(lambda: link, sock=connection, ssl=tls, server_hostname=name)
    except BaseException:
        connection.close()
        raise


def _family(host: str) -> socket.AddressFamily | None:
    """Of a numeric address; `None` for a name."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host)
        except (OSError, ValueError):
            continue
        return family
    return None


def _translated(
    error: OSError | ValueError | RuntimeError, host: str, port: int, timeout_s: float
) -> DeviceError:
    where = f"{host}:{port}"
    match error:
        case TimeoutError():
            return TimedOut(
                f"{where} did not answer within {timeout_s:g} s; check the address and that the device has power."
            )
        case ssl.SSLError():
            return Unreachable(f"{where}: no secure connection could be agreed on: {error}.")
        case socket.gaierror() | ValueError():
            return Unreachable(
                f"no address is known for {host!r}; check the spelling or give the numeric address."
            )
        case ConnectionRefusedError():
            return Unreachable(
                f"{where} refused the connection: the host is there, but nothing listens; check the port."
            )
        case OSError(errno=number) if number in NO_ROUTE:
            return Unreachable(f"{where} cannot be reached from here; check the network and the address.")
        case _:
            return Unreachable(f"{where} could not be connected: {error}.")
