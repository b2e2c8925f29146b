"""A gateway and its faces, put together: what `run` and `demo` both start."""

from __future__ import annotations

import errno
import gc
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from ohmstead import api, bridges, dashboard
from ohmstead.app.family_servers import family_servers
from ohmstead.cli.examining import ask_gateway
from ohmstead.gateway import SiteFile, open_gateway
from ohmstead.gateway.secrets import Secrets
from ohmstead.kit.tokens import FILE_NAME, Gate, TokenStore
from ohmstead.model import AuthFailed, Clock, ConfigError

HOST: Final = "127.0.0.1"
PORT: Final = 8420
INTRODUCTION_S: Final = 5.0
"""So long another gateway may take to say what it is: in the first seconds of its own it has much to do."""


@asynccontextmanager
async def serving(
    site_file: SiteFile, *, directory: Path, clock: Clock, port: int
) -> AsyncIterator[api.Served]:
    """Run a site and serve it inside the context; yields where. Port 0 is a free one."""
    await require_free(port)
    gate = Gate(TokenStore(directory / FILE_NAME), clock)
    async with (
        open_gateway(site_file, directory=directory, clock=clock) as gateway,
        family_servers(gateway, directory=directory, gate=gate),
        bridges.bridged(gateway, bridges.bridge_settings(site_file), Secrets(directory).secret),
        api.serve(
            gateway,
            gate=gate,
            directory=directory,
            settings=site_file.table(api.ApiSettings) or api.ApiSettings(),
            port=port,
            pages=dashboard.pages(),
            feeds={bridges.METRICS: bridges.Metrics(gateway)},
        ) as served,
    ):
        yield served


async def require_free(port: int) -> None:
    """Before anything is opened. Raises `ConfigError` that says who has the port and what to try."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                problem = f"port {port} is taken by {await who_has(port)}."
            else:
                problem = f"port {port} cannot be opened: {error.strerror}."
            raise ConfigError(f"{problem} Choose another one.", example=f"--port {port + 1}") from error


async def who_has(port: int) -> str:
    try:
        is_gateway = await ask_gateway(f"http://{HOST}:{port}", patience_s=INTRODUCTION_S) is not None
    except AuthFailed:
        is_gateway = True
    except ConfigError:
        is_gateway = False
    return "another Ohmstead" if is_gateway else "another program"


def spare_the_collector() -> None:
    """What is open by now stays: the garbage collector need not look through it again for every long answer."""
    gc.collect()
    gc.freeze()


def log_to_stderr(level: int) -> None:
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
