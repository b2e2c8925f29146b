"""A cloud that runs: on its port, over plants in the simulated home, with the control interface every simulator has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from ohmstead.families.franklinwh.simulator.actions import ACTIONS
from ohmstead.families.franklinwh.simulator.cloud.service import Logged, Service
from ohmstead.families.franklinwh.simulator.cloud.station import Station
from ohmstead.families.franklinwh.simulator.plant.genset import Why
from ohmstead.families.franklinwh.simulator.setup import Setup
from ohmstead.kit.link.http_serving import HttpListener
from ohmstead.kit.link.scan import written
from ohmstead.kit.link.tls import Certificate
from ohmstead.kit.world import World
from ohmstead.model import Action, ConfigError

Json = Mapping[str, Any]  # Any: JSON


class RunningCloud:
    """What `simulate` yields."""

    actions: Mapping[str, Action] = ACTIONS
    listener: HttpListener

    def __init__(
        self, service: Service, told: Setup, world: World, *, certificate: Certificate | None
    ) -> None:
        self.service = service
        self.told = told
        self.world = world
        self.certificate = certificate
        """None without TLS."""
        self._doing: Mapping[str, Callable[..., object]] = {
            name: getattr(self, f"_{name}") for name in ACTIONS
        }

    @property
    def stations(self) -> Sequence[Station]:
        return tuple(self.service.stations.values())

    @property
    def log(self) -> Sequence[Logged]:
        """The last requests, as they came."""
        return self.service.log

    @property
    def url(self) -> str:
        """The cloud's base address."""
        scheme = "http" if self.certificate is None else "https"
        return f"{scheme}://{self._address}/"

    @property
    def _address(self) -> str:
        return written(self.listener.host, self.listener.port, usual=0)

    @property
    def fingerprint(self) -> str | None:
        return None if self.certificate is None else self.certificate.fingerprint

    @property
    def endpoints(self) -> Mapping[str, int]:
        return {"franklinwh": self.listener.port}

    @property
    def ready(self) -> Json:
        cloud = self.told.cloud
        how = "plain=true" if self.fingerprint is None else f"fingerprint={quote(self.fingerprint)}"
        where = f"{quote(cloud.account, safe='')}@{self._address}"
        return {
            "url": f"franklinwh://{where}/{self.stations[0].serial}?{how}",
            "base_url": self.url,
            "account": cloud.account,
            "secret": cloud.password,
            "fingerprint": self.fingerprint,
            "certificate": None if self.certificate is None else str(self.certificate.cert_path),
            "gateways": [station.serial for station in self.stations],
        }

    def state(self) -> Json:
        self.world.catch_up()
        service = self.service
        return {
            "at": self.world.at.isoformat(),
            "model": self.told.profile.slug,
            "requests": service.requests,
            "logins": service.accounts.logins,
            "faults": dict(service.faults.happened),
            "gateways": [_shown(station) for station in self.stations],
        }

    async def act(self, action: str, **parameters: Any) -> Json:  # Any: JSON
        if action not in self._doing:
            raise ConfigError(f"no action is called {action!r}; there are {', '.join(self._doing)}.")
        self.world.catch_up()
        try:
            self._doing[action](**parameters)
        except (TypeError, ValueError) as error:
            raise ConfigError(f"{action}: {error}.") from None
        return self.state()

    def _station(self, serial: str) -> Station:
        if not serial:
            return self.stations[0]
        if serial not in self.service.stations:
            raise ConfigError(f"no gateway is called {serial!r}.")
        return self.service.stations[serial]

    def _outage(self, gateway: str = "") -> None:
        self._station(gateway).gateway.circuit.grid.fail()

    def _restore(self, gateway: str = "") -> None:
        self._station(gateway).gateway.circuit.grid.restore()

    def _off_grid(self, *, on: object = True, gateway: str = "") -> None:
        plant = self._station(gateway).gateway
        if not _is_on(on):
            plant.islanding.withdraw()
        elif not plant.leave_grid(plant.settings.floor_pct):
            raise ConfigError("there is too little in the packs to leave the street.")

    def _charge(self, soc_pct: float, gateway: str = "") -> None:
        self._station(gateway).gateway.packs.fill_to(float(soc_pct))

    def _sun(self, factor: float) -> None:
        self.world.weather.set_clouds(float(factor))

    def _plug_vehicle(
        self, power_w: float | None = None, direction: str | None = None, gateway: str = ""
    ) -> None:
        port = self._station(gateway).gateway.port
        if direction not in (None, "in", "out"):
            raise ConfigError(f"direction is in or out, not {direction!r}.")
        port.is_plugged = True
        port.rated_w = port.rated_w if power_w is None else float(power_w)
        port.feeds_in = port.feeds_in if direction is None else direction == "in"

    def _unplug_vehicle(self, gateway: str = "") -> None:
        self._station(gateway).gateway.port.is_plugged = False

    def _vehicle_fault(self, *, on: object = True, gateway: str = "") -> None:
        self._station(gateway).gateway.port.has_fault = _is_on(on)

    def _circuit(self, number: int, *, on: object = True, gateway: str = "") -> None:
        if int(number) not in (1, 2, 3):
            raise ConfigError(f"circuits are 1 to 3, not {number}.")
        self._station(gateway).gateway.circuits.switch(int(number), is_on=_is_on(on))

    def _start_generator(self, gateway: str = "") -> None:
        plant = self._station(gateway).gateway
        if plant.port.is_on or not plant.genset.start(Why.HAND):
            raise ConfigError(
                "the generator does not start: none is fitted and ready, or the port is in use."
            )

    def _stop_generator(self, gateway: str = "") -> None:
        self._station(gateway).gateway.genset.stop()

    def _fuel(self, fuel_l: float, gateway: str = "") -> None:
        self._station(gateway).gateway.genset.engine.fuel_l = max(0.0, float(fuel_l))

    def _generator_fault(self, code: str = "1020", gateway: str = "") -> None:
        self._station(gateway).gateway.genset.fail(str(code))

    def _clear_generator_fault(self, gateway: str = "") -> None:
        self._station(gateway).gateway.genset.clear()

    def _alarm(self, code: str, gateway: str = "") -> None:
        self._station(gateway).gateway.raise_alarm(str(code))

    def _clear_alarms(self, gateway: str = "") -> None:
        self._station(gateway).gateway.alarms.clear()

    def _clock(self, offset_s: float, gateway: str = "") -> None:
        self._station(gateway).gateway.clock_offset_s = max(-1e9, min(float(offset_s), 1e9))

    def _storm(self, *, on: object = True, gateway: str = "") -> None:
        self._station(gateway).gateway.settings.storm.is_here = _is_on(on)

    def _offline(self, gateway: str = "") -> None:
        self._station(gateway).is_offline = True

    def _online(self, gateway: str = "") -> None:
        self._station(gateway).come_back()

    def _token_expire(self) -> None:
        self.service.accounts.forget()

    def _kick(self) -> None:
        self.listener.drop()

    def _fault(self, name: object, **parameters: object) -> None:
        self.service.faults.ask(name, parameters)

    def _clear_faults(self) -> None:
        self.service.faults.clear()


def _is_on(value: object) -> bool:
    return str(value).lower() in ("true", "1", "on", "yes")


def _shown(station: Station) -> Json:
    plant = station.gateway
    return {
        "serial": station.serial,
        "is_offline": station.is_offline,
        "queued": len(station.queue),
        "busiest_tunnel": station.busiest,
        "soc_pct": round(plant.packs.soc_pct, 3),
        "mode": plant.settings.work_mode.name.lower(),
        "reserve_pct": plant.settings.reserve_pct,
        "phase": plant.islanding.phase.value,
        "is_energised": plant.circuit.bus.energised,
        "generator": {
            "state": plant.genset.state.name.lower(),
            "power_w": round(plant.genset.power_w, 1),
            "fuel_l": round(plant.genset.engine.fuel_l, 3),
        },
        "v2l": {"state": plant.port.state.name.lower(), "power_w": round(plant.port.power_w, 1)},
        "circuits": [circuit.is_on for circuit in plant.circuits.all],
        "alarms": sorted(plant.alarms),
        "flows": {name: round(value, 1) for name, value in plant.flows._asdict().items()},
        "today_wh": {name: round(v, 1) for name, v in msgspec.structs.asdict(plant.ledger.now).items()},
    }
