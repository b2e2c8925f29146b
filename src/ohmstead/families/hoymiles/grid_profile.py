"""The grid profile: 112 bytes of big-endian words that say when an inverter leaves the grid. Read, and never written
without an explicit word. Source: blobs that owners published beside what the vendor's pages showed.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import unpack_from
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

SIZE: Final = 112


class Word(NamedTuple):
    """One word: where it stands, what it is divided by, its unit."""

    offset: int
    per: int = 1
    unit: str = ""


WORDS: Final[Mapping[str, Word]] = MappingProxyType(
    {
        "standard": Word(0),
        "version": Word(2),
        "nominal_voltage": Word(6, 10, "V"),
        # Leaving the grid
        "low_voltage_1": Word(8, 10, "V"),
        "low_voltage_1_time": Word(10, 10, "s"),
        "high_voltage_1": Word(12, 10, "V"),
        "high_voltage_1_time": Word(14, 10, "s"),
        "low_voltage_2": Word(16, 10, "V"),
        "low_voltage_2_time": Word(18, 100, "s"),
        "high_voltage_mean": Word(20, 10, "V"),  # over ten minutes
        "nominal_frequency": Word(24, 100, "Hz"),
        "low_frequency_1": Word(26, 100, "Hz"),
        "low_frequency_1_time": Word(28, 10, "s"),
        "high_frequency_1": Word(30, 100, "Hz"),
        "high_frequency_1_time": Word(32, 10, "s"),
        "island_detection": Word(36),
        # Coming back
        "reconnect_time": Word(40, 10, "s"),
        "reconnect_high_voltage": Word(42, 10, "V"),
        "reconnect_low_voltage": Word(44, 10, "V"),
        "reconnect_high_frequency": Word(46, 100, "Hz"),
        "reconnect_low_frequency": Word(48, 100, "Hz"),
        "ramp_up": Word(52, 100),
        "soft_ramp": Word(54, 100),
        # Less power at a high frequency
        "frequency_watt": Word(58),
        "frequency_watt_start": Word(60, 100, "Hz"),
        "frequency_watt_droop": Word(62, 10),
        "frequency_watt_recovery_ramp": Word(64, 100),
        "frequency_watt_recovery_high": Word(66, 100, "Hz"),
        "frequency_watt_recovery_low": Word(68, 100, "Hz"),
        "active_power_control": Word(72),
        "active_power_control_ramp": Word(74, 100),
        # Reactive power by voltage
        "volt_var": Word(78),
        "volt_var_v1": Word(80, 10, "V"),
        "volt_var_q1": Word(82, 10),
        "volt_var_v2": Word(84, 10, "V"),
        "volt_var_v3": Word(86, 10, "V"),
        "volt_var_v4": Word(88, 10, "V"),
        "volt_var_q4": Word(90, 10),
        # Power factor, fixed or by power
        "fixed_power_factor": Word(94),
        "power_factor": Word(96, 100),
        "watt_power_factor": Word(100),
        "watt_power_factor_start": Word(102, 10),
        "watt_power_factor_value": Word(104, 100),
        "reactive_control": Word(108),
        "reactive_value": Word(110, 10),
    }
)
"""Offsets that are missing are unknown."""


class GridProfile(msgspec.Struct, frozen=True):
    values: Mapping[str, float]
    """By name of `WORDS`, in its unit. A blob that ends early has fewer."""
    data: bytes
    is_intact: bool
    """Whether the checksum that came with it matches."""


def grid_profile(data: bytes, *, is_intact: bool = True) -> GridProfile:
    found = {
        name: _value(data, word) for name, word in WORDS.items() if word.offset + 2 <= min(len(data), SIZE)
    }
    return GridProfile(MappingProxyType(found), data, is_intact)


def _value(data: bytes, word: Word) -> float:
    (raw,) = unpack_from(">H", data, word.offset)
    return float(raw) if word.per == 1 else raw / word.per
