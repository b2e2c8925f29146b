"""Temperatures of a unit: each follows the current with a delay of its own. Figures fitted to captures of units at 40 A."""

from __future__ import annotations

import math
from typing import Final

RATED_A: Final = 40.0
DELAY_S: Final = 20 * 60.0
FOLD_BACK_C: Final = 80.0
RECOVERED_C: Final = 74.0
IDLE_UV: Final = -100.0
LOADED_UV: Final = -600.0
"""What 40 A add to the terminals' heat sensor."""


class Heat:
    def __init__(self, ambient_c: float) -> None:
        self.ambient_c = ambient_c
        self.load = 0.0
        """0 cold to 1 after long at 40 A; what the current has heated so far."""
        self.is_folded_back = False

    def step(self, current_a: float, ambient_c: float, dt_s: float) -> None:
        self.ambient_c = ambient_c
        target = (current_a / RATED_A) ** 2
        self.load += (target - self.load) * -math.expm1(-dt_s / DELAY_S)
        if self.board_c >= FOLD_BACK_C:
            self.is_folded_back = True
        elif self.board_c < RECOVERED_C:
            self.is_folded_back = False

    @property
    def board_c(self) -> float:
        return self.ambient_c + 6.0 + 24.0 * self.load

    @property
    def handle_c(self) -> float:
        return self.ambient_c + 15.0 * self.load

    @property
    def processor_c(self) -> float:
        return self.board_c + 7.0 - 10.0 * min(self.load, 1.0)

    @property
    def thermopile_uv(self) -> int:
        return round(IDLE_UV + LOADED_UV * self.load)
