"""The control law of a micro-inverter between its panels and the bus, and its meters.

Power is conserved: what leaves on the AC side is the ports' power times the efficiency, every step.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles.simulator.alarms import AlarmLog, Number
from ohmstead.families.hoymiles.simulator.profiles import InverterModel
from ohmstead.kit.world import Bus, Panel, PanelState, Sky

START_V: Final = 22.0
START_W_M2: Final = 15.0
STOP_W_M2: Final = 8.0
DWELL_S: Final = 60.0
"""How long the light must last to start, and fail to stop."""
NIGHT_S: Final = 3600.0
"""A start after a longer rest begins a new day on the meters."""
LIMIT_PER_S: Final = 0.10
"""How fast a limit is approached, as a share of the rating."""
LOWEST_LIMIT_PCT: Final = 2.0
TEMPERATURE_LAG_S: Final = 1200.0
WARMING_K: Final = 28.0
"""Above the air, at rated power."""
DERATING_C: Final = 75.0
DERATING_PER_K: Final = 0.05
MEAN_EFFICIENCY: Final = 0.955
"""Over a day, for what is recalled of it."""
DEAD_INPUT_W_M2: Final = 2.0
LIVE_INPUT_W_M2: Final = 50.0
"""An input below the one while another is above the other has no panel."""


class PortMeter(msgspec.Struct):
    """One PV input: as it stands, and its energy, by the trapezoid rule."""

    state: PanelState
    energy_total_wh: float
    energy_today_wh: float = 0.0


class MicroInverter:
    """A terminal of the simulated home."""

    def __init__(
        self,
        model: InverterModel,
        serial: int,
        panels: Sequence[Panel],
        sky: Sky,
        *,
        grid_wait_s: float = 60.0,
        energy_total_wh: float = 0.0,
    ) -> None:
        self.model = model
        self.serial = serial
        self.panels = tuple(panels)
        self.limit_pct = 100.0
        """The persistent one: it survives a restart."""
        self.temporary_w: float | None = None
        """The one in memory: gone with the DTU's next start."""
        self.flash_writes = 0
        self.flash_endurance: int | None = None
        """Writes its flash survives; `None`: all of them."""
        self.alarms = AlarmLog(serial)
        self.power_w = 0.0
        self.energy_today_wh = 0.0
        """On the AC side."""
        self.temperature_c = 20.0
        self.is_on = True
        self.starts = 0
        self._sky = sky
        self._grid_wait_s = grid_wait_s
        self._share = 1.0
        self._is_running = False
        self._was_energised = True
        self._dead_inputs: frozenset[int] = frozenset()
        self._light_for_s = 0.0
        self._dark_for_s = 0.0
        self._rested_s = math.inf
        dark = PanelState(0.0, 0.0, 0.0, 0.0, 0.0)
        self.ports = [PortMeter(dark, energy_total_wh) for _ in self.panels]

    @property
    def voltage_rise_v(self) -> float:
        """What its own feeding lifts the voltage at its terminals by."""
        return 3.0 * self.load

    @property
    def load(self) -> float:
        """As a share of the rating."""
        return self.power_w / self.model.rated_w

    @property
    def has_light(self) -> bool:
        return any(port.state.irradiance_w_m2 > STOP_W_M2 for port in self.ports)

    @property
    def is_awake(self) -> bool:
        """It lives on its panels: in the dark no radio reaches it."""
        return self._dark_for_s < DWELL_S

    def settle(self, at: datetime) -> None:
        """Be as if the world had not begun just now: running, if there is light."""
        ambient_c = self._sky.ambient_c(at)
        self.temperature_c = ambient_c
        best = [self._under(panel, at, ambient_c) for panel in self.panels]
        light_w_m2 = max((s.irradiance_w_m2 for s in best), default=0.0)
        if light_w_m2 > START_W_M2:
            self._begin(at)
        elif light_w_m2 < STOP_W_M2:
            self._dark_for_s = DWELL_S

    def could_w(self, at: datetime) -> float:
        """What it would have fed in at that instant, unlimited and long awake."""
        ambient_c = self._sky.ambient_c(at)
        dc_w = sum(self._under(panel, at, ambient_c).power_w for panel in self.panels)
        load = dc_w / self.model.rated_w
        return min(self.model.rated_w, efficiency_at(load) * dc_w) if load else 0.0

    def recall(self, energy_wh: float) -> None:
        """It has fed in so much today already, as its meters then say."""
        self.energy_today_wh += energy_wh
        for port in self.ports:
            port.energy_today_wh += energy_wh / MEAN_EFFICIENCY / len(self.ports)

    def write_limit(self, limit_pct: float) -> bool:
        """Whether the flash took it: worn out, it keeps what it had."""
        if self.flash_endurance is not None and self.flash_writes >= self.flash_endurance:
            return False
        self.limit_pct = min(max(limit_pct, LOWEST_LIMIT_PCT), 100.0)
        self.flash_writes += 1
        return True

    def switch(self, at: datetime, *, is_on: bool) -> None:
        self.is_on = is_on
        (self.alarms.end if is_on else self.alarms.begin)(Number.SWITCHED_OFF, at)

    def restart(self) -> None:
        """Production pauses for the grid check; the day's meters begin anew."""
        self._is_running = False
        self._light_for_s = 0.0
        self._rested_s = math.inf

    def step(self, bus: Bus, dt_s: float) -> float:
        ambient_c = self._sky.ambient_c(bus.at)
        best = [self._under(panel, bus.at, ambient_c) for panel in self.panels]
        self._watch(best, bus, dt_s)
        self._approach_limit(dt_s)
        states, power_w = self._convert(best, ambient_c) if self._is_running else (best, 0.0)
        if not self._is_running:
            states = [msgspec.structs.replace(s, power_w=0.0, current_a=0.0) for s in best]
        self._meter(states, power_w, dt_s)
        warmth_c = ambient_c + WARMING_K * power_w / self.model.rated_w
        self.temperature_c += (warmth_c - self.temperature_c) * -math.expm1(-dt_s / TEMPERATURE_LAG_S)
        return power_w

    def _under(self, panel: Panel, at: datetime, ambient_c: float, share: float = 1.0) -> PanelState:
        light_w_m2 = self._sky.irradiance_w_m2(at, panel.tilt_deg, panel.azimuth_deg)
        if panel.shading is not None:
            light_w_m2 *= panel.shading(at)
        return panel.under(light_w_m2, ambient_c, share=share)

    def _watch(self, best: Sequence[PanelState], bus: Bus, dt_s: float) -> None:
        """Start after light and a healthy grid have lasted, stop when either fails; a dead grid stops at once."""
        light_w_m2 = max((s.irradiance_w_m2 for s in best), default=0.0)
        voltage_v = max((s.voltage_v for s in best), default=0.0)
        if not bus.energised or not self.is_on:
            self._is_running, self._light_for_s = False, 0.0
        self._complain(best, light_w_m2, bus)
        self._dark_for_s = self._dark_for_s + dt_s if light_w_m2 < STOP_W_M2 else 0.0
        if self._is_running:
            self._is_running = self._dark_for_s < DWELL_S
            return
        self._rested_s += dt_s
        bright = light_w_m2 > START_W_M2 and voltage_v > START_V and bus.energised and self.is_on
        self._light_for_s = self._light_for_s + dt_s if bright else 0.0
        if self._light_for_s >= DWELL_S + self._grid_wait_s:
            self._begin(bus.at)

    def _complain(self, best: Sequence[PanelState], light_w_m2: float, bus: Bus) -> None:
        """Raise alarms for what changed: the grid, and inputs without a panel."""
        if bus.energised is not self._was_energised:
            self._was_energised = bus.energised
            (self.alarms.end if bus.energised else self.alarms.begin)(Number.NO_GRID, bus.at)
        if light_w_m2 < LIVE_INPUT_W_M2 or len(best) == 1:
            return
        dead = frozenset(n for n, s in enumerate(best) if s.irradiance_w_m2 < DEAD_INPUT_W_M2)
        if dead != self._dead_inputs:
            for port in dead - self._dead_inputs:
                self.alarms.begin(Number.NO_INPUT_1 + port, bus.at)
            for port in self._dead_inputs - dead:
                self.alarms.end(Number.NO_INPUT_1 + port, bus.at)
            self._dead_inputs = dead

    def _begin(self, at: datetime) -> None:
        self._is_running = True
        self.starts += 1
        self.alarms.event(Number.RESTART, at)
        if self._rested_s > NIGHT_S:
            self.energy_today_wh = 0.0
            for port in self.ports:
                port.energy_today_wh = 0.0
        self._rested_s = 0.0

    def _approach_limit(self, dt_s: float) -> None:
        wanted, step = self.limit_pct / 100.0, LIMIT_PER_S * dt_s
        if self.temporary_w is not None:
            wanted = min(wanted, self.temporary_w / self.model.rated_w)
        self._share += min(max(wanted - self._share, -step), step)

    def _convert(self, best: list[PanelState], ambient_c: float) -> tuple[list[PanelState], float]:
        """The ports as they stand, and the AC power. Above a limit every port delivers the same share less."""
        dc_w = sum(s.power_w for s in best)
        efficiency = efficiency_at(dc_w / self.model.rated_w)
        derating = max(0.0, 1.0 - DERATING_PER_K * max(0.0, self.temperature_c - DERATING_C))
        ceiling_w = self.model.rated_w * min(self._share, derating)
        if efficiency * dc_w <= ceiling_w:
            return best, efficiency * dc_w
        share = ceiling_w / (efficiency * dc_w)
        states = [
            panel.under(s.irradiance_w_m2, ambient_c, share=share)
            for panel, s in zip(self.panels, best, strict=True)
        ]
        return states, ceiling_w

    def _meter(self, states: Sequence[PanelState], power_w: float, dt_s: float) -> None:
        hours = dt_s / 3600.0
        for port, state in zip(self.ports, states, strict=True):
            energy_wh = (port.state.power_w + state.power_w) / 2.0 * hours
            port.energy_total_wh += energy_wh
            port.energy_today_wh += energy_wh
            port.state = state
        # The mean over the step is what the bus got, so this is its energy exactly.
        self.energy_today_wh += power_w * hours
        self.power_w = power_w


def efficiency_at(load: float) -> float:
    """Of the conversion, at a share of the rating on the DC side."""
    return max(0.75, 0.965 - 0.004 / max(load, 0.02))


def power_factor_at(load: float) -> float:
    """As reported: 0.999 above 15 % of the rating, down to 0.85 at 1 %."""
    if load >= 0.15:
        return 0.999
    return 0.85 + (0.999 - 0.85) * max(0.0, load - 0.01) / 0.14
