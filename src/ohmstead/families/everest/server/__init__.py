"""The interface's serving end, apart from any network and any charger."""

from __future__ import annotations

from ohmstead.families.everest.server.backend import EnergySink, EvseManager, Limit
from ohmstead.families.everest.server.charge_point import ChargePoint
from ohmstead.families.everest.server.events import EvseEvent
from ohmstead.families.everest.server.evse import Evse
from ohmstead.families.everest.server.serving import RpcServer

__all__ = ["ChargePoint", "EnergySink", "Evse", "EvseEvent", "EvseManager", "Limit", "RpcServer"]
