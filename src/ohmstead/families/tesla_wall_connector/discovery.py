"""Finds units on the home network: whoever answers `version` as one does."""

from __future__ import annotations

from collections.abc import AsyncIterator

from ohmstead.families.tesla_wall_connector.bodies import LIMIT_BYTES, read
from ohmstead.families.tesla_wall_connector.client.rest import ANSWER_S, PORT
from ohmstead.families.tesla_wall_connector.config import SCHEME
from ohmstead.families.tesla_wall_connector.documents import PATH, Version
from ohmstead.kit.link.http import http
from ohmstead.kit.link.scan import CONNECT_S, scan
from ohmstead.model import Found, Services


async def discover(network: str, services: Services, *, port: int = PORT) -> AsyncIterator[Found]:  # noqa: ARG001 - the card's shape
    """One request at each address with an open port. A unit whose radio sleeps just then is missed: look again."""

    async def look(host: str) -> Found | None:
        version = await _version(host, port)
        if version is None or not version.serial_number or not version.part_number:
            return None
        where = host if port == PORT else f"{host}:{port}"
        title = f"Wall Connector {version.part_number}, {version.serial_number}"
        return Found(family=SCHEME, url=f"{SCHEME}://{where}", title=title)

    for found in await scan(network, look):
        yield found


async def _version(host: str, port: int) -> Version | None:
    named = f"[{host}]" if ":" in host else host
    async with http(
        f"http://{named}:{port}",
        connect_s=CONNECT_S,
        total_s=ANSWER_S,
        limit_bytes=LIMIT_BYTES,
        keep_alive_s=None,
    ) as session:
        answer = await session.get(PATH + "version")
    return read(Version, answer.body) if answer.status == 200 else None
