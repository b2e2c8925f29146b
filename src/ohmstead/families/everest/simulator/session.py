"""What happens between plug and unplug, second by second: phases, and the event that each move reports.

A car is plugged in, asks for authorisation, is authorised, and its transaction begins. It charges while it is offered at
least 6 A and takes it; either side may pause. Who is not authorised within a minute has to plug in again. Unplugging ends
a session from any phase, and so does taking the EVSE out of service.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

import msgspec

from ohmstead.families.everest.server import EvseEvent as Event
from ohmstead.families.everest.simulator.sharing import LEAST_A

DETECTED_S: Final = 1
AUTHORISE_WITHIN_S: Final = 60
PREPARED_S: Final = 3
CABLE_CHECKED_S: Final = 8
"""Of DC, where isolation is tested first."""
IDLE_S: Final = 3
"""A car that takes nothing for so long has paused."""
SWITCHED_S: Final = 5


class Phase(Enum):
    EMPTY = auto()
    RESERVED = auto()
    DISABLED = auto()
    DETECTED = auto()
    ASKING = auto()
    TIMED_OUT = auto()
    PREPARING = auto()
    CHARGING = auto()
    PAUSED_BY_CAR = auto()
    PAUSED_BY_EVSE = auto()
    SWITCHING = auto()
    STOPPED = auto()


OFFERING: Final = frozenset({Phase.CHARGING, Phase.PAUSED_BY_CAR})
"""The contactor is closed, and the car may take what is offered."""
IN_TRANSACTION: Final = frozenset(
    {Phase.PREPARING, Phase.CHARGING, Phase.PAUSED_BY_CAR, Phase.PAUSED_BY_EVSE, Phase.SWITCHING}
)
WITHOUT_CAR: Final = frozenset({Phase.EMPTY, Phase.RESERVED, Phase.DISABLED})
ENDING: Final = (Event.STOPPING_CHARGING, Event.CHARGING_FINISHED, Event.TRANSACTION_FINISHED)


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """What one second depends on."""

    is_plugged: bool
    is_authorised: bool
    is_enabled: bool = True
    is_reserved: bool = False
    is_held: bool = False
    """The EVSE was told to pause."""
    offered_a: float
    is_giving: bool = False
    """The car is to give back."""
    is_drawing: bool
    """Or giving; in the second before."""
    is_dc: bool = False
    switches: bool = False
    """Another number of phases is wanted than is live."""


class Session:
    def __init__(self) -> None:
        self.phase = Phase.EMPTY
        self.phase_s = 0
        self.idle_s = 0

    @property
    def is_offering(self) -> bool:
        return self.phase in OFFERING

    def step(self, now: Inputs, dt_s: int = 1) -> Iterator[Event]:
        """Live `dt_s` seconds, 0 or 1; what is reported of it, in its order."""
        self.phase_s += dt_s
        if not now.is_enabled:
            yield from self._taken_out_of_service()
        elif not now.is_plugged:
            yield from self._without_car(now)
        else:
            yield from self._with_car(now, dt_s)

    def stop(self) -> Iterator[Event]:
        """End the transaction here; the car stays plugged in."""
        if self.phase in IN_TRANSACTION:
            yield from (Event.CHARGING_FINISHED, Event.TRANSACTION_STOPPED_LOCALLY)
            self._enter(Phase.STOPPED)

    def _taken_out_of_service(self) -> Iterator[Event]:
        if self.phase is Phase.DISABLED:
            return
        yield from self._end()
        self._enter(Phase.DISABLED)
        yield Event.DISABLED

    def _without_car(self, now: Inputs) -> Iterator[Event]:
        yield from self._end()
        match self.phase:
            case Phase.DISABLED:
                self._enter(Phase.EMPTY)
                yield Event.ENABLED
            case Phase.EMPTY if now.is_reserved:
                self._enter(Phase.RESERVED)
                yield Event.RESERVATION_START
            case Phase.RESERVED if not now.is_reserved:
                self._enter(Phase.EMPTY)
                yield Event.RESERVATION_END

    def _end(self) -> Iterator[Event]:
        if self.phase in IN_TRANSACTION:
            yield from ENDING
        if self.phase not in WITHOUT_CAR:
            self._enter(Phase.EMPTY)
            yield Event.SESSION_FINISHED

    def _with_car(self, now: Inputs, dt_s: int) -> Iterator[Event]:
        match self.phase:
            case Phase.DISABLED:
                self._enter(Phase.EMPTY)
                yield Event.ENABLED
            case Phase.EMPTY | Phase.RESERVED:
                self._enter(Phase.DETECTED)
                yield Event.SESSION_STARTED
            case Phase.DETECTED if self.phase_s >= DETECTED_S:
                self._enter(Phase.ASKING)
                yield Event.AUTH_REQUIRED
            case Phase.ASKING if now.is_authorised and self.phase_s >= DETECTED_S:
                self._enter(Phase.PREPARING)
                yield from (Event.AUTHORIZED, Event.TRANSACTION_STARTED, Event.PREPARE_CHARGING)
            case Phase.ASKING if self.phase_s >= AUTHORISE_WITHIN_S:
                self._enter(Phase.TIMED_OUT)
                yield Event.PLUGIN_TIMEOUT
            case Phase.PREPARING if self.phase_s >= (CABLE_CHECKED_S if now.is_dc else PREPARED_S):
                yield self._begin(now)
            case Phase.PAUSED_BY_EVSE if _may(now):
                yield self._begin(now)
            case Phase.SWITCHING if self.phase_s >= SWITCHED_S:
                yield self._begin(now)
            case Phase.CHARGING | Phase.PAUSED_BY_CAR:
                yield from self._charge(now, dt_s)

    def _begin(self, now: Inputs) -> Event:
        self.idle_s = 0
        self._enter(Phase.CHARGING if _may(now) else Phase.PAUSED_BY_EVSE)
        return Event.CHARGING_STARTED if _may(now) else Event.CHARGING_PAUSED_EVSE

    def _charge(self, now: Inputs, dt_s: int) -> Iterator[Event]:
        self.idle_s = 0 if now.is_drawing else self.idle_s + dt_s
        if not _may(now):
            self._enter(Phase.PAUSED_BY_EVSE)
            yield Event.CHARGING_PAUSED_EVSE
        elif now.switches:
            self._enter(Phase.SWITCHING)
            yield Event.SWITCHING_PHASES
        elif self.phase is Phase.PAUSED_BY_CAR and now.is_drawing:
            yield self._begin(now)
        elif self.phase is Phase.CHARGING and self.idle_s >= IDLE_S:
            self._enter(Phase.PAUSED_BY_CAR)
            yield Event.CHARGING_PAUSED_EV

    def _enter(self, phase: Phase) -> None:
        self.phase, self.phase_s = phase, 0


def _may(now: Inputs) -> bool:
    return not now.is_held and (now.is_giving or now.offered_a >= LEAST_A)
