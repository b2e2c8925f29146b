"""A charge point that runs: on its port, in the simulated home, with the control interface every simulator has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec

from ohmstead.families.everest.schema.enums import Severity
from ohmstead.families.everest.schema.objects import ChargerInfoObj, DisplayParametersObj
from ohmstead.families.everest.server import ChargePoint, RpcServer
from ohmstead.families.everest.simulator.actions import ACTIONS
from ohmstead.families.everest.simulator.cars import CarOptions, Kind, SimulatedCar
from ohmstead.families.everest.simulator.enabling import STRONGEST, WEAKEST, Say
from ohmstead.families.everest.simulator.outlet import Outlet
from ohmstead.families.everest.simulator.plugs import ALL, FIRST
from ohmstead.families.everest.simulator.sharing import SourceLimit
from ohmstead.families.everest.simulator.station import Station
from ohmstead.families.everest.wire import Mode
from ohmstead.kit.link import Listener, TaskScope
from ohmstead.kit.link.messages import ServedMessages
from ohmstead.kit.link.scan import written
from ohmstead.kit.world import World
from ohmstead.model import Action, ConfigError

Json = Mapping[str, Any]  # Any: JSON

MIDDLING: Final = 5_000


class RunningChargePoint:
    """What `simulate` yields."""

    def __init__(
        self, station: Station, world: World, who: ChargerInfoObj, mode: Mode, scope: TaskScope
    ) -> None:
        self.station = station
        self.world = world
        self.mode = mode
        self.listener: Listener
        self.host = ""
        self._who = who
        self._scope = scope
        self._server: RpcServer
        self._expiring: asyncio.Task[None] | None = None
        self._doing: Mapping[str, Callable[..., Json | None]] = {
            "plug": self._plug,
            "unplug": self._unplug,
            "car": self._car,
            "charge": self._charge,
            "car_pause": self._car_pause,
            "display": self._display,
            "authorise": self._authorise,
            "stop": self._stop,
            "pause": self._pause,
            "resume": self._resume,
            "reserve": self._reserve,
            "enable": self._enable,
            "limit": self._limit,
            "fuse": self._fuse,
            "switching": self._switching,
            "error": self._error,
            "clear_error": self._clear_error,
            "grid": self._grid,
            "kick": self._kick,
            "restart": self._restart,
        }
        self.start()

    def start(self) -> None:
        """As after power-up: everything is reported anew."""
        if self._expiring is not None:
            self._expiring.cancel()
        point = ChargePoint(self._who, mode=self.mode)
        self._server = RpcServer(point, clock=self.world.clock)
        self._expiring = self._scope.start(self._server.expiries.keep())
        self.station.start(point)

    async def serve(self, link: ServedMessages) -> None:
        await self._server.serve(link)

    @property
    def endpoints(self) -> Mapping[str, int]:
        return {"rpcapi": self.listener.port}

    @property
    def actions(self) -> Mapping[str, Action]:
        return ACTIONS

    @property
    def ready(self) -> Mapping[str, str | None]:
        return {"url": f"everest://{written(self.host, self.listener.port, usual=0)}"}

    def state(self) -> Json:
        self.world.catch_up()
        return {
            "at": self.world.at.isoformat(),
            "mode": self.mode.value,
            "fuse_a": self.station.fuse_a,
            "evses": [_shown(outlet) for outlet in self.station.outlets],
            "errors": [msgspec.to_builtins(error) for error in self.station.point.active_errors],
        }

    async def act(self, action: str, **parameters: Any) -> Json:  # Any: JSON
        if action not in self._doing:
            raise ConfigError(f"no action is called {action!r}; there are {', '.join(self._doing)}.")
        self.world.catch_up()
        return self._doing[action](**parameters) or self.state()

    def _outlet(self, evse: float) -> Outlet:
        found = self.station.outlet(int(evse))
        if found is None:
            raise ConfigError(f"there is no EVSE {evse}.")
        return found

    # --- the car and its driver ---

    def _plug(self, evse: int = 1, connector: int = FIRST) -> None:
        outlet = self._outlet(evse)
        if outlet.is_plugged:
            raise ConfigError("the car is plugged in already.")
        if connector not in outlet.plugs:
            raise ConfigError(f"EVSE {evse} has no connector {connector}.")
        outlet.plug(connector)

    def _unplug(self, evse: int = 1) -> None:
        outlet = self._outlet(evse)
        if not outlet.is_plugged:
            raise ConfigError("no car is plugged in.")
        outlet.vehicle.car.unplug()

    def _car(self, evse: int = 1, **options: Any) -> None:  # Any: JSON
        outlet = self._outlet(evse)
        outlet.next_vehicle = SimulatedCar(car_options(options, is_dc=outlet.kind.dc is not None))
        if not outlet.is_plugged:
            outlet.vehicle, outlet.next_vehicle = outlet.next_vehicle, None

    def _charge(self, soc_pct: float, evse: int = 1) -> None:
        cells = self._outlet(evse).vehicle.car.battery
        cells.stored_wh = cells.capacity_wh * min(max(float(soc_pct), 0.0), 100.0) / 100.0

    def _car_pause(self, is_pausing: bool = True, evse: int = 1) -> None:  # noqa: FBT001, FBT002 - JSON's names
        self._outlet(evse).vehicle.is_pausing = is_pausing

    def _display(self, members: Json | None = None, evse: int = 1) -> None:
        vehicle = self._outlet(evse).vehicle
        try:
            vehicle.told = None if members is None else msgspec.convert(members, DisplayParametersObj)
        except msgspec.ValidationError as error:
            raise ConfigError(f"these are no display parameters: {error}.") from error

    def _authorise(self, evse: int = 1) -> None:
        self._outlet(evse).is_authorised = True

    # --- the charge point itself ---

    def _stop(self, evse: int = 1) -> None:
        self._outlet(evse).stop()

    def _pause(self, evse: int = 1) -> None:
        self._hold(evse, is_held=True)

    def _resume(self, evse: int = 1) -> None:
        self._hold(evse, is_held=False)

    def _hold(self, evse: int, *, is_held: bool) -> None:
        outlet = self._outlet(evse)
        outlet.is_held = is_held
        outlet.settle()

    def _reserve(self, is_on: bool = True, evse: int = 1) -> None:  # noqa: FBT001, FBT002 - JSON's names
        self._outlet(evse).is_reserved = is_on

    def _enable(
        self,
        source: str = "OCPP",
        is_enabled: bool = True,  # noqa: FBT001, FBT002 - JSON's names
        priority: int = MIDDLING,
        evse: int = 1,
        connector: int = ALL,
    ) -> None:
        if not STRONGEST <= priority <= WEAKEST:
            raise ConfigError(f"a priority is {STRONGEST} to {WEAKEST}, not {priority}.")
        outlet = self._outlet(evse)
        if connector != ALL and connector not in outlet.plugs:
            raise ConfigError(f"EVSE {evse} has no connector {connector}.")
        outlet.plugs.say(connector, source, Say(is_enabled, priority))
        outlet.settle()

    def _limit(
        self,
        source: str = "load_management",
        current_a: float | None = None,
        valid_for_s: float | None = None,
        evse: int = 1,
    ) -> None:
        outlet = self._outlet(evse)
        until = None if valid_for_s is None else self.world.at + timedelta(seconds=valid_for_s)
        if current_a is None:
            outlet.limits.pop(source, None)
        else:
            outlet.limits[source] = SourceLimit(float(current_a), until)
        outlet.limited(outlet)

    def _fuse(self, current_a: float) -> None:
        self.station.fuse_a = float(current_a)
        for outlet in self.station.outlets:
            outlet.limited(outlet)

    def _switching(self, is_able: bool = True, evse: int = 1) -> None:  # noqa: FBT001, FBT002 - JSON's names
        outlet = self._outlet(evse)
        outlet.kind = msgspec.structs.replace(outlet.kind, switches_phases=is_able)
        outlet.evse.hardware_reported(outlet.kind.hardware)

    def _error(
        self,
        type: str = "evse_board_support/VendorWarning",  # noqa: A002 - JSON's names
        severity: str = "Medium",
        message: str = "raised by hand",
        sub_type: str = "",
        evse: int = 1,
    ) -> Json:
        if evse:
            self._outlet(evse)
        if not all(isinstance(text, str) for text in (type, message, sub_type)):
            raise ConfigError("type, message and sub_type of an error are texts.")
        if severity not in list(Severity):
            raise ConfigError(f"a severity is one of {', '.join(Severity)}, not {severity!r}.")
        return {"uuid": self.station.raise_error(type, evse, Severity(severity), message, sub_type)}

    def _clear_error(self, uuid: str = "") -> None:
        self.station.clear_errors(uuid)

    def _grid(self, is_up: bool = True) -> None:  # noqa: FBT001, FBT002 - JSON's names
        grid = self.world.grid
        (grid.restore if is_up else grid.fail)()

    def _kick(self) -> None:
        self.listener.drop()

    def _restart(self) -> None:
        self.listener.drop()
        self.start()


def car_options(given: Json, *, is_dc: bool) -> CarOptions:
    """From an action's parameters, or from the command line's texts. Raises `ConfigError`."""
    usual: dict[str, object] = {"kind": Kind.DC, "most_a": 250.0} if is_dc else {}
    try:
        options = msgspec.convert({**usual, **given}, CarOptions, strict=False)
        SimulatedCar(options)
    except (msgspec.ValidationError, ValueError) as error:
        raise ConfigError(f"no such car: {error}.") from error
    if options.kind.is_dc is not is_dc:
        raise ConfigError(f"a car of the kind {options.kind.value} does not fit this EVSE.")
    return options


def _shown(outlet: Outlet) -> Json:
    battery = outlet.vehicle.car.battery
    return {
        "evse": outlet.kind.index,
        "phase": outlet.session.phase.name.lower(),
        "is_plugged": outlet.is_plugged,
        "is_authorised": outlet.is_authorised,
        "is_enabled": outlet.plugs.is_enabled,
        "connector": outlet.plugs.used,
        "offered_a": round(outlet.offered_a, 3),
        "live_phases": outlet.live_phases,
        "power_w": round(outlet.power_w, 3),
        "imported_wh": round(outlet.meter.total_wh, 3),
        "exported_wh": round(sum(outlet.meter.exported_wh), 3),
        "car": outlet.vehicle.kind.value,
        "soc_pct": round(battery.soc_pct, 3),
        "limits_a": {source: limit.current_a for source, limit in outlet.limits.items()},
    }
