"""Tesla's third-generation Wall Connector, as a library of its own.

    from ohmstead.families.tesla_wall_connector import open_client

    async with open_client("192.0.2.7") as unit:
        vitals = await unit.vitals()

The names below are loaded when first used: whoever only wants the card does not pay for asyncio, and whoever only
reads not for protobuf.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ohmstead.families.tesla_wall_connector.bodies import read, written
    from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
    from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
    from ohmstead.families.tesla_wall_connector.documents import Lifetime, Version, Vitals, WifiStatus
    from ohmstead.families.tesla_wall_connector.errors import (
        NotInFirmware,
        PresenceLapsed,
        RequestFailed,
        ValueRefused,
    )
    from ohmstead.families.tesla_wall_connector.power import Power, Wiring, power, recognised
    from ohmstead.families.tesla_wall_connector.sessions import Record, Session, followed
    from ohmstead.families.tesla_wall_connector.states import evse_state, not_ready

__all__ = [
    "Client",
    "Configurator",
    "Lifetime",
    "NotInFirmware",
    "Power",
    "PresenceLapsed",
    "Record",
    "RequestFailed",
    "Session",
    "ValueRefused",
    "Version",
    "Vitals",
    "WifiStatus",
    "Wiring",
    "evse_state",
    "followed",
    "not_ready",
    "open_client",
    "open_configurator",
    "power",
    "read",
    "recognised",
    "written",
]

_HOMES = {
    "bodies": ("read", "written"),
    "client.rest": ("Client", "open_client"),
    "client.tedapi": ("Configurator", "open_configurator"),
    "documents": ("Lifetime", "Version", "Vitals", "WifiStatus"),
    "errors": ("NotInFirmware", "PresenceLapsed", "RequestFailed", "ValueRefused"),
    "power": ("Power", "Wiring", "power", "recognised"),
    "sessions": ("Record", "Session", "followed"),
    "states": ("evse_state", "not_ready"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # Any: each name has its own type, which the block above tells the checker
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
