"""One circuit behind its own connection to the street, and the step that keeps its balance.

Each step: every terminal lives one second on the bus as it last was; the residual falls to the grid or, during an outage,
to the one island former; then the new bus is made. A circuit that nothing holds up is dead at once, and all powers are 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ohmstead.kit.world.bus import Bus, IslandFormer, Terminal
from ohmstead.kit.world.grid import Grid

STEP_S: Final = 1.0
RESTART_S: Final = 10
"""An island that collapsed tries again after this."""
_ABSURD_W: Final = 1e9


class Circuit:
    def __init__(self, name: str, grid: Grid, at: datetime) -> None:
        self.name = name
        self.grid = grid
        self.power_w: dict[str, float] = {}
        """By terminal: W onto the bus, feeding +, over the last second."""
        self._terminals: tuple[tuple[str, Terminal], ...] = ()
        self._formers: tuple[tuple[str, IslandFormer], ...] = ()
        self._collapsed_s: int | None = None
        posix_s = int(at.timestamp())
        self.bus = Bus(at, True, grid.voltage_v(posix_s), grid.frequency_hz(posix_s), 0.0)

    def attach(self, name: str, terminal: Terminal) -> None:
        self._terminals = (*self._terminals, (name, terminal))
        if isinstance(terminal, IslandFormer):
            self._formers = (*self._formers, (name, terminal))
        self.power_w[name] = 0.0

    def detach(self, name: str) -> None:
        self._terminals = tuple(entry for entry in self._terminals if entry[0] != name)
        self._formers = tuple(entry for entry in self._formers if entry[0] != name)
        del self.power_w[name]

    def step(self, posix_s: int, at: datetime) -> None:
        """Live the second that ends at `at`."""
        grid = self.grid
        if not grid.reaches_house:
            self._step_without_grid(posix_s, at)
            return
        self._collapsed_s = None
        total_w = self._live(self.bus, None)
        grid.carry(0.0 - total_w, STEP_S)
        self.bus = Bus(at, True, grid.voltage_v(posix_s), grid.frequency_hz(posix_s), grid.power_w)

    def _step_without_grid(self, posix_s: int, at: datetime) -> None:
        self.grid.carry(0.0, STEP_S)
        former = self._former(posix_s)
        if former is None:
            self._step_dark(at)
            return
        name, terminal = former
        wanted_w = 0.0 - self._live(self.bus, terminal)
        carried_w = terminal.form(wanted_w, STEP_S)
        self.power_w[name] = carried_w
        unserved_w = wanted_w - carried_w
        if abs(unserved_w) < 1e-6:  # far below any meter, far above rounding
            self.bus = Bus(
                at, True, self.grid.nominal_voltage_v, terminal.island_frequency_hz, 0.0, unserved_w
            )
        else:
            self._collapsed_s = posix_s
            self.bus = Bus(at, False, 0.0, 0.0, 0.0, unserved_w)

    def _step_dark(self, at: datetime) -> None:
        dark = Bus(at, False, 0.0, 0.0, 0.0)
        self._live(dark if self.bus.energised else self.bus, None)
        self.bus = dark
        for name, power_w in self.power_w.items():
            if power_w != 0.0:
                raise ValueError(
                    f"{name} says {power_w} W on {self.name}, which is dead: on a dead bus the answer is 0"
                )

    def _live(self, bus: Bus, without: Terminal | None) -> float:
        total_w = 0.0
        power_w = self.power_w
        for name, terminal in self._terminals:
            if terminal is not without:
                power_w[name] = share_w = terminal.step(bus, STEP_S)
                total_w += share_w
        if not -_ABSURD_W < total_w < _ABSURD_W:
            raise ValueError(f"the powers on {self.name} are absurd: {power_w}")
        return total_w

    def _former(self, posix_s: int) -> tuple[str, IslandFormer] | None:
        """The first terminal that can hold the circuit up."""
        if self._collapsed_s is not None and posix_s - self._collapsed_s < RESTART_S:
            return None
        return next((entry for entry in self._formers if entry[1].can_form(self.bus)), None)
