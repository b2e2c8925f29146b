"""Hoymiles micro-inverters, as a library of its own.

    from ohmstead.families.hoymiles import PORT, Client, tcp

    live = await Client(tcp("192.0.2.7", PORT)).live()

The names below are loaded when first used: whoever only wants the card does not pay for protobuf.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ohmstead.families.hoymiles.actions import Action
    from ohmstead.families.hoymiles.alarms import AlarmState
    from ohmstead.families.hoymiles.client import (
        Client,
        CommandResult,
        ConfigResult,
        LimitResult,
        Pace,
    )
    from ohmstead.families.hoymiles.client.storage import StorageClient
    from ohmstead.families.hoymiles.dtu_side import CloudSession, CloudState, Outbox, ReportingUnit
    from ohmstead.families.hoymiles.grid_profile import GridProfile
    from ohmstead.families.hoymiles.modes import StorageMode
    from ohmstead.families.hoymiles.names import App, Cloud
    from ohmstead.families.hoymiles.results import (
        Alarm,
        Config,
        DayEnergy,
        Heartbeat,
        Inventory,
        Live,
        MeterPhases,
        Network,
        Port,
        PowerCurve,
        SinglePhase,
        ThreePhase,
    )
    from ohmstead.families.hoymiles.results.storages import Gateway, Storage
    from ohmstead.families.hoymiles.wire import PORT, Conversation, Frame, decode_frame
    from ohmstead.kit.link import tcp

__all__ = [
    "PORT",
    "Action",
    "Alarm",
    "AlarmState",
    "App",
    "Client",
    "Cloud",
    "CloudSession",
    "CloudState",
    "CommandResult",
    "Config",
    "ConfigResult",
    "Conversation",
    "DayEnergy",
    "Frame",
    "Gateway",
    "GridProfile",
    "Heartbeat",
    "Inventory",
    "LimitResult",
    "Live",
    "MeterPhases",
    "Network",
    "Outbox",
    "Pace",
    "Port",
    "PowerCurve",
    "ReportingUnit",
    "SinglePhase",
    "Storage",
    "StorageClient",
    "StorageMode",
    "ThreePhase",
    "decode_frame",
    "tcp",
]

_HOMES = {
    "ohmstead.families.hoymiles.actions": ("Action",),
    "ohmstead.families.hoymiles.alarms": ("AlarmState",),
    "ohmstead.families.hoymiles.client": (
        "Client",
        "CommandResult",
        "ConfigResult",
        "LimitResult",
        "Pace",
    ),
    "ohmstead.families.hoymiles.client.storage": ("StorageClient",),
    "ohmstead.families.hoymiles.dtu_side": ("CloudSession", "CloudState", "Outbox", "ReportingUnit"),
    "ohmstead.families.hoymiles.grid_profile": ("GridProfile",),
    "ohmstead.families.hoymiles.modes": ("StorageMode",),
    "ohmstead.families.hoymiles.names": ("App", "Cloud"),
    "ohmstead.families.hoymiles.results": (
        "Alarm",
        "Config",
        "DayEnergy",
        "Heartbeat",
        "Inventory",
        "Live",
        "MeterPhases",
        "Network",
        "Port",
        "PowerCurve",
        "SinglePhase",
        "ThreePhase",
    ),
    "ohmstead.families.hoymiles.results.storages": ("Gateway", "Storage"),
    "ohmstead.families.hoymiles.wire": ("PORT", "Conversation", "Frame", "decode_frame"),
    "ohmstead.kit.link": ("tcp",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # Any: each name has its own type, which the block above tells the checker
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
