"""Starts units from the options of `ohmstead simulate`."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from ohmstead.families.tesla_wall_connector.simulator.faults import Faults
from ohmstead.families.tesla_wall_connector.simulator.identity import identity
from ohmstead.families.tesla_wall_connector.simulator.pairing import group
from ohmstead.families.tesla_wall_connector.simulator.profiles import MINUTE_S, PROFILES, Profile
from ohmstead.families.tesla_wall_connector.simulator.running import RunningUnits
from ohmstead.families.tesla_wall_connector.simulator.serving import LATENCY_S, Quirks, Web
from ohmstead.families.tesla_wall_connector.simulator.sharing import LEAST_A, MOST_UNITS
from ohmstead.families.tesla_wall_connector.simulator.sharing_port import GetAuthority, authority_at
from ohmstead.families.tesla_wall_connector.simulator.station import Station
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.families.tesla_wall_connector.simulator.vehicle import Kind, Vehicle
from ohmstead.kit.link import TaskScope, listen
from ohmstead.kit.link.http_serving import serve_http
from ohmstead.kit.world import World
from ohmstead.kit.world.commute import Commute
from ohmstead.model import ConfigError, SimulatorOptions

NAME: Final = "tesla-wall-connector"


@asynccontextmanager
async def simulate(options: SimulatorOptions, world: World) -> AsyncIterator[RunningUnits]:
    """Units on ports of `options.host` and on the world's main circuit, until the block is left."""
    if options.capture:
        raise ConfigError("this simulator has no --from: it starts from no recording.")
    profile = _profile(options.model)
    extras = options.extras
    units = _units(profile, options, world)
    attached: list[str] = []
    try:
        async with AsyncExitStack() as stack:
            scope = await stack.enter_async_context(TaskScope())
            stations = []
            authority = authority_at(world.clock.now())
            for number, unit in enumerate(units):
                station = _station(unit, options, world, authority)
                port = options.port if number == 0 else 0
                await _open(station, stack, options.host, port)
                await _open_meter_line(station, stack, scope, options)
                stations.append(station)
            for unit in units:
                world.attach(unit.name, unit)
                attached.append(unit.name)
            running = RunningUnits(stations, world)
            if extras.get("plugged") == "true":
                units[0].vehicle.car.plug()
            for station in stations:
                scope.start(station.lan.doze())
            scope.start(running.watch())
            yield running
    finally:
        for name in attached:
            world.detach(name)


async def _open(station: Station, stack: AsyncExitStack, host: str, port: int) -> None:
    lan, access_point = station.lan, station.access_point
    lan.listener = await stack.enter_async_context(serve_http(lan.answer, host, port))
    access_point.listener = await stack.enter_async_context(serve_http(access_point.answer, host, 0))
    station.sharing_listener = await stack.enter_async_context(listen(station.sharing.serve, host, 0))


async def _open_meter_line(
    station: Station, stack: AsyncExitStack, scope: TaskScope, options: SimulatorOptions
) -> None:
    """Over TCP, or as a pseudo-terminal that another program opens like a serial adapter."""
    if station.meter is None:
        return
    if options.extras.get("rs485") != "pty":
        station.meter_listener = await stack.enter_async_context(listen(station.meter.serve, options.host, 0))
        return
    from ohmstead.kit.link.serial import SerialLink, pseudo_terminal  # noqa: PLC0415 - not every system has one

    descriptor, station.meter_path = stack.enter_context(pseudo_terminal())
    link = SerialLink(descriptor, station.meter_path)
    stack.push_async_callback(link.close)
    scope.start(station.meter.serve(link))


def _profile(model: str) -> Profile:
    slug = model or next(iter(PROFILES))
    if slug not in PROFILES:
        raise ConfigError(f"no model is called {slug!r}; there are {', '.join(PROFILES)}.")
    return PROFILES[slug]


def _units(profile: Profile, options: SimulatorOptions, world: World) -> list[Unit]:
    extras, name = options.extras, options.name or NAME
    count = int(_number(extras, "units", 1))
    if not 1 <= count <= MOST_UNITS:
        raise ConfigError(f"units are 1 to {MOST_UNITS}, not {count}.")
    units = []
    for number in range(count):
        own = name if number == 0 else f"{name}-{number + 1}"
        who = identity(profile, options.seed, number, world.random(f"{own}/identity"))
        unit = Unit(profile, who, world, own)
        unit.vehicle = _vehicle(profile, extras, world)
        unit.handle_alert = int(_number(extras, "handle-alert", 0))
        unit.window.page_extends_s = _number(extras, "page-extends", 10.0) * MINUTE_S
        units.append(unit)
    if limit_a := _number(extras, "network-limit", 0):
        if count == 1 or limit_a < LEAST_A * count:
            raise ConfigError(f"a group is two units at least, with {LEAST_A} A for each.")
        group(units, int(limit_a))
    return units


def _vehicle(profile: Profile, extras: Mapping[str, str], world: World) -> Vehicle:
    wiring = profile.wiring
    try:
        kind = Kind(extras.get("car") or Kind.TESLA)
    except ValueError:
        raise ConfigError(f"car is one of {', '.join(Kind)}, not {extras['car']!r}.") from None
    vehicle = Vehicle(
        kind,
        _number(extras, "request", wiring.car_a),
        soc_pct=_number(extras, "soc", 40.0),
        phases=wiring.phases,
    )
    if extras.get("commute") == "true":
        vehicle.car.commute = Commute(world.place)
    return vehicle


def _station(unit: Unit, options: SimulatorOptions, world: World, authority: GetAuthority) -> Station:
    extras = options.extras
    faults = Faults(world.random(f"{unit.name}/faults"), options.faults)
    is_fast = extras.get("latency") == "none"
    quirks = Quirks(
        latency_s=(0.0, 0.0) if is_fast else LATENCY_S,
        truncation=_number(extras, "truncation", 0.02),
        drop_outs=_number(extras, "drop-outs", 0.15),
    )
    if not (0.0 <= quirks.truncation <= 1.0 and 0.0 <= quirks.drop_outs < 1.0):
        raise ConfigError("truncation and drop-outs are shares, from 0 to 1.")
    turn = asyncio.Lock()
    lan, access_point = (
        Web(unit, faults, quirks, world.random(f"{unit.name}/{side}"), turn) for side in ("lan", "ap")
    )
    return Station(unit, lan, access_point, authority)


def _number(extras: Mapping[str, str], name: str, otherwise: float) -> float:
    text = extras.get(name) or str(otherwise)
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise ConfigError(f"{name} is a number, not {text!r}.")
    return found
