"""The charge-point interface of EVerest, JSON-RPC over WebSocket, from both ends.

`schema` says what there is, `wire` how it is spoken; a client and a server need nothing but a link of messages.
"""

from __future__ import annotations

from ohmstead.families.everest.client import Client, EvseView, Greeting, Mirror, Outcome, Terms, connected
from ohmstead.families.everest.server import (
    Ceiling,
    ChargePoint,
    Control,
    Effect,
    EnergySink,
    Evse,
    EvseEvent,
    EvseManager,
    Limit,
    RpcServer,
    RpcSettings,
    Wish,
    rpc_server,
)

__all__ = [
    "Ceiling",
    "ChargePoint",
    "Client",
    "Control",
    "Effect",
    "EnergySink",
    "Evse",
    "EvseEvent",
    "EvseManager",
    "EvseView",
    "Greeting",
    "Limit",
    "Mirror",
    "Outcome",
    "RpcServer",
    "RpcSettings",
    "Terms",
    "Wish",
    "connected",
    "rpc_server",
]
