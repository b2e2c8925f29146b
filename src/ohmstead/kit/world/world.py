"""The simulated home: one clock, one sky, circuits with terminals, and time that passes in steps of one civil second."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from ohmstead.kit.world.bus import Bus, Terminal
from ohmstead.kit.world.circuit import Circuit
from ohmstead.kit.world.grid import Grid
from ohmstead.kit.world.irradiance import Plane
from ohmstead.kit.world.place import Place
from ohmstead.kit.world.weather import Weather
from ohmstead.model import Clock

MAIN: Final = "main"
_CHUNK_STEPS: Final = 5_000
"""Steps between two looks at the event loop, about 0.1 s of work."""
_LONGEST_S: Final = 31 * 86_400
_SET_BACK_S: Final = 60
"""A clock that falls back by less is waited for."""
_SECOND: Final = timedelta(seconds=1)


class World:
    """Deterministic: the same seed, start and events at the same instants give the same bytes, however often it is caught up.

    Each circuit hangs on its own connection to the street; `bus` and `grid` are those of the main one.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        seed: int = 1,
        place: Place | None = None,
        nominal_voltage_v: float = 230.0,
        nominal_frequency_hz: float = 50.0,
    ) -> None:
        self.clock = clock
        self.seed = seed
        self.place = Place() if place is None else place
        self.weather = Weather(self.place, seed=seed, settle=self.catch_up)
        self._nominal_voltage_v = nominal_voltage_v
        self._nominal_frequency_hz = nominal_frequency_hz
        self._second_s = int(clock.now().timestamp())
        self._circuits: dict[str, Circuit] = {}
        self._homes: dict[str, Circuit] = {}
        self._planes: dict[tuple[float, float], Plane] = {}
        self._is_stepping = False
        self._main = self.circuit(MAIN)

    @property
    def at(self) -> datetime:
        """The civil second the world has reached."""
        return datetime.fromtimestamp(self._second_s, UTC)

    @property
    def bus(self) -> Bus:
        return self._main.bus

    @property
    def grid(self) -> Grid:
        return self._main.grid

    def circuit(self, name: str) -> Circuit:
        """The circuit of that name, with a street connection and meter of its own; made when first asked for."""
        if name not in self._circuits:
            grid = Grid(
                seed=self.seed,
                nominal_voltage_v=self._nominal_voltage_v,
                nominal_frequency_hz=self._nominal_frequency_hz,
                settle=self.catch_up,
            )
            self._circuits = {**self._circuits, name: Circuit(name, grid, self.at)}
        return self._circuits[name]

    def attach(self, name: str, terminal: Terminal, circuit: str = MAIN) -> None:
        """Join a terminal from now on. Names are unique in the world."""
        if name in self._homes:
            raise ValueError(f"a terminal {name!r} is already attached to {self._homes[name].name!r}")
        self.catch_up()
        home = self.circuit(circuit)
        home.attach(name, terminal)
        self._homes[name] = home

    def detach(self, name: str) -> None:
        """Take a terminal off. Between steps only: no terminal removes another while they live."""
        self._home(name)
        if self._is_stepping:
            raise ValueError(f"{name} cannot be detached while a step is under way")
        self.catch_up()
        self._homes.pop(name).detach(name)

    def power_w(self, name: str) -> float:
        """What a terminal put onto its bus in the last second, feeding +."""
        return self._home(name).power_w[name]

    def irradiance_w_m2(self, at: datetime, tilt_deg: float, azimuth_deg: float) -> float:
        """On a tilted plane, clouds included, shade not."""
        orientation = (tilt_deg, azimuth_deg)
        plane = self._planes.get(orientation)
        if plane is None:
            plane = self._planes[orientation] = Plane(self.place, self.weather, tilt_deg, azimuth_deg)
        return plane.irradiance_w_m2(at)

    def ambient_c(self, at: datetime) -> float:
        return self.weather.ambient_c(at)

    def random(self, name: str) -> Random:
        """A fresh generator for one user, the same for the same world seed and name."""
        return Random(f"{self.seed}/{name}")

    def catch_up(self) -> None:
        """Live up to the clock's whole second. About 15 us a civil second; a call from inside a step does nothing.

        A clock that leaps by more than 31 days, or is set back by more than a minute, is followed without living the time
        between: the bodies are after it what they were before.
        """
        if not self._is_stepping:
            self._advance(self._behind_s())

    async def run(self, *, every_s: float = 0.25) -> None:
        """Keep catching up until cancelled, looking every `every_s` of wire time, without holding the loop for long."""
        while True:
            behind_s = self._behind_s()
            self._advance(min(behind_s, _CHUNK_STEPS))
            await asyncio.sleep(0 if behind_s > _CHUNK_STEPS else max(every_s, 1.0 / self.clock.speed))

    def _behind_s(self) -> int:
        now_s = int(self.clock.now().timestamp())
        if not -_SET_BACK_S <= now_s - self._second_s <= _LONGEST_S:
            self._second_s = now_s - 1
        return now_s - self._second_s

    def _advance(self, steps: int) -> None:
        self._is_stepping = True
        try:
            at = self.at
            circuits = tuple(self._circuits.values())
            for second_s in range(self._second_s + 1, self._second_s + 1 + steps):
                at += _SECOND
                for circuit in circuits:
                    circuit.step(second_s, at)
                self._second_s = second_s
        finally:
            self._is_stepping = False

    def _home(self, name: str) -> Circuit:
        try:
            return self._homes[name]
        except KeyError:
            raise ValueError(
                f"no terminal {name!r} in this world, only {', '.join(self._homes) or 'none'}"
            ) from None
