"""What a terminal sees, and what the world asks of a terminal."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec


class Bus(msgspec.Struct, frozen=True):
    """One circuit at one instant. Powers hold for the second that ended at `at`."""

    at: datetime
    """Aware, UTC, a whole second."""
    energised: bool
    voltage_v: float
    frequency_hz: float
    grid_w: float
    """Importing +. 0 during an outage."""
    unserved_w: float = 0.0
    """Not 0 only in the second in which an island collapses: + is what its former failed to deliver, - what it failed to
    take. Terminals + grid + unserved = 0."""


class Terminal(Protocol):
    """Anything joined to a circuit."""

    def step(self, bus: Bus, dt_s: float) -> float:
        """Live for `dt_s` civil seconds on the bus as it last was, and say the mean power: W onto the bus, feeding +.

        On a bus that is not energised the answer is 0.
        """
        ...


@runtime_checkable
class IslandFormer(Terminal, Protocol):
    """A terminal that can hold its circuit up during an outage: then `form` is called in place of `step`."""

    @property
    def island_frequency_hz(self) -> float:
        """What it makes; raising it is how inverters are told to produce less."""
        ...

    def can_form(self, bus: Bus) -> bool:
        """Whether it could hold the circuit for the next second. Asked only during an outage."""
        ...

    def form(self, power_w: float, dt_s: float) -> float:
        """Be the residual: put `power_w` onto the bus (negative: take it), and say what it really was.

        Less than asked collapses the island.
        """
        ...
