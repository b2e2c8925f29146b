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
    from ohmstead.families.hoymiles.client import Client, CommandResult, LimitResult
    from ohmstead.families.hoymiles.results import (
        Config,
        Heartbeat,
        Inventory,
        Live,
        MeterPhases,
        Port,
        SinglePhase,
        ThreePhase,
    )
    from ohmstead.families.hoymiles.wire import PORT, Conversation, Frame, decode_frame
    from ohmstead.kit.link import tcp

__all__ = [
    "PORT",
    "Action",
    "Client",
    "CommandResult",
    "Config",
    "Conversation",
    "Frame",
    "Heartbeat",
    "Inventory",
    "LimitResult",
    "Live",
    "MeterPhases",
    "Port",
    "SinglePhase",
    "ThreePhase",
    "decode_frame",
    "tcp",
]

_HOMES = {
    "ohmstead.families.hoymiles.actions": ("Action",),
    "ohmstead.families.hoymiles.client": ("Client", "CommandResult", "LimitResult"),
    "ohmstead.families.hoymiles.results": (
        "Config",
        "Heartbeat",
        "Inventory",
        "Live",
        "MeterPhases",
        "Port",
        "SinglePhase",
        "ThreePhase",
    ),
    "ohmstead.families.hoymiles.wire": ("PORT", "Conversation", "Frame", "decode_frame"),
    "ohmstead.kit.link": ("tcp",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # Any: each name has its own type, which the block above tells the checker
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
