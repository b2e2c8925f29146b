"""Calls about the past. A day is asked for by `dayTime`, longer spans by `startDate`; with the wrong key the arrays
come back empty. Source: capture.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.franklinwh.facts.endpoints.endpoint import GATEWAY, endpoint, endpoints
from ohmstead.families.franklinwh.facts.topics import Topic

ENERGY_DATA: Final = endpoint(
    "GET E/electric/getFhpElectricData", GATEWAY, Topic.HISTORY, "kWh per bucket", is_required=True
)
POWER_BY_DAY: Final = endpoint(
    "GET E/power/getFhpPowerByDay", GATEWAY, Topic.HISTORY, "flows every five minutes", is_required=True
)
BENEFIT: Final = endpoint(
    "GET T/bill/electric/selectBenefitInfo", GATEWAY, Topic.HISTORY, "savings", is_required=True
)

TABLE: Final = endpoints(ENERGY_DATA, POWER_BY_DAY, BENEFIT, passed_through={})

SPANS: Final[Mapping[int, str]] = MappingProxyType({1: "day", 2: "week", 3: "month", 4: "year", 5: "total"})
DAY_KEY: Final = "dayTime"
SPAN_KEY: Final = "startDate"
