"""The voltages at a unit: what comes in, and what a car gets. A pure function of the street and the current."""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.simulator.profiles import Wiring
from ohmstead.kit.world import Bus, Grid

EU_OFFSETS_V: Final = (1.2, -0.9, -2.1)
"""Phases are never quite equal."""


class Supply(msgspec.Struct, frozen=True):
    grid_v: float
    grid_hz: float
    load_v: tuple[float, ...]
    """Of each conductor that charges, behind the closed contactor."""

    @property
    def mean_load_v(self) -> float:
        return sum(self.load_v) / len(self.load_v)


def supply(wiring: Wiring, bus: Bus, grid: Grid, current_a: float) -> Supply:
    grid_v = wiring.nominal_v * bus.voltage_v / grid.nominal_voltage_v - wiring.sag_v_per_a * current_a
    grid_hz = wiring.nominal_hz * bus.frequency_hz / grid.nominal_frequency_hz
    offsets = EU_OFFSETS_V[: wiring.phases] if wiring.slug.startswith("eu") else (0.0,)
    return Supply(grid_v, grid_hz, tuple(grid_v * wiring.gain + offset for offset in offsets))
