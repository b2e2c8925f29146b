"""What a unit can be asked, for the house's console: answers as they came, blanked as in a recording."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.tesla_wall_connector.capture import TeslaWallConnectorCodec
from ohmstead.families.tesla_wall_connector.client.rest import Client
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator
from ohmstead.families.tesla_wall_connector.device import WallConnectorSource
from ohmstead.model import ConsoleMethod, NoParameters, Unsupported

Ask = Callable[[Client], Awaitable[msgspec.Struct]]
Get = Callable[[Configurator], Awaitable[Message]]

DOCUMENTS: Final[Mapping[str, tuple[str, Ask]]] = {
    "vitals": ("Measurements now", Client.vitals),
    "lifetime": ("Counters since it was made", Client.lifetime),
    "version": ("What it is", Client.version),
    "wifi_status": ("Its network", Client.wifi_status),
}
ACCESS_POINT: Final[Mapping[str, tuple[str, Get]]] = {
    "get_config": ("Settings", Configurator.config),
    "get_vitals": ("Measurements, as the app sees them", Configurator.vitals),
    "get_lifetime_stats": ("Counters, as the app sees them", Configurator.lifetime),
    "get_system_info": ("What it is, as the app sees it", Configurator.system_info),
    "get_load_sharing_network_state": ("The group it leads", Configurator.sharing),
    "get_provisional_operational_params": ("The temporary limit", Configurator.temporary),
}
"""Over the unit's own access point, where the site file names it."""


def console() -> Mapping[str, ConsoleMethod]:
    documents = {
        name: ConsoleMethod(title=title, call=partial(_document, ask))
        for name, (title, ask) in DOCUMENTS.items()
    }
    return documents | {
        name: ConsoleMethod(title=f"{title} (access point)", call=partial(_get, get))
        for name, (title, get) in ACCESS_POINT.items()
    }


async def _document(ask: Ask, source: WallConnectorSource, _: NoParameters) -> object:
    return TeslaWallConnectorCodec().blanked_document(msgspec.to_builtins(await ask(source.client)))


async def _get(get: Get, source: WallConnectorSource, _: NoParameters) -> object:
    if (configurator := source.configurator) is None:
        raise Unsupported(
            "this is asked over the unit's own access point, which its [[device]] table does not name"
        )
    return TeslaWallConnectorCodec().blanked_message(await get(configurator))
