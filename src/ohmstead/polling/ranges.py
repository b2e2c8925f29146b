"""What a home's values can be at all, role by role. Wide on purpose: the gate stops nonsense, not surprises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ohmstead.model import (
    BatteryReading,
    ChargerReading,
    GeneratorReading,
    GridReading,
    LoadReading,
    Reading,
    SolarReading,
    VehiclePortReading,
)


class Range(msgspec.Struct, frozen=True):
    field: str
    low: float
    high: float
    total: bool = False
    """A counter that never falls."""


def total(field: str) -> Range:
    return Range(field, 0.0, LIFETIME_WH, total=True)


LIFETIME_WH: Final = 1e10
"""10 GWh: a 100 kW connection at full power for more than ten years."""
RANGES: Final[Mapping[type[Reading], tuple[Range, ...]]] = {
    SolarReading: (
        Range("power_w", -1_000, 100_000),  # below zero: what the equipment itself draws at night
        Range("losses_w", 0, 20_000),
        total("energy_wh"),
    ),
    GridReading: (
        Range("power_w", -150_000, 150_000),
        total("imported_wh"),
        total("exported_wh"),
        Range("voltage_v", 0, 600),  # 0 in an outage; line to line on a 480 V service
        Range("frequency_hz", 0, 75),  # 0 in an outage
    ),
    BatteryReading: (
        Range("power_w", -100_000, 100_000),
        Range("losses_w", 0, 20_000),
        Range("soc_pct", 0, 100),
        Range("capacity_wh", 0, 1_000_000),
        total("charged_wh"),
        total("discharged_wh"),
        Range("temperature_c", -60, 150),
    ),
    GeneratorReading: (
        Range("power_w", -1_000, 100_000),
        total("energy_wh"),
    ),
    LoadReading: (
        Range("power_w", -1_000, 150_000),
        total("energy_wh"),
    ),
    VehiclePortReading: (
        Range("power_w", -50_000, 50_000),
        total("delivered_wh"),
        total("received_wh"),
    ),
    ChargerReading: (
        Range("power_w", -400_000, 400_000),  # fast chargers feed more than a home has
        Range("limit_a", 0, 500),
        Range("phases", 0, 3),
        total("energy_wh"),
        Range("session_energy_wh", 0, 1_000_000),
        Range("vehicle_soc_pct", 0, 100),
    ),
}

FLAGS: Final[Mapping[type[Reading], tuple[str, ...]]] = {
    GridReading: ("connected",),
    GeneratorReading: ("running",),
    VehiclePortReading: ("active",),
}
