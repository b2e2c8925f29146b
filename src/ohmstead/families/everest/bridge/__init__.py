"""Every charger of the house as an EVSE of one EVerest charge point."""

from __future__ import annotations

from ohmstead.families.everest.bridge.serving import RpcTable, serve

__all__ = ["RpcTable", "serve"]
