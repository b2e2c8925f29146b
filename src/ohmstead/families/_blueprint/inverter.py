"""The simulated inverter itself: its control law and its meters over panels of the simulated home. No wire, no socket."""

from __future__ import annotations

from typing import Final

from ohmstead.families._blueprint.messages import Info, Live
from ohmstead.kit.world import Bus, Panel, World

EFFICIENCY: Final = 0.96
ENERGY_BEFORE_WH: Final = 120_000.0
"""It has a past, so that nobody takes its total for a day's."""


class Inverter:
    """A terminal of the world: panels in, AC out, never more than the limit allows."""

    def __init__(self, world: World, panels: tuple[Panel, ...], serial: str) -> None:
        self.info = Info(serial=serial, firmware=1.04, rating=400.0 * len(panels))
        self.limit_pct = 100.0
        self.power_w = 0.0
        self.energy_wh = ENERGY_BEFORE_WH
        self._world = world
        self._panels = panels

    def step(self, bus: Bus, dt_s: float) -> float:
        self.power_w = self._possible_w(bus) if bus.energised else 0.0
        self.energy_wh += self.power_w * dt_s / 3600.0
        return self.power_w

    def _possible_w(self, bus: Bus) -> float:
        available_w = sum(panel.operate(self._world, bus.at).power_w for panel in self._panels) * EFFICIENCY
        return min(available_w, (self.info.rating or 0.0) * self.limit_pct / 100.0)

    def live(self) -> Live:
        """What its meters say now."""
        self._world.catch_up()
        return Live(
            power=self.power_w,
            energy=self.energy_wh,
            temperature=self._world.ambient_c(self._world.at) + self.power_w / 50.0,
            limit=self.limit_pct,
        )
