"""Finds charge points on the home network: whoever greets back as EVerest does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from ohmstead.families.everest.client.session import Additions, Session
from ohmstead.families.everest.config import PLAIN, PORT
from ohmstead.families.everest.device import PROTOCOL
from ohmstead.families.everest.meaning import said
from ohmstead.families.everest.schema import methods, results
from ohmstead.kit.link.messages import MessageLink
from ohmstead.kit.link.scan import CONNECT_S, scan, written
from ohmstead.kit.link.websocket import websocket
from ohmstead.model import Found, Services

ANSWER_S = 2.0


async def discover(
    network: str,
    services: Services,  # noqa: ARG001 - the card's shape
    spared: Collection[str] = (),
) -> AsyncIterator[Found]:
    """A greeting, and which EVSEs there are. One that asks for a token first is found, and says that it needs one."""

    async def look(host: str, port: int) -> Found | None:
        url = f"ws://{written(host, port, usual=0)}"
        async with websocket(url, protocols=(PROTOCOL,), connect_s=CONNECT_S)() as link:
            hello, serial = await _greeted(link)
        charger = hello.charger_info
        named = " ".join(filter(None, (said(charger.vendor), said(charger.model))))
        needs_token = hello.authentication_required and not hello.authenticated
        return Found(
            family="everest",
            url=f"{PLAIN}://{written(host, port, PORT)}",
            title=f"{named or 'EVerest charge point'} {serial}".strip(),
            serial=serial,
            needs=("token",) if needs_token else (),
        )

    for found in await scan(network, PORT, look, spared=spared):
        yield found


async def _greeted(link: MessageLink) -> tuple[results.HelloResObj, str]:
    """What it says of itself, and the identifier of its first EVSE where it tells one, by which the house knows it."""
    session = Session(link, Additions(), lambda _: None)
    hello = await session.call(methods.HELLO.name, None, results.HelloResObj, within_s=ANSWER_S)
    if hello.authentication_required and not hello.authenticated:
        return hello, said(hello.charger_info.serial)
    kind = results.ChargePointGetEVSEInfosResObj
    found = await session.call(methods.GET_EVSE_INFOS.name, None, kind, within_s=ANSWER_S)
    first = min(found.infos, key=lambda info: info.index, default=None)
    return hello, first.id if first is not None else said(hello.charger_info.serial)
