"""Whether the house hangs on the street: outages, leaving on request, coming back. `MOVES` is the whole of it.

Times are those of a real gateway: a request takes 7 s; coming back from one 15 s; after an outage the street has to be
good for 300 s. On request the panels' relay opens too: it closes after 60 s, and the panels feed 300 s later.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

LEAVING_S: Final = 7.0
RETURNING_S: Final = 15.0
SHOWN_S: Final = 6.0
"""A withdrawn request is shown so long."""
GOOD_GRID_S: Final = 300.0
SOLAR_RELAY_S: Final = 60.0
SOLAR_POWER_S: Final = SOLAR_RELAY_S + 300.0


class Phase(Enum):
    CONNECTED = "connected"
    LEAVING = "leaving"
    REQUESTED = "off grid on request"
    RETURNING = "returning"
    OUTAGE = "outage"
    WAITING = "waiting for a good grid"


class Event(Enum):
    REQUEST = "request"
    WITHDRAW = "withdraw"
    LOST = "street lost"
    GOOD = "street back"
    PASSED = "time passed"


MOVES: Final[Mapping[Phase, Mapping[Event, Phase]]] = MappingProxyType(
    {
        Phase.CONNECTED: {Event.REQUEST: Phase.LEAVING, Event.LOST: Phase.OUTAGE},
        Phase.LEAVING: {
            Event.PASSED: Phase.REQUESTED,
            Event.WITHDRAW: Phase.CONNECTED,
            Event.LOST: Phase.REQUESTED,
        },
        Phase.REQUESTED: {Event.WITHDRAW: Phase.RETURNING},
        Phase.RETURNING: {
            Event.PASSED: Phase.CONNECTED,
            Event.REQUEST: Phase.REQUESTED,
            Event.LOST: Phase.OUTAGE,
        },
        Phase.OUTAGE: {Event.GOOD: Phase.WAITING, Event.REQUEST: Phase.REQUESTED},
        Phase.WAITING: {
            Event.PASSED: Phase.CONNECTED,
            Event.REQUEST: Phase.REQUESTED,
            Event.LOST: Phase.OUTAGE,
        },
    }
)
LASTS_S: Final[Mapping[Phase, float]] = MappingProxyType(
    {Phase.LEAVING: LEAVING_S, Phase.RETURNING: RETURNING_S, Phase.WAITING: GOOD_GRID_S}
)


class Islanding:
    def __init__(self) -> None:
        self.phase = Phase.CONNECTED
        self.phase_s = 0.0
        self._solar_off_s = float("inf")
        """Since the panels' relay opened."""

    @property
    def is_connected(self) -> bool:
        """Whether the relay to the street is closed."""
        return self.phase in (Phase.CONNECTED, Phase.LEAVING)

    @property
    def is_requested(self) -> bool:
        return self.phase in (Phase.LEAVING, Phase.REQUESTED)

    @property
    def is_off_on_request(self) -> bool:
        return self.phase is Phase.REQUESTED or (self.phase is Phase.RETURNING and self.phase_s < SHOWN_S)

    @property
    def is_outage(self) -> bool:
        return self.phase in (Phase.OUTAGE, Phase.WAITING)

    @property
    def has_solar_relay(self) -> bool:
        return self._solar_off_s >= SOLAR_RELAY_S

    @property
    def has_solar_power(self) -> bool:
        return self._solar_off_s >= SOLAR_POWER_S

    def request(self) -> None:
        self._move(Event.REQUEST)

    def withdraw(self) -> None:
        self._move(Event.WITHDRAW)

    def step(self, dt_s: float, *, is_street_up: bool) -> None:
        self.phase_s += dt_s
        self._solar_off_s += dt_s
        self._move(Event.GOOD if is_street_up else Event.LOST)
        if self.phase_s >= LASTS_S.get(self.phase, float("inf")):
            self._move(Event.PASSED)

    def _move(self, event: Event) -> None:
        follower = MOVES[self.phase].get(event)
        if follower is None:
            return
        if follower is Phase.REQUESTED and self.phase is Phase.LEAVING:
            self._solar_off_s = 0.0
        if follower is Phase.CONNECTED:
            self._solar_off_s = float("inf")
        self.phase, self.phase_s = follower, 0.0
