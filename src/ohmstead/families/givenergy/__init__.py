"""GivEnergy inverters, batteries and plants, as a library of its own.

    from ohmstead.families.givenergy import Client, commands

    async with Client("192.0.2.7") as client:
        await client.detect()
        plant = await client.load_config()
        await client.one_shot_command(plant.inverter.set_charge_target_enabled(90))

The names below are loaded when first used: whoever only wants the card does not pay for the tables.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ohmstead.families.givenergy import commands
    from ohmstead.families.givenergy.cache import RegisterCache
    from ohmstead.families.givenergy.capabilities import PlantCapabilities
    from ohmstead.families.givenergy.client import (
        Client,
        ExtraBlock,
        FailedRead,
        PlantTopologyMismatch,
        Priority,
        RefreshError,
        RefreshFailed,
        RefreshPartiallySucceeded,
    )
    from ohmstead.families.givenergy.compact import parse_compact, to_compact
    from ohmstead.families.givenergy.errors import (
        CommunicationError,
        ConnectionLost,
        ExceptionBase,
        InvalidFrame,
        InvalidPduState,
        NotConnected,
        PlantNotDetected,
        RequestRefused,
        StoredDifferently,
        TimedOut,
    )
    from ohmstead.families.givenergy.models import Model
    from ohmstead.families.givenergy.plant import Plant
    from ohmstead.families.givenergy.slots import SlotMap
    from ohmstead.families.givenergy.types import Bank, BatteryPauseMode, ExportPriority, TimeSlot
    from ohmstead.families.givenergy.views import Ems, SinglePhaseInverter, ThreePhaseInverter
    from ohmstead.families.givenergy.wire import (
        PORT,
        ReadRequest,
        TransparentRequest,
        WriteRequest,
        decode_frame,
    )

__all__ = [
    "PORT",
    "Bank",
    "BatteryPauseMode",
    "Client",
    "CommunicationError",
    "ConnectionLost",
    "Ems",
    "ExceptionBase",
    "ExportPriority",
    "ExtraBlock",
    "FailedRead",
    "InvalidFrame",
    "InvalidPduState",
    "Model",
    "NotConnected",
    "Plant",
    "PlantCapabilities",
    "PlantNotDetected",
    "PlantTopologyMismatch",
    "Priority",
    "ReadRequest",
    "RefreshError",
    "RefreshFailed",
    "RefreshPartiallySucceeded",
    "RegisterCache",
    "RequestRefused",
    "SinglePhaseInverter",
    "SlotMap",
    "StoredDifferently",
    "ThreePhaseInverter",
    "TimeSlot",
    "TimedOut",
    "TransparentRequest",
    "WriteRequest",
    "commands",
    "decode_frame",
    "parse_compact",
    "to_compact",
]

_HOMES = {
    "ohmstead.families.givenergy.cache": ("RegisterCache",),
    "ohmstead.families.givenergy.capabilities": ("PlantCapabilities",),
    "ohmstead.families.givenergy.client": (
        "Client",
        "ExtraBlock",
        "FailedRead",
        "PlantTopologyMismatch",
        "Priority",
        "RefreshError",
        "RefreshFailed",
        "RefreshPartiallySucceeded",
    ),
    "ohmstead.families.givenergy.compact": (
        "parse_compact",
        "to_compact",
    ),
    "ohmstead.families.givenergy.errors": (
        "CommunicationError",
        "ConnectionLost",
        "ExceptionBase",
        "InvalidFrame",
        "InvalidPduState",
        "NotConnected",
        "PlantNotDetected",
        "RequestRefused",
        "StoredDifferently",
        "TimedOut",
    ),
    "ohmstead.families.givenergy.models": ("Model",),
    "ohmstead.families.givenergy.plant": ("Plant",),
    "ohmstead.families.givenergy.slots": ("SlotMap",),
    "ohmstead.families.givenergy.types": (
        "Bank",
        "BatteryPauseMode",
        "ExportPriority",
        "TimeSlot",
    ),
    "ohmstead.families.givenergy.views": (
        "Ems",
        "SinglePhaseInverter",
        "ThreePhaseInverter",
    ),
    "ohmstead.families.givenergy.wire": (
        "PORT",
        "ReadRequest",
        "TransparentRequest",
        "WriteRequest",
        "decode_frame",
    ),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # Any: each name has its own type, which the block above tells the checker
    if name == "commands":
        return import_module(f"{__name__}.commands")
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
