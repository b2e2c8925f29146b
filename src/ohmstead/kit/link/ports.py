"""A port of this machine at which connections come in."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from collections.abc import Callable
from typing import Final

from ohmstead.model import ConfigError

AGREEING_S: Final = 10.0
"""For a client to agree on a secure connection. Until then nobody counts it, and asyncio would wait a minute."""


class Port:
    """Opened, paused and opened again. While it is paused, who dials is refused and nobody else is given it."""

    def __init__(
        self,
        protocol: Callable[[], asyncio.BaseProtocol],
        host: str,
        port: int,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """0 finds a free port, when it is opened first."""
        self.host = host
        self.port = port
        self._protocol = protocol
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._place: socket.socket | None = None

    @property
    def is_open(self) -> bool:
        return self._server is not None

    async def resume(self) -> None:
        """Accept, from now on on the same port. Raises `ConfigError` for one that cannot be had."""
        if self._server is None:
            self._leave_place()
            self._server, self.port = await _opened(self._protocol, self.host, self.port, self._tls)

    async def pause(self) -> None:
        """Refuse new connections until `resume`; those that stand go on."""
        if self._server is not None:
            self._stop()
            self._place = _kept(self.host, self.port)

    def close(self) -> None:
        """For good: the port is anybody's."""
        self._stop()
        self._leave_place()

    def _stop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _leave_place(self) -> None:
        place, self._place = self._place, None
        if place is not None:
            place.close()


async def _opened(
    protocol: Callable[[], asyncio.BaseProtocol], host: str, port: int, tls: ssl.SSLContext | None
) -> tuple[asyncio.Server, int]:
    """The server and its port, which is a free one for 0. Raises `ConfigError` for one that cannot be had."""
    try:
        server = await asyncio.get_running_loop().create_server(
            protocol, host, port, ssl=tls, ssl_handshake_timeout=None if tls is None else AGREEING_S
        )
        if not server.sockets:  # asyncio passes over what the system refuses it a socket for
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"cannot listen on {host}:{port}: {why(error)}. Choose a free port, or 0 for any."
        ) from error
    bound: int = server.sockets[0].getsockname()[1]
    return server, bound


def why(error: OSError | OverflowError) -> str:
    """The system's own words for a port that cannot be had: asyncio repeats the address around them."""
    number = getattr(error, "errno", None) or 0
    return os.strerror(number) if number > 0 else getattr(error, "strerror", None) or str(error)


def _kept(host: str, port: int) -> socket.socket | None:
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
