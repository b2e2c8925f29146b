"""The interface's serving end, apart from any network and any charger."""

from __future__ import annotations

from ohmstead.families.everest.server.backend import (
    Ceiling,
    Control,
    Effect,
    EnergySink,
    EvseManager,
    Limit,
    Wish,
)
from ohmstead.families.everest.server.charge_point import ChargePoint
from ohmstead.families.everest.server.events import EvseEvent
from ohmstead.families.everest.server.evse import Evse
from ohmstead.families.everest.server.serving import RpcServer, rpc_server
from ohmstead.families.everest.server.settings import RpcSettings

__all__ = [
    "Ceiling",
    "ChargePoint",
    "Control",
    "Effect",
    "EnergySink",
    "Evse",
    "EvseEvent",
    "EvseManager",
    "Limit",
    "RpcServer",
    "RpcSettings",
    "Wish",
    "rpc_server",
]
