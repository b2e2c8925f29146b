"""Units that run: on their ports, in the simulated home, with the control interface every simulator has."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from ohmstead.families.tesla_wall_connector.simulator.actions import ACTIONS
from ohmstead.families.tesla_wall_connector.simulator.pairing import pair
from ohmstead.families.tesla_wall_connector.simulator.profiles import MINUTE_S
from ohmstead.families.tesla_wall_connector.simulator.station import Station
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.families.tesla_wall_connector.simulator.vehicle import Kind, Vehicle
from ohmstead.kit.link.scan import written
from ohmstead.kit.world import World
from ohmstead.model import Action, ConfigError

SETTLE_S: Final = 2.0
OFF_S: Final = 10.0

Json = Mapping[str, Any]  # Any: JSON


class RunningUnits:
    """What `simulate` yields."""

    def __init__(self, stations: Sequence[Station], world: World) -> None:
        self.stations = stations
        self.world = world
        self._doing: Mapping[str, Callable[..., Awaitable[Json | None]]] = {
            "plug": self._plug,
            "unplug": self._unplug,
            "car": self._car,
            "request": self._request,
            "charge": self._charge,
            "sleep": self._sleep,
            "wake": self._wake,
            "button": self._button,
            "power_cycle": self._power_cycle,
            "ambient": self._ambient,
            "grid": self._grid,
            "window": self._window,
            "pair": self._pair,
            "flash": self._flash,
            "meter": self._meter,
            "counters": self._counters,
            "kick": self._kick,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
        }

    @property
    def units(self) -> Sequence[Unit]:
        return [station.unit for station in self.stations]

    @property
    def endpoints(self) -> Mapping[str, int]:
        """Those of further units have their number behind."""
        return {
            name if number == 1 else f"{name}-{number}": port
            for number, station in enumerate(self.stations, start=1)
            for name, port in station.ports.items()
            if isinstance(port, int)
        }

    @property
    def actions(self) -> Mapping[str, Action]:
        return ACTIONS

    @property
    def ready(self) -> Json:
        ports, host = self.stations[0].ports, self.stations[0].lan.listener.host
        lan, access_point = (written(host, self.endpoints[name], usual=0) for name in ("lan", "ap"))
        return {
            "url": f"tesla-wall-connector://{lan}?access_point={access_point}",
            "ports": ports,
            "units": [station.introduction() for station in self.stations],
        }

    def state(self) -> Json:
        self.world.catch_up()
        return {
            "at": self.world.at.isoformat(),
            "model": self.stations[0].unit.profile.slug,
            "units": [station.state() for station in self.stations],
        }

    async def act(self, action: str, **parameters: Any) -> Json:  # Any: JSON
        if action not in self._doing:
            raise ConfigError(f"no action is called {action!r}; there are {', '.join(self._doing)}.")
        self.world.catch_up()
        found = await self._doing[action](**parameters)
        await self.settle()
        return self.state() if found is None else found

    async def settle(self) -> None:
        for station in self.stations:
            await station.settle()

    async def watch(self) -> None:
        """Ports come and go with power, windows and groups."""
        while True:
            await asyncio.sleep(max(SETTLE_S / self.world.clock.speed, 0.05))
            self.world.catch_up()
            await self.settle()

    def _station(self, name: str) -> Station:
        for station in self.stations:
            if name in ("", station.unit.identity.din, station.unit.identity.serial):
                return station
        raise ConfigError(f"no unit is called {name!r}.")

    async def _plug(self, unit: str = "") -> None:
        found = self._station(unit).unit
        if found.is_plugged:
            raise ConfigError("the car is plugged in already.")
        if found.next_vehicle is not None:
            found.vehicle, found.next_vehicle = found.next_vehicle, None
        found.vehicle.car.plug()

    async def _unplug(self, unit: str = "") -> None:
        found = self._station(unit).unit
        if not found.is_plugged:
            raise ConfigError("no car is plugged in.")
        found.vehicle.car.unplug()

    async def _car(
        self,
        profile: str = Kind.TESLA,
        request_a: float | None = None,
        soc_pct: float = 40.0,
        phases: int | None = None,
        unit: str = "",
    ) -> None:
        found = self._station(unit).unit
        wiring = found.profile.wiring
        found.next_vehicle = Vehicle(
            Kind(profile),
            float(wiring.car_a if request_a is None else request_a),
            soc_pct=float(soc_pct),
            phases=wiring.phases if phases is None else int(phases),
        )
        if not found.is_plugged:
            found.vehicle, found.next_vehicle = found.next_vehicle, None

    async def _request(self, request_a: float, unit: str = "") -> None:
        self._station(unit).unit.vehicle.request_a = float(request_a)

    async def _charge(self, soc_pct: float, unit: str = "") -> None:
        cells = self._station(unit).unit.vehicle.car.battery
        cells.stored_wh = cells.capacity_wh * min(max(float(soc_pct), 0.0), 100.0) / 100.0

    async def _sleep(self, unit: str = "") -> None:
        self._station(unit).unit.vehicle.is_asleep = True

    async def _wake(self, unit: str = "") -> None:
        self._station(unit).unit.wake()

    async def _button(self, hold_s: float = 5.0, unit: str = "") -> None:
        self._station(unit).unit.press(float(hold_s))

    async def _power_cycle(self, off_s: float = OFF_S, unit: str = "") -> None:
        self._station(unit).unit.cut_power(float(off_s))

    async def _ambient(self, ambient_c: float | None = None, unit: str = "") -> None:
        self._station(unit).unit.ambient_c = None if ambient_c is None else float(ambient_c)

    async def _grid(self, *, is_up: bool) -> None:
        (self.world.grid.restore if is_up else self.world.grid.fail)()

    async def _window(
        self,
        state: str = "",
        hidden_min: float | None = -1.0,
        lapsed_min: float | None = None,
        page_extends_min: float | None = None,
        unit: str = "",
    ) -> None:
        found = self._station(unit).unit
        window = found.window
        if hidden_min is None or hidden_min >= 0.0:
            window.hidden_after_s = None if hidden_min is None else float(hidden_min) * MINUTE_S
        if lapsed_min is not None:
            window.lapses_after_s = float(lapsed_min) * MINUTE_S
        if page_extends_min is not None:
            window.page_extends_s = float(page_extends_min) * MINUTE_S
        if state:
            (window.open if state == "open" else window.close)(found.now_s)

    async def _pair(self, ssid: object, password: object, network_limit: object, leader: str = "") -> Json:
        if not (isinstance(ssid, str) and isinstance(password, str) and isinstance(network_limit, int)):
            raise ConfigError("ssid and password are texts, network_limit is a whole number of A.")
        leading = self._station(leader)
        is_new = leading.unit.group is None
        follower = pair(leading.unit, self.units, ssid, password, network_limit)
        self._station(follower.identity.serial).activate_sharing()
        if is_new:
            leading.activate_sharing()
        return {
            "leader": leading.unit.identity.din,
            "participants": leading.unit.memory.settings.participants,
            "network_limit_a": network_limit,
        }

    async def _flash(
        self, fails_at: int | None = None, *, counts_equal: bool = False, unit: str = ""
    ) -> None:
        memory = self._station(unit).unit.memory
        memory.fails_at, memory.counts_equal = fails_at, counts_equal

    async def _meter(
        self, conductor_a: float | None = None, fallback_a: float | None = None, unit: str = ""
    ) -> None:
        meter = self._station(unit).meter
        if meter is None:
            raise ConfigError("firmware before 23.8.1 reads no meter.")
        meter.conductor_a = meter.conductor_a if conductor_a is None else float(conductor_a)
        meter.fallback_a = meter.fallback_a if fallback_a is None else float(fallback_a)

    async def _counters(
        self,
        lifetime_wh: float = 0.0,
        session_wh: float = 0.0,
        creep_wh: float | None = None,
        unit: str = "",
    ) -> None:
        found = self._station(unit).unit
        found.memory.lifetime.energy_wh += float(lifetime_wh)
        found.session.energy_wh += float(session_wh)
        found.creep_wh = found.creep_wh if creep_wh is None else float(creep_wh)

    async def _kick(self, unit: str = "") -> None:
        self._station(unit).kick()

    async def _fault(self, name: object, unit: str = "", **parameters: object) -> None:
        self._station(unit).faults.ask(name, parameters)

    async def _clear_faults(self, unit: str = "") -> None:
        self._station(unit).faults.clear()
