"""Batteries that work as one: the power is shared out, and what one cannot take the others do."""

from __future__ import annotations

from collections.abc import Sequence

from ohmstead.kit.world import Cells


class BatteryBank:
    def __init__(self, batteries: Sequence[Cells]) -> None:
        self.batteries = tuple(batteries)

    @property
    def capacity_wh(self) -> float:
        return sum(cells.capacity_wh for cells in self.batteries)

    @property
    def soc_pct(self) -> float:
        if not self.batteries:
            return 0.0
        return 100.0 * sum(cells.stored_wh for cells in self.batteries) / self.capacity_wh

    @property
    def power_w(self) -> float:
        """Discharging +."""
        return sum(cells.power_w for cells in self.batteries)

    @property
    def most_charge_w(self) -> float:
        return sum(cells.max_charge_w for cells in self.batteries)

    @property
    def most_discharge_w(self) -> float:
        return sum(cells.max_discharge_w for cells in self.batteries)

    def exchange(self, power_w: float, dt_s: float) -> float:
        """Discharge (+) or charge (-); the power that really flowed."""
        able_w = [
            cells.deliverable_w(dt_s) if power_w > 0.0 else cells.acceptable_w(dt_s)
            for cells in self.batteries
        ]
        total_w = sum(able_w)
        share = min(1.0, abs(power_w) / total_w) if total_w > 0.0 else 0.0
        sign = 1.0 if power_w > 0.0 else -1.0
        return sum(
            cells.exchange(sign * share * each_w, dt_s)
            for cells, each_w in zip(self.batteries, able_w, strict=True)
        )
