"""Battery calibration: the stages HR(29) walks through once it is started, and what each does to the battery.

Empty, note the lower limit, fill, note the upper one, balance, note the capacity, done. Each stage is left when the
battery is where it has to be, or when its time is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.givenergy.types import BatteryCalibrationStage as Stage

NEXT: Final[Mapping[Stage, Stage]] = MappingProxyType(
    {
        Stage.DISCHARGE: Stage.SET_LOWER_LIMIT,
        Stage.SET_LOWER_LIMIT: Stage.CHARGE,
        Stage.CHARGE: Stage.SET_UPPER_LIMIT,
        Stage.SET_UPPER_LIMIT: Stage.BALANCE,
        Stage.BALANCE: Stage.SET_FULL_CAPACITY,
        Stage.SET_FULL_CAPACITY: Stage.FINISH,
        Stage.FINISH: Stage.OFF,
    }
)
LASTS_S: Final[Mapping[Stage, float]] = MappingProxyType(
    {
        Stage.SET_LOWER_LIMIT: 60.0,
        Stage.SET_UPPER_LIMIT: 60.0,
        Stage.BALANCE: 600.0,
        Stage.SET_FULL_CAPACITY: 60.0,
        Stage.FINISH: 60.0,
    }
)
"""Assumed: nobody has recorded a calibration."""
EMPTY_PCT: Final = 4.0
FULL_PCT: Final = 99.9


class Calibration:
    def __init__(self) -> None:
        self.stage = Stage.OFF
        self._left_s = 0.0

    def start(self, asked: int) -> None:
        """0 stops, 1 starts, 3 starts with the charging."""
        self._enter(Stage(asked) if asked in (Stage.DISCHARGE, Stage.CHARGE) else Stage.OFF)

    def step(self, soc_pct: float, dt_s: float) -> float | None:
        """What the battery has to do: 1 discharge, -1 charge, 0 rest; None while there is no calibration."""
        if self.stage is Stage.OFF:
            return None
        self._left_s -= dt_s
        is_done = {
            Stage.DISCHARGE: soc_pct <= EMPTY_PCT,
            Stage.CHARGE: soc_pct >= FULL_PCT,
        }.get(self.stage, self._left_s <= 0.0)
        if is_done:
            self._enter(NEXT[self.stage])
        return {Stage.DISCHARGE: 1.0, Stage.CHARGE: -1.0, Stage.OFF: None}.get(self.stage, 0.0)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self._left_s = LASTS_S.get(stage, 0.0)
