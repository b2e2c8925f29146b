"""The vehicle port: a contactor that closes only off grid, and what flows through it once something is plugged in.

States: disabled on grid or without a licence; standby off grid; active while power flows; fault when one is injected.
It and the generator exclude each other.
"""

from __future__ import annotations

from typing import Final

from ohmstead.families.franklinwh.facts.codes import V2lState
from ohmstead.kit.world import Cells

POWER_W: Final = 2800.0
VEHICLE_WH: Final = 60_000.0
PORT_V: Final = 240.0


class VehiclePort:
    def __init__(self, *, is_fitted: bool, is_licensed: bool, feeds_in: bool = False) -> None:
        self.is_fitted = is_fitted
        self.is_licensed = is_fitted and is_licensed
        self.feeds_in = feeds_in
        self.is_plugged = True
        self.is_on = False
        """The contactor is pulled in."""
        self.has_fault = False
        self.is_off_grid = False
        self.rated_w = POWER_W
        self.power_w = 0.0
        """Outwards +."""
        self.vehicle = Cells(VEHICLE_WH, 80.0, max_discharge_w=POWER_W, max_charge_w=POWER_W)

    @property
    def state(self) -> V2lState:
        if self.has_fault:
            return V2lState.FAULT
        if not (self.is_licensed and self.is_off_grid):
            return V2lState.DISABLED
        return V2lState.ACTIVE if self.power_w else V2lState.STANDBY

    def switch_on(self, *, is_generator_idle: bool) -> bool:
        """Whether it was done: only off grid, licensed, sound, and while the generator rests."""
        may = self.is_licensed and self.is_off_grid and is_generator_idle and not self.has_fault
        self.is_on = self.is_on or may
        return may

    def switch_off(self) -> None:
        self.is_on = False

    def step(self, dt_s: float, *, is_off_grid: bool, is_live: bool) -> float:
        """What the port draws from the house, W; negative while a vehicle feeds in."""
        self.is_off_grid = is_off_grid
        if not is_off_grid or self.has_fault:
            self.is_on = False
        if not (self.is_on and is_live and self.is_plugged):
            self.power_w = 0.0
        elif self.feeds_in:
            self.power_w = 0.0 - self.vehicle.exchange(self.rated_w, dt_s)
        else:
            self.power_w = self.rated_w
        return self.power_w
