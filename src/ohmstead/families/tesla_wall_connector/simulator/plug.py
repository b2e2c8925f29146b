"""What happens between plug and unplug, second by second, as measured: stages, their codes, and the contactor.

A car with a PWM pilot goes 1, 2, 4, 10, 8, 4, 13, 1; one that speaks the digital protocol 1, 2, 7, 9, 11, 9, 1. Charging
begins 4 to 29 s after plug-in when the car asks, and the current follows `RAMP`. A car that takes nothing has the
contactor closed for some 27 s, twice.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

import msgspec

DETECTED_S: Final = 1
NEGOTIATING_S: Final = 2
FIRST_CLOSE_S: Final = (4, 29)
"""After plug-in, when the car asks for charge."""
RESUME_S: Final = 3
NO_DRAW_S: Final = 27
RETRY_S: Final = 4
TRIES: Final = 2
STOPPING_S: Final = 2
FINISHED_S: Final = 300
UNPLUGGED_S: Final = 1

RAMP: Final = (
    (0, 0.4),
    (3, 0.6),
    (5, 1.2),
    (7, 1.7),
    (10, 8.0),
    (12, 14.0),
    (14, 16.0),
    (20, 24.0),
    (22, 30.0),
    (25, 32.0),
    (31, 37.0),
    (33, 40.0),
    (36, 48.0),
)
"""Seconds after the contactor has closed, and the current a car has reached by then."""
_CEILING_A: Final = tuple(
    max(current_a for at_s, current_a in RAMP if at_s <= second) for second in range(RAMP[-1][0] + 1)
)
LEAST_A: Final = 6.0
STOPPING_A: Final = (3.5, 0.3)
"""What flows in the last seconds before the contactor opens."""


class Stage(Enum):
    FREE = auto()
    DETECTED = auto()
    NEGOTIATING = auto()
    WAITING = auto()
    CHARGING = auto()
    STOPPING = auto()
    FINISHED = auto()
    UNPLUGGED = auto()


CLOSED: Final = frozenset({Stage.CHARGING, Stage.STOPPING})
CODES: Final = {
    Stage.FREE: (1, 1),
    Stage.DETECTED: (2, 2),
    Stage.NEGOTIATING: (4, 7),
    Stage.WAITING: (4, 9),
    Stage.CHARGING: (10, 11),
    Stage.STOPPING: (10, 11),
    Stage.FINISHED: (8, 9),
    Stage.UNPLUGGED: (13, 1),
}
"""`evse_state` with a PWM pilot, and with a digital one."""


class Inputs(msgspec.Struct, frozen=True):
    """What one second depends on."""

    is_plugged: bool
    is_digital: bool
    asks: bool
    allowed_a: float
    is_blocked: bool
    """The button is held, or power-up was a moment ago."""
    drawn_a: float
    """In the second before."""


class Plug:
    def __init__(self) -> None:
        self.stage = Stage.FREE
        self.stage_s = 0
        self.plugged_s = 0
        """Since plug-in, or since power-up with a car at the cable."""
        self.first_close_s = FIRST_CLOSE_S[0]
        """When charging may begin; drawn anew for each session by the unit."""
        self.has_charged = False
        self.tries = 0
        self.wait_s = 0

    @property
    def is_closed(self) -> bool:
        return self.stage in CLOSED

    def code(self, *, is_digital: bool) -> int:
        return CODES[self.stage][is_digital]

    @property
    def ceiling_a(self) -> float:
        """What a car has come to ask for by now."""
        if self.stage is Stage.STOPPING:
            return STOPPING_A[min(self.stage_s, STOPPING_S - 1)]
        if self.stage is not Stage.CHARGING:
            return 0.0
        return _CEILING_A[min(self.stage_s, len(_CEILING_A) - 1)]

    def restart(self) -> None:
        """Power has come back."""
        self.__init__()  # type: ignore[misc]  # as new

    def look_again(self) -> None:
        """The car has woken: what it waited for so far does not count."""
        if self.stage is Stage.WAITING:
            self._enter(Stage.WAITING)
            self.tries, self.wait_s = 0, RESUME_S

    def step(self, now: Inputs) -> None:
        """One second."""
        self.stage_s += 1
        if not now.is_plugged:
            self._without_car()
            return
        self.plugged_s += 1
        match self.stage:
            case Stage.FREE | Stage.UNPLUGGED:
                self.plugged_s, self.tries, self.has_charged = 1, 0, False
                self.wait_s = self.first_close_s - DETECTED_S - NEGOTIATING_S - 1
                self._enter(Stage.DETECTED)
            case Stage.DETECTED if self.stage_s >= DETECTED_S:
                self._enter(Stage.NEGOTIATING if now.is_digital else Stage.WAITING)
            case Stage.NEGOTIATING if self.stage_s >= NEGOTIATING_S:
                self._enter(Stage.WAITING)
            case Stage.WAITING | Stage.FINISHED:
                self._wait(now)
            case Stage.CHARGING:
                self._charge(now)
            case Stage.STOPPING if self.stage_s >= STOPPING_S:
                self._stopped(now)

    def _without_car(self) -> None:
        if self.stage not in (Stage.FREE, Stage.UNPLUGGED):
            self._enter(Stage.UNPLUGGED)
        elif self.stage is Stage.UNPLUGGED and self.stage_s >= UNPLUGGED_S:
            self._enter(Stage.FREE)

    def _wait(self, now: Inputs) -> None:
        may_close = now.asks and not now.is_blocked and now.allowed_a >= LEAST_A
        if not may_close:
            self.tries = 0
            self.wait_s = max(self.wait_s, self.stage_s + RESUME_S)
            if self.stage is Stage.FINISHED and self.stage_s >= FINISHED_S:
                self._enter(Stage.WAITING)
        elif self.tries < TRIES and self.stage_s >= self.wait_s:
            self._enter(Stage.CHARGING)

    def _charge(self, now: Inputs) -> None:
        has_drawn = now.drawn_a >= LEAST_A - 1.0
        self.has_charged = self.has_charged or has_drawn
        if now.is_blocked or now.allowed_a < LEAST_A or (self.has_charged and not now.asks):
            self._enter(Stage.STOPPING)
        elif has_drawn:
            self.tries = 0
        elif self.stage_s >= NO_DRAW_S:
            self.tries += 1
            self._enter(Stage.WAITING)
            self.wait_s = RETRY_S

    def _stopped(self, now: Inputs) -> None:
        self._enter(Stage.WAITING if now.is_digital else Stage.FINISHED)
        self.wait_s = RESUME_S

    def _enter(self, stage: Stage) -> None:
        self.stage, self.stage_s = stage, 0
