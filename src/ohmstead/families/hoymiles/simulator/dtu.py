"""The simulated DTU: what it is and knows. It lives in the simulated home; the wire is `service.py`."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, Final

import msgspec

from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.identifiers import serial_number, serial_text
from ohmstead.families.hoymiles.protos.device_config_pb2 import DevConfigReportFromDtu
from ohmstead.families.hoymiles.simulator import grid_profile
from ohmstead.families.hoymiles.simulator.alarms import Number, halves
from ohmstead.families.hoymiles.simulator.commanding import Commanding
from ohmstead.families.hoymiles.simulator.configuration import factory_image
from ohmstead.families.hoymiles.simulator.datasets import DataSet, DataSets
from ohmstead.families.hoymiles.simulator.device_clock import DeviceClock
from ohmstead.families.hoymiles.simulator.history import STEP_S, PowerHistory
from ohmstead.families.hoymiles.simulator.inverter import MicroInverter
from ohmstead.families.hoymiles.simulator.keys import Keys
from ohmstead.families.hoymiles.simulator.measuring import Measuring
from ohmstead.families.hoymiles.simulator.meter import SERIAL_PREFIX, GridMeter
from ohmstead.families.hoymiles.simulator.profiles import InverterModel, Profile
from ohmstead.families.hoymiles.wire import Extension, Frame
from ohmstead.kit.world import Bus, Panel, World

CLOCK_TOLERANCE_S: Final = 60
LIFETIME_WH: Final = 250_000
"""About where a unit of one summer stands; seeded around it."""


class News(msgspec.Struct):
    """What a cloud shall have besides data and alarms."""

    reports: deque[DevConfigReportFromDtu] = msgspec.field(default_factory=deque)
    """Blobs that an action asked for."""
    waves: deque[int] = msgspec.field(default_factory=deque)
    """Inverters whose waveform records are wanted."""
    is_inventory_due: bool = False


class Prepared(msgspec.Struct):
    """What commands had done, to be read afterwards. A restart forgets it."""

    alarms: frozenset[int] = frozenset()
    """The inverters whose alarm list is ready."""
    self_tests: frozenset[int] = frozenset()
    """The inverters that were tested."""


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
        identity = world.random(f"{name}/identity")
        self.serial = _drawn(profile.serial_prefix, identity)
        self.hardware = _inverters(models or profile.inverters, panels, world, name, grid_wait_s=grid_wait_s)
        """All there are, provisioned or not."""
        self.inverters = self.hardware
        meter_serial = serial_number(_drawn(SERIAL_PREFIX, identity))
        self.meter = GridMeter(world, meter_serial) if has_meter else None
        self.clock = DeviceClock(world.at, identity, is_set=is_clock_set)
        self.keys = Keys(world.random(f"{name}/seeds"), encrypts=profile.encrypts)
        self.image = factory_image(profile, self.serial)
        self.grid_profiles = {inverter.serial: grid_profile.blob() for inverter in self.inverters}
        self.network_set_at = self.clock.booted_at
        self.drops_network = False
        """A new network setting takes the link down for a while."""
        self.commanding = Commanding(world.random(f"{name}/commands"))
        self.prepared = Prepared()
        self.news = News()
        self.last_cloud_at: datetime | None = None
        self._bus = world.bus
        self._awake = tuple(inverter.is_awake for inverter in self.inverters)
        self._measuring = Measuring(profile, self.inverters, self.meter, world.random(f"{name}/meters"))
        self.datasets = DataSets(profile, self._measure, world.at)
        self.history = PowerHistory(world.at, world.place.utc_offset_s)

    def settle(self) -> None:
        """Be as if the world had not begun just now: producing, if there is light."""
        for inverter in self.inverters:
            inverter.settle(self.world.at)
            inverter.step(self._bus, 0.0)
        self._awake = tuple(inverter.is_awake for inverter in self.inverters)
        self.history.recall(self.world.at, self._could_w)
        self.datasets = DataSets(self.profile, self._measure, self.world.at)

    def _could_w(self, at: datetime) -> float:
        """Of a moment before the world began; each inverter counts its part as of today."""
        total_w = 0.0
        for inverter in self.inverters:
            power_w = inverter.could_w(at)
            inverter.recall(power_w * STEP_S / 3600.0)
            total_w += power_w
        return total_w

    def step(self, bus: Bus, dt_s: float) -> float:
        self._bus = bus
        power_w = sum(inverter.step(bus, dt_s) for inverter in self.hardware)
        self.commanding.tick(bus.at)
        self.datasets.tick(bus.at)
        self.history.tick(bus.at, power_w)
        self._watch_links(bus.at)
        return power_w

    def _watch_links(self, at: datetime) -> None:
        """One that goes to sleep is missed by a DTU that does not."""
        awake = tuple(inverter.is_awake for inverter in self.inverters)
        if awake == self._awake:
            return
        if not self.profile.is_built_in:
            for inverter, was, now in zip(self.inverters, self._awake, awake, strict=True):
                if was is not now:
                    (inverter.alarms.end if now else inverter.alarms.begin)(Number.OFFLINE, at)
        self._awake = awake

    @property
    def has_power(self) -> bool:
        """Whether it is there: a built-in one lives on its panels."""
        return not self.profile.is_built_in or any(inverter.has_light for inverter in self.hardware)

    @property
    def cipher(self) -> Cipher | None:
        """Of this start; `None` where the firmware does not encrypt."""
        return self.keys.cipher

    @property
    def utc_offset_s(self) -> int:
        """Of its local time, as a cloud has set it."""
        return self.image.utc_offset

    @property
    def found_serials(self) -> tuple[int, ...]:
        """What a radio search finds."""
        return tuple(inverter.serial for inverter in self.hardware)

    def answers_to(self, _: Frame) -> bool:
        return True

    def extension(self, _: Extension | None) -> Extension | None:
        """Only storage gateways have that header."""
        return None

    def set_clock(self, time_s: int, utc_offset_s: int | None) -> None:
        """As a cloud says it; a correction is an alarm of its own."""
        at = self.world.at
        before_s = self.clock.time_s(at)
        self.clock.set(time_s, self.world.clock.now())
        if utc_offset_s is not None:
            self.image.utc_offset = utc_offset_s
        if abs(time_s - before_s) > CLOCK_TOLERANCE_S:
            for inverter in self.inverters:
                inverter.alarms.event(Number.CLOCK, at, *halves(time_s - before_s))

    def reboot(self, *, keeps_clock: bool) -> None:
        """Everything volatile is gone; persistent limits stay."""
        self.clock.restart(self.world.at, is_set=keeps_clock)
        self.keys.draw()
        self.prepared = Prepared()
        for inverter in self.inverters:
            inverter.temporary_w = None
        self.commanding.abort()
        self.datasets.set_fast(is_fast=False)

    def rename(self, inverter: MicroInverter, serial: int) -> None:
        """Give it another serial, before anybody has asked for it."""
        self.grid_profiles[serial] = self.grid_profiles.pop(inverter.serial)
        inverter.serial = inverter.alarms.serial = serial
        self._measuring.listen_to(self.inverters)

    def provision(self, serials: Sequence[int]) -> None:
        """Replace the list of inverters by those of the given serials that there are."""
        there = {inverter.serial: inverter for inverter in self.hardware}
        self.inverters = tuple(there[serial] for serial in serials if serial in there)
        self._awake = tuple(inverter.is_awake for inverter in self.inverters)
        self._measuring.listen_to(self.inverters)
        self.news.is_inventory_due = True

    def inverter(self, serial: int) -> MicroInverter | None:
        return next((i for i in self.inverters if i.serial == serial), None)

    def _measure(self, at: datetime) -> DataSet:
        return self._measuring.take(self.clock.time_s(at), self._bus)

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        return {
            "profile": self.profile.slug,
            "dtu": self.serial,
            "at": self.world.at.isoformat(),
            "is_clock_set": self.clock.is_set,
            "power_w": round(sum(i.power_w for i in self.inverters), 3),
            "meter": serial_text(self.meter.serial) if self.meter else None,
            "wifi_ssid": self.image.wifi_ssid,
            "flash_writes": sum(i.flash_writes for i in self.inverters),
            "inverters": [
                {
                    "serial": serial_text(i.serial),
                    "model": i.model.title,
                    "power_w": round(i.power_w, 3),
                    "limit_pct": i.limit_pct,
                    "temporary_w": i.temporary_w,
                    "alarms": i.alarms.counter,
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
) -> tuple[MicroInverter, ...]:
    random = world.random(f"{name}/inverters")
    left = list(panels)
    found = []
    for model in models:
        serial = serial_number(_drawn(model.serial_prefix, random))
        own = [left.pop(0) if left else Panel(model.panel_w) for _ in range(model.ports)]
        lifetime_wh = LIFETIME_WH * random.uniform(0.8, 1.2)
        found.append(
            MicroInverter(
                model, serial, own, world, grid_wait_s=grid_wait_s, energy_total_wh=round(lifetime_wh)
            )
        )
    return tuple(found)


def _drawn(prefix: str, random: Random) -> str:
    """A serial number with that beginning."""
    return f"{prefix}{random.getrandbits(24):06X}"
