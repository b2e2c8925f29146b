"""The simulated DTU: what it is and knows. It lives in the simulated home; the wire is `service.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from ohmstead.families.hoymiles.identifiers import serial_number, serial_text
from ohmstead.families.hoymiles.simulator.commanding import Commanding
from ohmstead.families.hoymiles.simulator.datasets import DataSet, DataSets, Measuring
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter
from ohmstead.families.hoymiles.simulator.meter import SERIAL_PREFIX, GridMeter
from ohmstead.families.hoymiles.simulator.profiles import InverterModel, Profile
from ohmstead.kit.world import Bus, Panel, World

LIFETIME_WH: Final = 250_000
"""About where a unit of one summer stands; seeded around it."""


class Dtu:
    """A terminal of the simulated home: its inverters feed the bus."""

    def __init__(
        self,
        profile: Profile,
        world: World,
        *,
        name: str = "hoymiles",
        models: Sequence[InverterModel] = (),
        panels: Sequence[Panel] = (),
        has_meter: bool = False,
        is_clock_set: bool = False,
        grid_wait_s: float = 60.0,
    ) -> None:
        """`models` and `panels` replace the profile's hardware; panels are dealt out to ports in order."""
        self.profile = profile
        self.world = world
        self.name = name
        random = world.random(f"{name}/identity")
        self.serial = f"{profile.serial_prefix}{random.getrandbits(24):06X}"
        self.inverters = tuple(
            _inverters(models or profile.inverters, panels, world, name, grid_wait_s=grid_wait_s)
        )
        meter_serial = serial_number(f"{SERIAL_PREFIX}{random.getrandbits(24):06X}")
        self.meter = GridMeter(world, meter_serial) if has_meter else None
        self.commanding = Commanding(world.random(f"{name}/commands"))
        # It was on for a while when the world begins.
        self.booted_at = world.at - timedelta(seconds=random.randint(600, 3600))
        self.is_clock_set = is_clock_set
        """Only a cloud sets a DTU's clock."""
        self._bus = world.bus
        self._measuring = Measuring(profile, self.inverters, self.meter, world.random(f"{name}/meters"))
        self.datasets = DataSets(profile, self._measure, world.at)

    def settle(self) -> None:
        """Be as if the world had not begun just now: producing, if there is light."""
        for inverter in self.inverters:
            inverter.settle(self.world.at)
            inverter.step(self._bus, 0.0)
        self.datasets = DataSets(self.profile, self._measure, self.world.at)

    def step(self, bus: Bus, dt_s: float) -> float:
        self._bus = bus
        power_w = sum(inverter.step(bus, dt_s) for inverter in self.inverters)
        self.commanding.tick(bus.at)
        self.datasets.tick(bus.at)
        return power_w

    @property
    def has_power(self) -> bool:
        """Whether it is there: a built-in one lives on its panels."""
        return not self.profile.is_built_in or any(inverter.has_light for inverter in self.inverters)

    def time_s(self, at: datetime) -> int:
        """Its clock: seconds since it started, until it is told the time."""
        return int(at.timestamp()) if self.is_clock_set else int((at - self.booted_at).total_seconds())

    def reboot(self, *, keeps_clock: bool) -> None:
        """Everything volatile is gone; persistent limits stay."""
        self.booted_at = self.world.at
        self.is_clock_set = keeps_clock
        self.commanding.abort()
        self.datasets.set_fast(is_fast=False)

    def inverter(self, serial: int) -> MicroInverter | None:
        return next((i for i in self.inverters if i.serial == serial), None)

    def _measure(self, at: datetime) -> DataSet:
        return self._measuring.take(self.time_s(at), self._bus)

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        return {
            "profile": self.profile.slug,
            "dtu": self.serial,
            "at": self.world.at.isoformat(),
            "is_clock_set": self.is_clock_set,
            "power_w": round(sum(i.power_w for i in self.inverters), 3),
            "meter": serial_text(self.meter.serial) if self.meter else None,
            "flash_writes": sum(i.flash_writes for i in self.inverters),
            "inverters": [
                {
                    "serial": serial_text(i.serial),
                    "model": i.model.title,
                    "power_w": round(i.power_w, 3),
                    "limit_pct": i.limit_pct,
                    "flash_writes": i.flash_writes,
                    "is_on": i.is_on,
                    "energy_today_wh": round(i.energy_today_wh, 3),
                    "temperature_c": round(i.temperature_c, 2),
                }
                for i in self.inverters
            ],
        }


def _inverters(
    models: Sequence[InverterModel], panels: Sequence[Panel], world: World, name: str, *, grid_wait_s: float
) -> list[MicroInverter]:
    random = world.random(f"{name}/inverters")
    left = list(panels)
    found = []
    for model in models:
        serial = serial_number(f"{model.serial_prefix}{random.getrandbits(24):06X}")
        own = [left.pop(0) if left else Panel(model.panel_w) for _ in range(model.ports)]
        lifetime_wh = LIFETIME_WH * random.uniform(0.8, 1.2)
        found.append(
            MicroInverter(
                model, serial, own, world, grid_wait_s=grid_wait_s, energy_total_wh=round(lifetime_wh)
            )
        )
    return found
