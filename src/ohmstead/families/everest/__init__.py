"""The charge-point interface of EVerest, JSON-RPC over WebSocket, from both ends.

`schema` says what there is, `wire` how it is spoken; a client and a server need nothing but a link of messages.
"""

from __future__ import annotations

from ohmstead.families.everest.client import Client, EvseView, Mirror, Outcome, connected
from ohmstead.families.everest.server import (
    ChargePoint,
    EnergySink,
    Evse,
    EvseEvent,
    EvseManager,
    Limit,
    RpcServer,
)

__all__ = [
    "ChargePoint",
    "Client",
    "EnergySink",
    "Evse",
    "EvseEvent",
    "EvseManager",
    "EvseView",
    "Limit",
    "Mirror",
    "Outcome",
    "RpcServer",
    "connected",
]
