"""A photovoltaic panel, or a string of like ones: light and air in, the point of greatest power out."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

import msgspec

POWER_PER_K: Final = 0.0034
VOLTAGE_PER_K: Final = 0.0026
WARMING_K_PER_W_M2: Final = (45.0 - 20.0) / 800.0
"""From a nominal operating cell temperature of 45 degrees, at 800 W/m² and 20 degrees of air."""
THROTTLED_CEILING: Final = 0.93
"""Where the voltage of a panel goes that may hardly deliver, as a share of its open-circuit voltage."""

Shading = Callable[[datetime], float]
"""The share of light that reaches the panel, 0 to 1."""


class Sky(Protocol):
    """What a panel asks of the world."""

    def irradiance_w_m2(self, at: datetime, tilt_deg: float, azimuth_deg: float) -> float: ...
    def ambient_c(self, at: datetime) -> float: ...


class PanelState(msgspec.Struct, frozen=True):
    irradiance_w_m2: float
    cell_c: float
    power_w: float
    voltage_v: float
    current_a: float


class Panel:
    """Azimuth clockwise from north (south 180), tilt 0 (level) to 90. Voltages are those at 1000 W/m² and 25 degrees."""

    def __init__(
        self,
        nominal_w: float,
        tilt_deg: float = 30.0,
        azimuth_deg: float = 180.0,
        *,
        mpp_voltage_v: float = 34.0,
        open_circuit_voltage_v: float = 41.0,
        shading: Shading | None = None,
    ) -> None:
        if not nominal_w >= 0.0:
            raise ValueError(f"a panel's nominal power is not negative, got {nominal_w} W")
        if not 0.0 < mpp_voltage_v < THROTTLED_CEILING * open_circuit_voltage_v:
            raise ValueError(
                f"a panel's best voltage lies above 0 and below {THROTTLED_CEILING} of its open-circuit voltage, "
                f"got {mpp_voltage_v} V of {open_circuit_voltage_v} V"
            )
        self.nominal_w = nominal_w
        self.tilt_deg = tilt_deg
        self.azimuth_deg = azimuth_deg
        self.mpp_voltage_v = mpp_voltage_v
        self.open_circuit_voltage_v = open_circuit_voltage_v
        self.shading = shading

    def operate(self, sky: Sky, at: datetime, *, share: float = 1.0) -> PanelState:
        """As it stands at that instant, delivering `share` (0 to 1) of what it could."""
        light_w_m2 = sky.irradiance_w_m2(at, self.tilt_deg, self.azimuth_deg)
        if self.shading is not None:
            light_w_m2 *= self.shading(at)
        return self.under(light_w_m2, sky.ambient_c(at), share=share)

    def under(self, irradiance_w_m2: float, ambient_c: float, *, share: float = 1.0) -> PanelState:
        """As it stands in that light and air. Delivering less than it could, its voltage climbs from the best point."""
        cell_c = ambient_c + WARMING_K_PER_W_M2 * irradiance_w_m2
        if irradiance_w_m2 <= 0.0:
            return PanelState(0.0, cell_c, 0.0, 0.0, 0.0)
        above_k = cell_c - 25.0
        power_w = max(0.0, self.nominal_w * irradiance_w_m2 / 1000.0 * (1.0 - POWER_PER_K * above_k)) * share
        best_v = self.mpp_voltage_v + (1.0 - share) * (
            THROTTLED_CEILING * self.open_circuit_voltage_v - self.mpp_voltage_v
        )
        voltage_v = best_v * (1.0 - VOLTAGE_PER_K * above_k)
        voltage_v *= 1.0 + 0.04 * math.log(max(irradiance_w_m2, 20.0) / 1000.0)
        return PanelState(irradiance_w_m2, cell_c, power_w, voltage_v, power_w / voltage_v)
