"""A port of this machine at which connections come in."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Callable

from ohmstead.model import ConfigError


async def open_port(
    protocol: Callable[[], asyncio.BaseProtocol], host: str, port: int, tls: ssl.SSLContext | None
) -> tuple[asyncio.Server, int]:
    """The server and its port, which is a free one for 0. Raises `ConfigError` for one that cannot be had."""
    try:
        server = await asyncio.get_running_loop().create_server(protocol, host, port, ssl=tls)
        if (
            not server.sockets
        ):  # asyncio takes a socket that the system refuses for a family that it does not know
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"cannot listen on {host}:{port}: {error}. Choose a free port, or 0 for any."
        ) from error
    bound: int = server.sockets[0].getsockname()[1]
    return server, bound


def kept_port(host: str, port: int) -> socket.socket | None:
    """A socket that has the port and does not listen: who dials is refused, and nobody else is given it meanwhile.

    None where it cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        place = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((host, port))  # beside connections that still stand there, or have just ended
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
    except OSError:
        place.close()
        return None
    return place
