"""The body of a generator: it cranks, warms up, carries load, cools down, and burns fuel all the while.

Off, a start cranks it for the start delay; then it warms up unloaded; then it carries load. A stop lets it run unloaded until it
has cooled; a start while it cools puts it back to work at once. It stops where it is when the tank is empty.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import msgspec


class EnginePhase(Enum):
    OFF = "off"
    CRANKING = "cranking"
    WARMING = "warming up"
    READY = "ready"
    COOLING = "cooling down"


class EngineEvent(Enum):
    START = "start"
    STOP = "stop"
    PASSED = "time passed"
    STARVE = "tank empty"


MOVES: Final = {
    EnginePhase.OFF: {EngineEvent.START: EnginePhase.CRANKING},
    EnginePhase.CRANKING: {
        EngineEvent.PASSED: EnginePhase.WARMING,
        EngineEvent.STOP: EnginePhase.OFF,
        EngineEvent.STARVE: EnginePhase.OFF,
    },
    EnginePhase.WARMING: {
        EngineEvent.PASSED: EnginePhase.READY,
        EngineEvent.STOP: EnginePhase.COOLING,
        EngineEvent.STARVE: EnginePhase.OFF,
    },
    EnginePhase.READY: {EngineEvent.STOP: EnginePhase.COOLING, EngineEvent.STARVE: EnginePhase.OFF},
    EnginePhase.COOLING: {
        EngineEvent.START: EnginePhase.READY,
        EngineEvent.PASSED: EnginePhase.OFF,
        EngineEvent.STARVE: EnginePhase.OFF,
    },
}

HEAT_WH_PER_L: Final = 8900.0
"""Of petrol, its lower heating value."""


class EngineRating(msgspec.Struct, frozen=True, kw_only=True):
    """Of a portable set, about; consumption is a straight line from idling to full load."""

    max_power_w: float = 5000.0
    least_load_w: float = 500.0
    """Below this an engine soots; asked for less it makes this much, and the caller finds a place for it."""
    start_delay_s: float = 8.0
    warm_up_s: float = 30.0
    cool_down_s: float = 60.0
    tank_l: float = 25.0
    idle_l_per_h: float = 0.6
    fuel_l_per_kwh: float = 0.32


class Engine:
    """No terminal: the switch it hangs on is one, calls `run` each step, and answers for the power."""

    def __init__(self, rating: EngineRating | None = None, *, fuel_l: float | None = None) -> None:
        self.rating = EngineRating() if rating is None else rating
        self.fuel_l = self.rating.tank_l if fuel_l is None else fuel_l
        self.phase = EnginePhase.OFF
        self.power_w = 0.0
        self.produced_wh = 0.0
        self.burnt_l = 0.0
        self.run_s = 0.0
        self._phase_s = 0.0

    @property
    def losses_wh(self) -> float:
        """The heat of the fuel that did not become electricity."""
        return self.burnt_l * HEAT_WH_PER_L - self.produced_wh

    @property
    def is_turning(self) -> bool:
        return self.phase in (EnginePhase.WARMING, EnginePhase.READY, EnginePhase.COOLING)

    def start(self) -> None:
        """Without effect when it is already on its way."""
        self._move(EngineEvent.START)

    def stop(self) -> None:
        """Without effect when it is off or already cooling down."""
        self._move(EngineEvent.STOP)

    def refuel(self, fuel_l: float) -> None:
        self.fuel_l = min(self.rating.tank_l, self.fuel_l + max(0.0, fuel_l))

    def run(self, wanted_w: float, dt_s: float) -> float:
        """Live for `dt_s` with that much asked of it; the mean power delivered. Asked for 0 its breaker is open."""
        delivered_w = self._loaded_w(wanted_w) if self.phase is EnginePhase.READY else 0.0
        share = self._burn(delivered_w, dt_s)
        self.power_w = delivered_w * share
        self.produced_wh += self.power_w * dt_s / 3600.0
        self._pass(dt_s)
        return self.power_w

    def _loaded_w(self, wanted_w: float) -> float:
        if wanted_w <= 0.0:
            return 0.0
        return min(self.rating.max_power_w, max(self.rating.least_load_w, wanted_w))

    def _burn(self, delivered_w: float, dt_s: float) -> float:
        """Take the fuel of one step; the share of the step that there was fuel for."""
        if not self.is_turning:
            return 0.0
        self.run_s += dt_s
        rate_l_per_h = self.rating.idle_l_per_h + self.rating.fuel_l_per_kwh * delivered_w / 1000.0
        wanted_l = rate_l_per_h * dt_s / 3600.0
        burnt_l = min(self.fuel_l, wanted_l)
        self.fuel_l -= burnt_l
        self.burnt_l += burnt_l
        return burnt_l / wanted_l if wanted_l > 0.0 else 1.0

    def _pass(self, dt_s: float) -> None:
        if self.fuel_l <= 0.0:
            self._move(EngineEvent.STARVE)
        self._phase_s += dt_s
        lasts_s = {
            EnginePhase.CRANKING: self.rating.start_delay_s,
            EnginePhase.WARMING: self.rating.warm_up_s,
            EnginePhase.COOLING: self.rating.cool_down_s,
        }.get(self.phase)
        if lasts_s is not None and self._phase_s >= lasts_s:
            self._move(EngineEvent.PASSED)

    def _move(self, event: EngineEvent) -> None:
        follower = MOVES[self.phase].get(event)
        if follower is not None:
            self.phase, self._phase_s = follower, 0.0
