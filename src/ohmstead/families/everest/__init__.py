"""The charge-point interface of EVerest, JSON-RPC over WebSocket, from both ends.

`schema` says what there is, `wire` how it is spoken; a client and a server need nothing but a link of messages. The names
below are loaded when first used: whoever only wants the card pays for neither end.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_OF_THE_CLIENT = frozenset({"Client", "EvseView", "Greeting", "Mirror", "Outcome", "Terms", "connected"})


def __getattr__(name: str) -> Any:  # Any: each name has its own type, which the block above tells the checker
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    end = "client" if name in _OF_THE_CLIENT else "server"
    return getattr(import_module(f"{__name__}.{end}"), name)
