"""Serves EVerest's interface for every charger that the house knows, whatever its make."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import ohmstead
from ohmstead.families.everest.bridge.endings import Endings
from ohmstead.families.everest.bridge.evses import Evses
from ohmstead.families.everest.bridge.indexes import Indexes
from ohmstead.families.everest.schema.objects import ChargerInfoObj
from ohmstead.families.everest.server import ChargePoint, RpcSettings, rpc_server
from ohmstead.families.everest.server.ports import rpc_ports
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.tls import certificate_files
from ohmstead.kit.tokens import Gate
from ohmstead.model import ChargerBoard, Serving, require_port

log = logging.getLogger(__name__)

PORT: Final = 8421
TLS_PORT: Final = 8422
"""For example."""
CERTIFICATES: Final = "tls"


class RpcTable(RpcSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The site file's `[rpcapi]`. With it there, even empty, the interface is served."""

    host: str = "127.0.0.1"
    """Where plain connections are taken; by default from this machine alone."""
    port: int = PORT
    """0: a free one."""
    plain: bool = True
    """Whether connections without encryption are taken."""
    tls_host: str = "0.0.0.0"  # noqa: S104 - encrypted, and by default read-only for whoever has no token
    tls_port: int | None = None
    """Where encrypted connections are taken; not said: nowhere."""

    def __post_init__(self) -> None:
        super().__post_init__()
        require_port("port", self.port, PORT)
        require_port("tls_port", self.tls_port or 0, TLS_PORT)


@asynccontextmanager
async def serve(board: ChargerBoard, serving: Serving, gate: Gate) -> AsyncIterator[Mapping[str, int]]:
    """Until the block is left. Yields the ports by name."""
    settings: RpcTable = serving.table
    point = ChargePoint(
        ChargerInfoObj(
            vendor="Ohmstead",
            model="Gateway",
            serial="unknown",
            firmware_version=ohmstead.__version__,
            friendly_name=serving.site or None,
        )
    )
    certificate = None
    if settings.tls_port is not None:
        certificate = certificate_files(serving.directory / CERTIFICATES, now=board.clock.now())
    async with (
        TaskScope() as scope,
        rpc_server(point, settings=settings, gate=gate, clock=board.clock) as server,
        rpc_ports(
            server,
            settings.host,
            settings.port if settings.plain else None,
            tls_host=settings.tls_host,
            tls_port=settings.tls_port,
            certificate=certificate,
        ) as ports,
    ):
        endings = Endings(serving.directory, server.expiries)
        evses = Evses(point, board, Indexes(serving.directory), endings)
        evses.see(board.chargers())
        scope.start(_follow(board, evses))
        yield ports.endpoints


async def _follow(board: ChargerBoard, evses: Evses) -> None:
    async for chargers in board.changes():
        try:
            evses.see(chargers)
        except Exception:  # the root of a task: one charger that says something odd must not end the others
            log.exception("a charger could not be shown as an EVSE")
