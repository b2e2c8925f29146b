"""Every known field of every record, with its unit, scale, codes and secrecy. `TABLES` finds a table by its source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.franklinwh.facts.fields.circuits import (
    CIRCUITS,
)
from ohmstead.families.franklinwh.facts.fields.derived import (
    ACTIVE_TARIFF,
    DERIVED,
)
from ohmstead.families.franklinwh.facts.fields.electrical import (
    ELECTRICAL,
)
from ohmstead.families.franklinwh.facts.fields.field import Field, Kind, Secrecy, Table, When
from ohmstead.families.franklinwh.facts.fields.generator import (
    GENERATOR,
    OFF_GRID,
)
from ohmstead.families.franklinwh.facts.fields.history import (
    ENERGY,
    POWER_DAY,
)
from ohmstead.families.franklinwh.facts.fields.live import (
    RESULT,
    RUNTIME,
    SOLAR,
)
from ohmstead.families.franklinwh.facts.fields.metering import (
    CIRCUITS_V2,
    METERING,
    METERING_V2,
)
from ohmstead.families.franklinwh.facts.fields.modes import (
    MODES,
)
from ohmstead.families.franklinwh.facts.fields.network import (
    INTERFACES,
    LEDS,
    REACHABILITY,
    SWITCHES,
    WIFI,
    WIFI_SCAN,
)
from ohmstead.families.franklinwh.facts.fields.packs import (
    CELLS,
    FIRMWARE,
    PACKS,
)
from ohmstead.families.franklinwh.facts.fields.power_control import (
    ENTRANCE,
    POWER_CONTROL,
    STORM,
)
from ohmstead.families.franklinwh.facts.fields.site import (
    ACCESSORIES,
    DEVICE,
    GATEWAYS,
)

TABLES: Final[Mapping[str, Table]] = MappingProxyType(
    {
        table.source: table
        for table in (
            RUNTIME,
            SOLAR,
            RESULT,
            DERIVED,
            ACTIVE_TARIFF,
            ELECTRICAL,
            METERING,
            CIRCUITS_V2,
            METERING_V2,
            CIRCUITS,
            GENERATOR,
            OFF_GRID,
            MODES,
            GATEWAYS,
            DEVICE,
            ACCESSORIES,
            ENTRANCE,
            POWER_CONTROL,
            STORM,
            ENERGY,
            POWER_DAY,
            INTERFACES,
            REACHABILITY,
            SWITCHES,
            WIFI,
            WIFI_SCAN,
            LEDS,
            CELLS,
            PACKS,
            FIRMWARE,
        )
    }
)

__all__ = [
    "ACCESSORIES",
    "ACTIVE_TARIFF",
    "CELLS",
    "CIRCUITS",
    "CIRCUITS_V2",
    "DERIVED",
    "DEVICE",
    "ELECTRICAL",
    "ENERGY",
    "ENTRANCE",
    "FIRMWARE",
    "GATEWAYS",
    "GENERATOR",
    "INTERFACES",
    "LEDS",
    "METERING",
    "METERING_V2",
    "MODES",
    "OFF_GRID",
    "PACKS",
    "POWER_CONTROL",
    "POWER_DAY",
    "REACHABILITY",
    "RESULT",
    "RUNTIME",
    "SOLAR",
    "STORM",
    "SWITCHES",
    "TABLES",
    "WIFI",
    "WIFI_SCAN",
    "Field",
    "Kind",
    "Secrecy",
    "Table",
    "When",
]
