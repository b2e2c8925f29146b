"""Every call of the cloud that is known. Those marked required have a method of their own; the others are reached
with `client.call(ENDPOINT, …)`, which hands their `result` through as it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.franklinwh.facts.endpoints import account, history, modes, site, surroundings
from ohmstead.families.franklinwh.facts.endpoints.account import LOGIN, LOGOUT, SEND_MQTT
from ohmstead.families.franklinwh.facts.endpoints.endpoint import (
    COMMON,
    ENERGY,
    MANAGE,
    NEW_API,
    TERMINAL,
    Cost,
    Endpoint,
    unknown,
)
from ohmstead.families.franklinwh.facts.endpoints.history import BENEFIT, ENERGY_DATA, POWER_BY_DAY
from ohmstead.families.franklinwh.facts.endpoints.modes import (
    ENTRANCE_INFO,
    GENERATOR,
    LEGACY_UPDATE_MODE,
    OFF_GRID,
    POWER_CONTROL,
    PROGRAMMES,
    SAVE_DISPATCH,
    SET_POWER_CONTROL,
    SET_POWER_CONTROL_V2,
    TOU_DISPATCH,
    UPDATE_GENERATOR,
    UPDATE_MODE,
    UPDATE_OFF_GRID,
    UPDATE_SOC,
)
from ohmstead.families.franklinwh.facts.endpoints.site import (
    ACCESSORIES,
    AGATE_INFO,
    COMPOSITE_INFO,
    DEVICE_INFO,
    EQUIPMENT_LIST,
    GATEWAY_LIST,
    GRID_PROFILES,
    IOT_ACCESSORIES,
    LOCATION,
    PACK_CATALOGUE,
    PACKS,
    SITES,
    WARRANTY,
)
from ohmstead.families.franklinwh.facts.endpoints.surroundings import (
    ALARM_CODES,
    ALARMS,
    PROGRESSING_STORMS,
    SET_ADVANCE_BACKUP,
    SET_STORM_NOTICE,
    STORM_SETTINGS,
    STORMS,
    SWITCH_STORM,
    WEATHER,
)

ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    account.TABLE + site.TABLE + modes.TABLE + surroundings.TABLE + history.TABLE
)
_BY_PATH: Final[Mapping[tuple[str, str], Endpoint]] = MappingProxyType(
    {(endpoint.method, endpoint.path): endpoint for endpoint in ENDPOINTS}
)


def by_path(method: str, path: str) -> Endpoint | None:
    """The endpoint of a path without its leading slash; an installer's mirror (`manage`) finds its twin."""
    path = path.removeprefix("/")
    found = _BY_PATH.get((method, path))
    if found is None and path.startswith(MANAGE):
        found = _BY_PATH.get((method, TERMINAL + path.removeprefix(MANAGE)))
    return found


__all__ = [
    "ACCESSORIES",
    "AGATE_INFO",
    "ALARMS",
    "ALARM_CODES",
    "BENEFIT",
    "COMMON",
    "COMPOSITE_INFO",
    "DEVICE_INFO",
    "ENDPOINTS",
    "ENERGY",
    "ENERGY_DATA",
    "ENTRANCE_INFO",
    "EQUIPMENT_LIST",
    "GATEWAY_LIST",
    "GENERATOR",
    "GRID_PROFILES",
    "IOT_ACCESSORIES",
    "LEGACY_UPDATE_MODE",
    "LOCATION",
    "LOGIN",
    "LOGOUT",
    "MANAGE",
    "NEW_API",
    "OFF_GRID",
    "PACKS",
    "PACK_CATALOGUE",
    "POWER_BY_DAY",
    "POWER_CONTROL",
    "PROGRAMMES",
    "PROGRESSING_STORMS",
    "SAVE_DISPATCH",
    "SEND_MQTT",
    "SET_ADVANCE_BACKUP",
    "SET_POWER_CONTROL",
    "SET_POWER_CONTROL_V2",
    "SET_STORM_NOTICE",
    "SITES",
    "STORMS",
    "STORM_SETTINGS",
    "SWITCH_STORM",
    "TERMINAL",
    "TOU_DISPATCH",
    "UPDATE_GENERATOR",
    "UPDATE_MODE",
    "UPDATE_OFF_GRID",
    "UPDATE_SOC",
    "WARRANTY",
    "WEATHER",
    "Cost",
    "Endpoint",
    "by_path",
    "unknown",
]
