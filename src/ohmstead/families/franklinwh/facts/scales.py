"""How the metering record counts. Integers are wire units and are divided; a value with a fraction is taken as converted
already. One table, so that a report from the field corrects one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ACCESSORY_SCALE: Final[Mapping[str, int]] = MappingProxyType(
    {
        "power": 1000,  # W to kW: captures
        "energy": 1000,  # Wh to kWh: two tools; a third reads tens of Wh
        "voltage": 10,  # one tool
        "frequency": 10,  # captures
        "generator_current": 10,  # assumed, after voltage and frequency
        "current": 1,  # circuits and vehicle port: captures of small loads only
    }
)
"""Value = raw / divisor."""


def scaled(raw: int | float, quantity: str) -> float:  # noqa: PYI041  # which of the two it is decides
    divisor = ACCESSORY_SCALE[quantity]
    return raw if isinstance(raw, float) or divisor == 1 else raw / divisor
