"""The body of a battery: energy that goes in and comes out with a loss, within limits. When it may is a family's control law."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Final

from ohmstead.kit.world.noise import uniform

ONE_WAY: Final = math.sqrt(0.92)
"""Each way, for a round trip of 92 %."""
NOMINAL_CELL_V: Final = 238.0 / 72.0
"""72 iron-phosphate cells in series make a pack of 238 V."""
_CURVE: Final = (
    (0.0, -0.28),
    (5.0, -0.12),
    (20.0, -0.03),
    (50.0, 0.0),
    (90.0, 0.03),
    (97.0, 0.06),
    (100.0, 0.14),
)
"""Resting volts of a cell about the nominal, by state of charge: flat in the middle, steep at the ends."""
_SAG: Final = 0.015
_SPREAD_V: Final = 0.004


class Cells:
    """Powers are those on the house's side: discharging +, charging -. The conversion loss is inside."""

    def __init__(
        self,
        capacity_wh: float,
        soc_pct: float = 50.0,
        *,
        max_charge_w: float = 5000.0,
        max_discharge_w: float = 5000.0,
        one_way_efficiency: float = ONE_WAY,
        cells_in_series: int = 72,
    ) -> None:
        if not capacity_wh > 0.0:
            raise ValueError(f"a battery's capacity is above 0, not {capacity_wh} Wh")
        if not 0.0 <= soc_pct <= 100.0:
            raise ValueError(f"a state of charge lies in 0 to 100 %, not at {soc_pct}")
        if not 0.0 < one_way_efficiency <= 1.0:
            raise ValueError(f"an efficiency lies above 0 and up to 1, not at {one_way_efficiency}")
        self.capacity_wh = capacity_wh
        self.max_charge_w = max_charge_w
        self.max_discharge_w = max_discharge_w
        self.one_way_efficiency = one_way_efficiency
        self.cells_in_series = cells_in_series
        self.stored_wh = capacity_wh * soc_pct / 100.0
        self.power_w = 0.0
        """Over the last exchange, discharging +."""
        self.charged_wh = 0.0
        self.discharged_wh = 0.0
        self.drained_wh = 0.0
        self.losses_wh = 0.0

    @property
    def soc_pct(self) -> float:
        return 100.0 * self.stored_wh / self.capacity_wh

    def deliverable_w(self, dt_s: float) -> float:
        """The most that can be discharged for that long."""
        return min(self.max_discharge_w, self.stored_wh * self.one_way_efficiency * 3600.0 / dt_s)

    def acceptable_w(self, dt_s: float) -> float:
        """The most, as a positive number, that can be charged for that long."""
        room_wh = self.capacity_wh - self.stored_wh
        return min(self.max_charge_w, room_wh / self.one_way_efficiency * 3600.0 / dt_s)

    def exchange(self, power_w: float, dt_s: float) -> float:
        """Discharge (+) or charge (-) for `dt_s`, as far as limits and content allow; the power that really flowed."""
        if power_w > 0.0:
            self.power_w = min(power_w, self.deliverable_w(dt_s))
            moved_wh = self.power_w * dt_s / 3600.0
            taken_wh = min(self.stored_wh, moved_wh / self.one_way_efficiency)
            self.stored_wh -= taken_wh
            self.discharged_wh += moved_wh
            self.losses_wh += taken_wh - moved_wh
        else:
            self.power_w = -min(-power_w, self.acceptable_w(dt_s)) if power_w < 0.0 else 0.0
            moved_wh = -self.power_w * dt_s / 3600.0
            kept_wh = moved_wh * self.one_way_efficiency
            self.stored_wh = min(self.capacity_wh, self.stored_wh + kept_wh)
            self.charged_wh += moved_wh
            self.losses_wh += moved_wh - kept_wh
        return self.power_w

    def drain(self, energy_wh: float) -> float:
        """Use energy that never reaches the house, such as a drive's, as far as there is some; what was used."""
        used_wh = min(self.stored_wh, max(0.0, energy_wh))
        self.stored_wh -= used_wh
        self.drained_wh += used_wh
        return used_wh

    @property
    def voltage_v(self) -> float:
        """Of the pack: its resting curve, less while discharging and more while charging."""
        return self.cells_in_series * self._mean_cell_v()

    @property
    def current_a(self) -> float:
        """Discharging +."""
        return self.power_w / self.voltage_v

    def cell_voltages_v(self) -> tuple[float, ...]:
        """Each cell, a few millivolts from the mean: always the same strong and weak ones."""
        mean_v = self._mean_cell_v()
        return tuple(
            mean_v + _SPREAD_V * (2.0 * uniform(7, 41, n) - 1.0) for n in range(self.cells_in_series)
        )

    def _mean_cell_v(self) -> float:
        limit_w = self.max_discharge_w if self.power_w > 0.0 else self.max_charge_w
        load = self.power_w / limit_w if limit_w > 0.0 else 0.0
        return (NOMINAL_CELL_V + _resting_v(self.soc_pct)) * (1.0 - _SAG * load)


def _resting_v(soc_pct: float) -> float:
    for (low_pct, low_v), (high_pct, high_v) in pairwise(_CURVE):
        if soc_pct <= high_pct:
            return low_v + (high_v - low_v) * (soc_pct - low_pct) / (high_pct - low_pct)
    return _CURVE[-1][1]
