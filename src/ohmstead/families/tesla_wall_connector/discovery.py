"""Finds units on the home network: whoever answers `version` as one does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from ohmstead.families.tesla_wall_connector.bodies import read
from ohmstead.families.tesla_wall_connector.client.web import web_session
from ohmstead.families.tesla_wall_connector.config import PORT, SCHEME
from ohmstead.families.tesla_wall_connector.documents import PATH, Version
from ohmstead.kit.link.scan import CONNECT_S, scan, written
from ohmstead.model import Found, Services


async def discover(
    network: str,
    services: Services,  # noqa: ARG001 - the card's shape
    spared: Collection[str] = (),
) -> AsyncIterator[Found]:
    """One request at each address with an open port. A unit whose radio sleeps just then is missed: look again."""

    async def look(host: str, port: int) -> Found | None:
        version = await _version(host, port)
        if version is None or not version.serial_number or not version.part_number:
            return None
        return Found(
            family=SCHEME,
            url=f"{SCHEME}://{written(host, port, PORT)}",
            title=f"Wall Connector {version.part_number}, {version.serial_number}",
            serial=version.serial_number,
        )

    for found in await scan(network, PORT, look, spared=spared):
        yield found


async def _version(host: str, port: int) -> Version | None:
    async with web_session(host, port, keep_alive_s=None, connect_s=CONNECT_S) as session:
        answer = await session.get(PATH + "version")
    return read(Version, answer.body) if answer.status == 200 else None
