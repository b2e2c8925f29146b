"""Starts a cloud from the options of `ohmstead simulate`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ohmstead.families.franklinwh.facts.codes import LEGACY_PROGRAMMES
from ohmstead.families.franklinwh.simulator import control
from ohmstead.families.franklinwh.simulator.cloud.accounts import Accounts
from ohmstead.families.franklinwh.simulator.cloud.faults import Faults
from ohmstead.families.franklinwh.simulator.cloud.latency import Latency
from ohmstead.families.franklinwh.simulator.cloud.replay import read_replay
from ohmstead.families.franklinwh.simulator.cloud.service import Service
from ohmstead.families.franklinwh.simulator.cloud.station import Station
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.plant.profiles import (
    PROGRAMMES,
    SECOND_PROGRAMMES,
    identity,
)
from ohmstead.families.franklinwh.simulator.plant.street import DarkStreet
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.families.franklinwh.simulator.setup import Setup, setup
from ohmstead.kit.link.http_serving import serve_http
from ohmstead.kit.link.tls import Certificate, certificate_files, serving_context
from ohmstead.kit.world import Household, World
from ohmstead.kit.world.bus import Terminal
from ohmstead.model import SimulatorOptions

HOST: Final = "energy.franklinwh.com"
"""The certificate is good for the vendor's name too, for clients that know no other."""


@asynccontextmanager
async def simulate(options: SimulatorOptions, world: World) -> AsyncIterator[RunningCloud]:
    """A cloud on a port of `options.host`, its gateways in the simulated home, until the block is left."""
    told = setup(options)
    async with AsyncExitStack() as stack:
        stations = [
            _station(told, options, world, number, stack) for number in range(len(told.profile.sites))
        ]
        certificate = None if told.is_plain else _certificate(stack, options.host)
        tls = None if certificate is None else serving_context(certificate)
        service = Service(
            world,
            stations,
            told.cloud,
            accounts=Accounts(told.cloud, world.random(f"{told.name}/accounts")),
            faults=Faults(world.random(f"{told.name}/faults"), options.faults),
            waits=Latency(told.cloud.latency_scale, world.random(f"{told.name}/latency")),
            replay=read_replay(Path(options.capture)) if options.capture else None,
        )
        running = RunningCloud(service, told, world, certificate=certificate)
        running.listener = await stack.enter_async_context(
            serve_http(partial(control.answer, running), options.host, options.port, tls=tls)
        )
        yield running


def _station(
    told: Setup, options: SimulatorOptions, world: World, number: int, stack: AsyncExitStack
) -> Station:
    """The first gateway is on the circuit it is told, a further one on a circuit of its own with a household."""
    name = told.name if number == 0 else f"{told.name}-{number + 1}"
    circuit = world.circuit(told.circuit if number == 0 else name)
    site = told.profile.sites[number]
    programmes = (PROGRAMMES, SECOND_PROGRAMMES)[number % 2]
    gateway = Gateway(
        site,
        told.profile.region,
        identity(site, options.seed, number),
        world,
        circuit,
        programmes=LEGACY_PROGRAMMES if told.has_legacy_ids else programmes,
        options=told.plant,
    )
    if number > 0 or told.brings_household:
        household = Household(world.place, seed=options.seed + number)
        stack.callback(_attached(world, f"{name}/household", household, circuit.name))
    stack.callback(_attached(world, name, gateway, circuit.name))
    if told.dark is not None:
        street = DarkStreet(circuit.grid, told.dark, gateway.zone)
        stack.callback(_attached(world, f"{name}/street", street, circuit.name))
    stack.callback(setattr, circuit.grid, "is_connected", True)
    return Station(gateway, noise_w=told.noise_w)


def _attached(world: World, name: str, terminal: Terminal, circuit: str) -> Callable[[], None]:
    """Joined to its circuit; what is returned takes it off again."""
    world.attach(name, terminal, circuit)
    return partial(world.detach, name)


def _certificate(stack: AsyncExitStack, host: str) -> Certificate:
    directory = Path(stack.enter_context(TemporaryDirectory(prefix="ohmstead-franklinwh-")))
    return certificate_files(directory, ("localhost", "127.0.0.1", HOST, host))
