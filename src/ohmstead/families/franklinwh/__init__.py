"""FranklinWH batteries, gateways, generators and vehicle ports, over the vendor's cloud, as a library of its own.

    from ohmstead.families.franklinwh import Client, PasswordAuth

    async with Client(PasswordAuth("owner@example.com", password)) as client:
        stats = await client.get_stats()

The names below are loaded when first used: whoever only wants the card does not pay for the client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ohmstead.families.franklinwh.client.auth import MemoryTokens, PasswordAuth, TokenAuth, TokenStore
    from ohmstead.families.franklinwh.client.client import BASE_URL, Client
    from ohmstead.families.franklinwh.client.limits import CachePolicy, Limits
    from ohmstead.families.franklinwh.client.readings import Current, Stats, Totals
    from ohmstead.families.franklinwh.client.results import WriteResult
    from ohmstead.families.franklinwh.errors import (
        AccountLocked,
        ApiError,
        DeviceTimeout,
        FranklinError,
        GatewayOffline,
        GatewaySelectionError,
        InvalidCredentials,
        InvalidResponse,
        LoginError,
        NotSupported,
        PermissionDenied,
        RateLimited,
        TokenExpired,
    )
    from ohmstead.families.franklinwh.facts.codes import (
        GENERATOR_STATE,
        RUN_STATUS,
        V2L_RUN_STATE,
        AccessoryKind,
        BackupFlag,
        Country,
        ExportMode,
        GeneratorMode,
        GeneratorState,
        GridConnectionState,
        ReportType,
        V2lState,
        WorkMode,
        relay_connected,
    )

__all__ = [
    "BASE_URL",
    "GENERATOR_STATE",
    "RUN_STATUS",
    "V2L_RUN_STATE",
    "AccessoryKind",
    "AccountLocked",
    "ApiError",
    "BackupFlag",
    "CachePolicy",
    "Client",
    "Country",
    "Current",
    "DeviceTimeout",
    "ExportMode",
    "FranklinError",
    "GatewayOffline",
    "GatewaySelectionError",
    "GeneratorMode",
    "GeneratorState",
    "GridConnectionState",
    "InvalidCredentials",
    "InvalidResponse",
    "Limits",
    "LoginError",
    "MemoryTokens",
    "NotSupported",
    "PasswordAuth",
    "PermissionDenied",
    "RateLimited",
    "ReportType",
    "Stats",
    "TokenAuth",
    "TokenExpired",
    "TokenStore",
    "Totals",
    "V2lState",
    "WorkMode",
    "WriteResult",
    "relay_connected",
]

_FAMILY = "ohmstead.families.franklinwh"
_HOMES = {
    "client.auth": ("MemoryTokens", "PasswordAuth", "TokenAuth", "TokenStore"),
    "client.client": ("BASE_URL", "Client"),
    "client.limits": ("CachePolicy", "Limits"),
    "client.readings": ("Current", "Stats", "Totals"),
    "client.results": ("WriteResult",),
    "errors": (
        "AccountLocked",
        "ApiError",
        "DeviceTimeout",
        "FranklinError",
        "GatewayOffline",
        "GatewaySelectionError",
        "InvalidCredentials",
        "InvalidResponse",
        "LoginError",
        "NotSupported",
        "PermissionDenied",
        "RateLimited",
        "TokenExpired",
    ),
    "facts.codes": (
        "GENERATOR_STATE",
        "RUN_STATUS",
        "V2L_RUN_STATE",
        "AccessoryKind",
        "BackupFlag",
        "Country",
        "ExportMode",
        "GeneratorMode",
        "GeneratorState",
        "GridConnectionState",
        "ReportType",
        "V2lState",
        "WorkMode",
        "relay_connected",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # Any: each name has its own type, which the block above tells the checker
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{_FAMILY}.{_HOME_OF[name]}"), name)
