"""What a gateway is made of: hardware, accessories, flags, limits; gathered in tiers and guarded call by call."""

from __future__ import annotations

from ohmstead.families.franklinwh.discovery.snapshot import (
    Accessories,
    AccessoryItem,
    Agate,
    Batteries,
    DeviceSnapshot,
    Electrical,
    Flags,
    GeneratorSummary,
    GridLimits,
    PackUnit,
    Site,
    SmartCircuits,
)

__all__ = [
    "Accessories",
    "AccessoryItem",
    "Agate",
    "Batteries",
    "DeviceSnapshot",
    "Electrical",
    "Flags",
    "GeneratorSummary",
    "GridLimits",
    "PackUnit",
    "Site",
    "SmartCircuits",
]
