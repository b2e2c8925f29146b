"""Starts a charge point from the options of `ohmstead simulate`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from ohmstead.families.everest.schema.objects import ChargerInfoObj
from ohmstead.families.everest.server.serving import PROTOCOL
from ohmstead.families.everest.simulator.cars import SimulatedCar
from ohmstead.families.everest.simulator.configurations import Configuration, configuration
from ohmstead.families.everest.simulator.meter import Meter
from ohmstead.families.everest.simulator.outlet import Outlet
from ohmstead.families.everest.simulator.plugs import FIRST
from ohmstead.families.everest.simulator.running import RunningChargePoint, car_options
from ohmstead.families.everest.simulator.station import Station
from ohmstead.families.everest.wire import Mode
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.websocket_serving import serve_websocket
from ohmstead.kit.world import World
from ohmstead.kit.world.commute import Commute
from ohmstead.model import ConfigError, SimulatorOptions

NAME: Final = "everest"
ASKED: Final = "asked"


@asynccontextmanager
async def simulate(options: SimulatorOptions, world: World) -> AsyncIterator[RunningChargePoint]:
    """A charge point on a port of `options.host` and on the world's main circuit, until the block is left."""
    found = configuration(options.model)
    if options.faults:
        raise ConfigError("this simulator has no --fault; the control interface breaks and raises things.")
    if options.capture:
        raise ConfigError("this simulator has no --from: it starts from no recording.")
    outlets = [_outlet(found, number, options) for number in range(len(found.evses))]
    name = options.name or NAME
    async with TaskScope() as scope:
        station = Station(outlets, found.fuse_a, world.at, scope)
        station.publishes_every_s = max(1, round(world.clock.speed))
        running = RunningChargePoint(station, world, _who(options.seed), _mode(options), scope)
        running.host = options.host
        _place_car(outlets[0], options.extras, world)
        async with serve_websocket(
            running.serve, options.host, options.port, protocols=(PROTOCOL,)
        ) as listener:
            running.listener = listener
            world.attach(name, station)
            try:
                yield running
            finally:
                world.detach(name)


def _outlet(found: Configuration, number: int, options: SimulatorOptions) -> Outlet:
    kind = found.evses[number]
    serial, stream = f"MT{options.seed:04d}{kind.index:02d}", options.seed * 100 + kind.index
    meter = Meter(serial, stream, counts_export=kind.most_export_a > 0)
    identifier = f"DE*OHM*E{options.seed:05d}*{kind.index}"
    outlet = Outlet(kind, identifier, meter, is_free=options.extras.get("authorisation") != ASKED)
    outlet.vehicle = SimulatedCar(car_options({}, is_dc=kind.dc is not None))
    return outlet


def _place_car(outlet: Outlet, extras: Mapping[str, str], world: World) -> None:
    """The first EVSE's car, as the command line has it."""
    names = {"car": "kind", "soc": "soc_pct", "request": "most_a"}
    given = {member: extras[name] for name, member in names.items() if extras.get(name)}
    outlet.vehicle = SimulatedCar(car_options(given, is_dc=outlet.kind.dc is not None))
    if extras.get("commute") == "true":
        outlet.vehicle.car.commute = Commute(world.place)
    if extras.get("plugged") == "true":
        outlet.plug(FIRST)


def _mode(options: SimulatorOptions) -> Mode:
    said = options.extras.get("mode") or Mode.IMPROVED
    if said not in list(Mode):
        raise ConfigError(f"a mode is one of {', '.join(Mode)}, not {said!r}.")
    return Mode(said)


def _who(seed: int) -> ChargerInfoObj:
    return ChargerInfoObj(
        vendor="Ohmstead",
        model="Simulated charge point",
        serial=f"OHM-SIM-{seed:06d}",
        firmware_version="1.0.0",
        friendly_name="Simulated charge point",
    )
