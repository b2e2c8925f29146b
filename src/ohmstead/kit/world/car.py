"""A car at a cable: what it draws of what it is offered, and when it leaves and comes back.

A car is away or parked. Parked, it may be plugged in. Plugged in, it charges while it is offered at least 6 A, tapers above
80 % and is full at 100 %. Leaving pulls the plug from any phase. `MOVES` is the whole of it.
"""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Final

from ohmstead.kit.world.cells import Cells
from ohmstead.kit.world.commute import Commute, Trip

LEAST_CURRENT_A: Final = 6.0
"""IEC 61851-1: an offer below this means "do not charge"."""
TAPER_FROM_PCT: Final = 80.0
_LAST_SHARE: Final = 0.1
"""Of the greatest current, just before full."""
_FULL_PCT: Final = 99.99
_REFILL_PCT: Final = 97.0


class CarPhase(Enum):
    AWAY = "away"
    PARKED = "parked"
    PLUGGED = "plugged"
    CHARGING = "charging"
    FULL = "full"


class CarEvent(Enum):
    LEAVE = "leave"
    RETURN = "return"
    PLUG = "plug in"
    UNPLUG = "unplug"
    START = "start"
    STOP = "stop"
    FILL = "fill"


MOVES: Final = {
    CarPhase.AWAY: {CarEvent.RETURN: CarPhase.PARKED},
    CarPhase.PARKED: {CarEvent.PLUG: CarPhase.PLUGGED, CarEvent.LEAVE: CarPhase.AWAY},
    CarPhase.PLUGGED: {
        CarEvent.START: CarPhase.CHARGING,
        CarEvent.UNPLUG: CarPhase.PARKED,
        CarEvent.LEAVE: CarPhase.AWAY,
    },
    CarPhase.CHARGING: {
        CarEvent.STOP: CarPhase.PLUGGED,
        CarEvent.FILL: CarPhase.FULL,
        CarEvent.UNPLUG: CarPhase.PARKED,
        CarEvent.LEAVE: CarPhase.AWAY,
    },
    CarPhase.FULL: {
        CarEvent.STOP: CarPhase.PLUGGED,
        CarEvent.UNPLUG: CarPhase.PARKED,
        CarEvent.LEAVE: CarPhase.AWAY,
    },
}


class Car:
    """No terminal: the charge point it hangs on is one, calls `follow` and `draw` each step, and answers for the power."""

    def __init__(
        self, battery: Cells, *, max_current_a: float = 16.0, phases: int = 3, commute: Commute | None = None
    ) -> None:
        if not max_current_a >= LEAST_CURRENT_A:
            raise ValueError(f"a car draws up to {LEAST_CURRENT_A:g} A at least, not {max_current_a} A")
        if phases not in (1, 2, 3):
            raise ValueError(f"a car charges on 1 to 3 phases, not {phases}")
        self.battery = battery
        self.max_current_a = max_current_a
        self.phases = phases
        self.commute = commute
        self.trip: Trip | None = None
        """The one under way, or the next."""
        self.phase = CarPhase.PARKED
        self.drawn_wh = 0.0
        self.driven_wh = 0.0

    @property
    def is_plugged(self) -> bool:
        return self.phase in (CarPhase.PLUGGED, CarPhase.CHARGING, CarPhase.FULL)

    def plug(self) -> None:
        self._move(CarEvent.PLUG)

    def unplug(self) -> None:
        self._move(CarEvent.UNPLUG)

    def depart(self, trip: Trip) -> None:
        """Leave as planned, in place of whatever was planned before."""
        if self.phase is CarPhase.AWAY:
            raise ValueError("a car that is away cannot depart")
        self.trip = trip

    def follow(self, at: datetime) -> None:
        """Leave and come back when it is time, by the trip planned or the daily commute."""
        if self.trip is None and self.commute is not None:
            self.trip = self.commute.trip_after(at)
        trip = self.trip
        if trip is None:
            return
        if self.phase is not CarPhase.AWAY and at >= trip.leaves_at:
            self._move(CarEvent.LEAVE)
        if self.phase is CarPhase.AWAY and at >= trip.returns_at:
            self._come_back(trip)

    def draw(self, offered_a: float, phase_voltage_v: float, dt_s: float, *, phases: int = 3) -> float:
        """Charge for `dt_s` on what is offered per phase; the mean power drawn, W, never negative."""
        self._consider(offered_a)
        if self.phase is not CarPhase.CHARGING:
            return 0.0
        power_w = self.taken_a(offered_a) * phase_voltage_v * min(phases, self.phases)
        drawn_w = 0.0 - self.battery.exchange(-power_w, dt_s)
        self.drawn_wh += drawn_w * dt_s / 3600.0
        if self.battery.soc_pct >= _FULL_PCT:
            self._move(CarEvent.FILL)
        return drawn_w

    def taken_a(self, offered_a: float) -> float:
        """Of an offer, what the car would take on each phase: all it can to 80 %, then less and less."""
        if offered_a < LEAST_CURRENT_A:
            return 0.0
        beyond = max(0.0, self.battery.soc_pct - TAPER_FROM_PCT) / (100.0 - TAPER_FROM_PCT)
        return min(offered_a, self.max_current_a * (1.0 - (1.0 - _LAST_SHARE) * beyond))

    def _consider(self, offered_a: float) -> None:
        is_offered = offered_a >= LEAST_CURRENT_A
        if self.phase is CarPhase.FULL and self.battery.soc_pct < _REFILL_PCT:
            self._move(CarEvent.STOP)
        if self.phase is CarPhase.PLUGGED and is_offered and self.battery.soc_pct < _FULL_PCT:
            self._move(CarEvent.START)
        elif self.phase is CarPhase.CHARGING and not is_offered:
            self._move(CarEvent.STOP)

    def _come_back(self, trip: Trip) -> None:
        self.driven_wh += self.battery.drain(trip.energy_wh)
        self._move(CarEvent.RETURN)
        self.trip = None
        if trip.plugs_in:
            self._move(CarEvent.PLUG)

    def _move(self, event: CarEvent) -> None:
        follower = MOVES[self.phase].get(event)
        if follower is None:
            raise ValueError(f"a car that is {self.phase.value} cannot {event.value}")
        self.phase = follower
