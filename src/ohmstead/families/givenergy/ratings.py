"""Rated powers and voltages by model. Sources: the vendor's app and documents, checked against captures."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.givenergy.models import Model

_5X: Final = {"01": 5000, "02": 4600, "03": 3600, "04": 6000, "05": 7000, "06": 8000}
_3PH: Final = {"01": 6000, "02": 8000, "03": 10000, "04": 11000, "05": 15000, "06": 20000}
_BY_SERIES: Final[Mapping[str, Mapping[str, int]]] = {
    "20": {"01": 5000, "02": 4600, "03": 3600},
    "21": _5X,
    "22": _5X,
    "23": {"01": 5000, "02": 4600, "03": 3600, "04": 6000},
    "24": _5X,
    "25": _5X,
    "30": {"01": 3000, "02": 3600},
    "40": {**_3PH, "07": 5000},
    "41": {"01": 30000, "03": 50000},
    "60": _3PH,
    "70": {"01": 12000},
    "80": {"01": 6000, "02": 3600, "03": 5000},
    "81": {"01": 6000, "02": 8000, "03": 10000},
    "82": {"01": 6000, "02": 8000, "03": 10000, "04": 12000, "05": 11000},
    "83": {"01": 3600, "02": 4600, "03": 5000, "04": 6000},
}
INVERTER_MAX_POWER_W: Final[Mapping[str, int]] = MappingProxyType(
    {series + size: power_w for series, sizes in _BY_SERIES.items() for size, power_w in sizes.items()}
)
"""By device type code."""

BATTERY_MAX_POWER_W: Final[Mapping[str, int]] = MappingProxyType(
    {
        "2201": 5400,
        "3001": 3000,
        "3002": 3000,
        "8001": 6000,
        "8002": 3600,
        "8003": 5000,
        "8102": 8000,
        "8103": 10000,
    }
)
"""By device type code; the 20 series goes by firmware."""


def inverter_max_power_w(code: str | None, module: str | None) -> int | None:
    """Rated power. The low byte of HR(2), in steps of 100 W, serves where the type code is not known."""
    found = INVERTER_MAX_POWER_W.get(code or "")
    if found is not None or module is None:
        return found
    return int(module[-2:], 16) * 100 or None


def battery_max_power_w(code: str | None, arm_firmware: int | None) -> int | None:
    """None where it is not known."""
    if code is not None and code.startswith("20"):
        return 3600 if (arm_firmware or 0) // 100 in (3, 8, 9) else 2600
    return BATTERY_MAX_POWER_W.get(code or "")


LV_PACK_V: Final = 51.2
ALL_IN_ONE_V: Final = 307.0
THREE_PHASE_MODULE_V: Final = 76.8
HV_GEN3_MODULE_V: Final = 80.0


MODULE_V: Final[Mapping[str, float]] = MappingProxyType(
    {"HYBRID_3PH": THREE_PHASE_MODULE_V, "AC_3PH": THREE_PHASE_MODULE_V, "HYBRID_HV_GEN3": HV_GEN3_MODULE_V}
)


def battery_nominal_voltage_v(model: Model | None, modules: int | None) -> float | None:
    """Of the whole battery; None where it depends on a number of modules that is not known."""
    if model is None:
        return LV_PACK_V
    if model is Model.ALL_IN_ONE:
        return ALL_IN_ONE_V
    module_v = MODULE_V.get(model.name)
    if module_v is None:
        return LV_PACK_V
    return round(modules * module_v, 1) if modules else None
