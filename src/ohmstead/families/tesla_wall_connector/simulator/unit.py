"""One unit: a terminal of the simulated home that lives in steps of one civil second."""

from __future__ import annotations

import math
from random import Random
from typing import Final

from ohmstead.families.tesla_wall_connector.simulator.heat import Heat
from ohmstead.families.tesla_wall_connector.simulator.identity import Identity
from ohmstead.families.tesla_wall_connector.simulator.limits import Limits, Schedule
from ohmstead.families.tesla_wall_connector.simulator.memory import Memory, Settings
from ohmstead.families.tesla_wall_connector.simulator.plug import (
    FIRST_CLOSE_S,
    LEAST_A,
    Inputs,
    Plug,
    Stage,
)
from ohmstead.families.tesla_wall_connector.simulator.profiles import Profile
from ohmstead.families.tesla_wall_connector.simulator.session import Session
from ohmstead.families.tesla_wall_connector.simulator.sharing import Group
from ohmstead.families.tesla_wall_connector.simulator.supply import Supply, supply
from ohmstead.families.tesla_wall_connector.simulator.vehicle import Kind, Vehicle
from ohmstead.families.tesla_wall_connector.simulator.window import Window
from ohmstead.kit.world import Bus, World

BOOT_S: Final = 4
"""State 0 after power-up."""
COLD_LOAD_S: Final = 60
"""Charging waits so long after power-up."""
WINDOW_PRESS_S: Final = 5
"""How long the button is held to open the access window; the handle's temperature reads 127 from then on."""
HANDLE_ALERT_S: Final = 30
COUNTED: Final = 0.997
"""The energy counter, of voltage behind the contactor times current."""
COUNTER_STEP_S: Final = 2
SLEEPS_AFTER_S: Final = (600, 1800)
LOADED_A: Final = 5.0


class Unit:
    def __init__(self, profile: Profile, identity: Identity, world: World, name: str) -> None:
        self.profile = profile
        self.identity = identity
        self.world = world
        self.name = name
        self.random: Random = world.random(f"{name}/unit")
        self.memory = Memory(Settings(most_a=profile.wiring.most_a, country=profile.wiring.country))
        self.commissioned_a = profile.wiring.most_a
        self.window = Window(profile.firmware, self.now_s)
        self.group: Group | None = None
        self.metered_a: float | None = None
        """What the meter's law allows; None without a meter."""
        self.next_vehicle: Vehicle | None = None
        self.vehicle = Vehicle(Kind.TESLA, profile.wiring.car_a, phases=profile.wiring.phases)
        self.plug = Plug()
        self.session = Session()
        self.limits = Limits()
        self.schedule = Schedule(b"", 0)
        self.heat = Heat(world.ambient_c(world.at))
        self.uptime_s = 3600
        self.is_powered = True
        self.off_until_s = -math.inf
        self.pressed_at_s: float | None = None
        self.released_at_s = -math.inf
        self.ambient_c: float | None = None
        """Instead of the weather's."""
        self.handle_alert = 0
        """The number of the alert that a long press raises, which is not known of real units; 0: counted, not listed."""
        self.creep_wh = 0.0
        """What the lifetime counter gains every 90 minutes without a car."""
        self.true_wh = 0.0
        """Drawn by cars, ever: physics, not the counter."""
        self.drawn_w = 0.0
        self.current_a = 0.0
        self.last_current_a = 0.0
        """A second ago: the phases' figures lag."""
        self.was_closed = False
        self._pending_wh = 0.0
        self._sleeps_after_s = SLEEPS_AFTER_S[0]
        self.supply: Supply = supply(profile.wiring, world.bus, world.grid, 0.0)

    @property
    def now_s(self) -> float:
        return self.world.at.timestamp()

    @property
    def is_plugged(self) -> bool:
        return self.vehicle.car.is_plugged

    @property
    def is_pressed(self) -> bool:
        return self.pressed_at_s is not None

    @property
    def evse_state(self) -> int:
        if self.uptime_s < BOOT_S:
            return 0
        if self.is_pressed and self.is_plugged and self.vehicle.is_digital and not self.plug.is_closed:
            return 7
        return self.plug.code(is_digital=self.vehicle.is_digital)

    @property
    def wants(self) -> bool:
        """Whether it would charge if it were given a share."""
        return self.is_powered and self.is_plugged and self.vehicle.asks and self._own_a() >= LEAST_A

    def step(self, bus: Bus, dt_s: float) -> float:
        self.vehicle.car.follow(bus.at)
        now_s = bus.at.timestamp()
        if not bus.energised or now_s < self.off_until_s:
            return self._without_power()
        if not self.is_powered:
            self._power_up(now_s)
        self.uptime_s += 1
        self.memory.lifetime.uptime_s += 1
        self._press(now_s)
        self._follow_plug()
        self.plug.step(self._inputs(now_s))
        self._count_contactor()
        self._charge(bus, dt_s)
        ambient_c = self.world.ambient_c(bus.at) if self.ambient_c is None else self.ambient_c
        was_folded_back = self.heat.is_folded_back
        self.heat.step(self.current_a, ambient_c, dt_s)
        self.memory.lifetime.thermal_foldbacks += self.heat.is_folded_back and not was_folded_back
        self._sleep()
        return -self.drawn_w

    def allowed_a(self, now_s: float) -> float:
        """The least of everything that limits; below 6 A there is no charging."""
        allowed_a = self._own_a(now_s)
        if self.group is not None:
            allowed_a = min(allowed_a, self.group.share_a(self, now_s))
        return allowed_a if allowed_a >= LEAST_A else 0.0

    def press(self, hold_s: float) -> None:
        self.pressed_at_s = self.now_s
        self.released_at_s = self.now_s + hold_s

    def wake(self) -> None:
        self.vehicle.is_asleep = False
        self.plug.look_again()

    def cut_power(self, for_s: float) -> None:
        self.off_until_s = self.now_s + for_s

    def set_schedule(self) -> None:
        self.schedule = Schedule(self.memory.settings.schedule, self.world.place.utc_offset_s)

    def _own_a(self, now_s: float | None = None) -> float:
        allowed_a = self.limits.allowed_a(self.memory.settings.most_a, self.now_s if now_s is None else now_s)
        if self.heat.is_folded_back:
            allowed_a /= 2.0
        if self.metered_a is not None:
            allowed_a = min(allowed_a, self.metered_a)
        if self.memory.settings.schedule and not self.schedule.allows(self.world.at):
            return 0.0
        return allowed_a

    def _inputs(self, now_s: float) -> Inputs:
        return Inputs(
            self.is_plugged,
            self.vehicle.is_digital,
            self.vehicle.asks,
            self.allowed_a(now_s),
            self.is_pressed or self.uptime_s < COLD_LOAD_S,
            self.current_a,
        )

    def _follow_plug(self) -> None:
        if self.is_plugged and not self.session.is_connected:
            self.memory.lifetime.connector_cycles += self.session.starts_anew
            self.plug.first_close_s = self.random.randint(*FIRST_CLOSE_S)
            self._sleeps_after_s = self.random.randint(*SLEEPS_AFTER_S)
        self.session.step(is_connected=self.is_plugged)

    def _charge(self, bus: Bus, dt_s: float) -> None:
        self.last_current_a = self.current_a
        wiring, is_closed = self.profile.wiring, self.plug.is_closed
        ceiling_a = min(self.plug.ceiling_a, self.allowed_a(bus.at.timestamp())) if is_closed else 0.0
        self.supply = found = supply(wiring, bus, self.world.grid, self.current_a)
        self.drawn_w = self.vehicle.draw(
            ceiling_a if self.plug.stage is Stage.CHARGING else 0.0,
            found.mean_load_v,
            dt_s,
            wiring.phases,
        )
        phases = min(wiring.phases, self.vehicle.car.phases)
        self.current_a = self.drawn_w / (found.mean_load_v * phases) if found.mean_load_v else 0.0
        if is_closed and self.drawn_w == 0.0 and self.vehicle.request_a >= LEAST_A:
            self.current_a = min(self.plug.ceiling_a, self.last_current_a + 0.5) if self.vehicle.asks else 0.3
        self._count_energy(dt_s)

    def _count_energy(self, dt_s: float) -> None:
        self.true_wh += self.drawn_w * dt_s / 3600.0
        self._pending_wh += COUNTED * self.drawn_w * dt_s / 3600.0
        lifetime = self.memory.lifetime
        lifetime.charging_time_s += self.drawn_w > 0.0
        if self.uptime_s % COUNTER_STEP_S == 0:
            self.session.energy_wh += self._pending_wh
            lifetime.energy_wh += self._pending_wh
            self._pending_wh = 0.0
        if self.creep_wh and not self.is_plugged and self.uptime_s % 5400 == 0:
            lifetime.energy_wh += self.creep_wh

    def _count_contactor(self) -> None:
        lifetime, is_closed = self.memory.lifetime, self.plug.is_closed
        if is_closed and not self.was_closed:
            lifetime.contactor_cycles += 1
        elif self.was_closed and not is_closed:
            lifetime.contactor_cycles_loaded += self.current_a > LOADED_A
        self.was_closed = is_closed

    def _press(self, now_s: float) -> None:
        if self.pressed_at_s is None:
            return
        held_s = now_s - self.pressed_at_s
        if held_s == WINDOW_PRESS_S:
            self.window.open(now_s)
        if held_s == HANDLE_ALERT_S:
            self.memory.lifetime.alert_count += 1
        if now_s >= self.released_at_s:
            self.pressed_at_s = None

    @property
    def pressed_s(self) -> float:
        return 0.0 if self.pressed_at_s is None else self.now_s - self.pressed_at_s

    def _sleep(self) -> None:
        plug = self.plug
        if self.vehicle.kind is not Kind.TESLA_ASLEEP or not plug.has_charged or self.vehicle.is_asleep:
            return
        if plug.stage is Stage.WAITING and plug.stage_s >= self._sleeps_after_s:
            self.vehicle.is_asleep = True

    def _without_power(self) -> float:
        if self.is_powered:
            self.is_powered = False
            self.drawn_w = self.current_a = self.last_current_a = self._pending_wh = 0.0
            self.was_closed = False
            self.vehicle.draw(0.0, 1.0, 0.0, 1)
            self.plug.restart()
            self.session.lose_power()
            self.limits = Limits()
            self.pressed_at_s = None
        return 0.0

    def _power_up(self, now_s: float) -> None:
        self.is_powered = True
        self.uptime_s = 0
        self.window.open(now_s)
        self.set_schedule()
