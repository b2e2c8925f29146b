"""From the options of the command line to a running simulator: a DTU, a storage gateway, or a cloud."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from ohmstead.families.hoymiles.simulator.addresses import server
from ohmstead.families.hoymiles.simulator.answers import ANSWERS
from ohmstead.families.hoymiles.simulator.cloud import RunningCloud, simulate_cloud
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.simulator.profiles import InverterModel, Profile, profile
from ohmstead.families.hoymiles.simulator.recorded import Recorded, begin_as, recorded
from ohmstead.families.hoymiles.simulator.reporting import nobody
from ohmstead.families.hoymiles.simulator.running import RunningDtu
from ohmstead.families.hoymiles.simulator.service import Answering, Service
from ohmstead.families.hoymiles.simulator.storage import StorageGateway
from ohmstead.families.hoymiles.simulator.storage_answers import STORAGE_ANSWERS
from ohmstead.families.hoymiles.simulator.unit import Unit
from ohmstead.kit.link import Dial, TaskScope, listen, tcp
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, SimulatorOptions

MOST_INVERTERS: Final = 99
"""What a DTU-Pro-S manages, by the vendor's data sheet."""


@asynccontextmanager
async def simulate(options: SimulatorOptions, world: World) -> AsyncIterator[RunningDtu | RunningCloud]:
    """What the options say, on a port of `options.host`, until the block is left. Raises `ConfigError`."""
    role = options.extras.get("role", "dtu")
    if role == "cloud":
        for name, value in (
            ("--model", options.model),
            ("--cloud", options.extras.get("cloud", "")),
            ("--from", options.capture),
        ):
            if value:
                raise ConfigError(f"{name} is for the role of a DTU; leave it away with --role cloud.")
        async with simulate_cloud(options, world) as cloud:
            yield cloud
    elif role == "dtu":
        async with simulate_dtu(options, world) as dtu:
            yield dtu
    else:
        raise ConfigError(f"no role is called {role!r}; there are dtu, cloud.")


@asynccontextmanager
async def simulate_dtu(options: SimulatorOptions, world: World) -> AsyncIterator[RunningDtu]:
    """A DTU or a storage gateway, feeding the world's main circuit."""
    name = options.name or "hoymiles"
    dial, cloud = _cloud(options.extras)
    dtu, answers = _unit(options, world, name)
    service = Service(dtu, Faults(world.random(f"{name}/faults"), options.faults), answers)
    leaves = options.extras.get("night") == "leave" and dtu.profile.is_built_in
    world.attach(name, dtu)
    try:
        async with listen(service.serve, options.host, options.port) as listener, TaskScope() as scope:
            running = RunningDtu(dtu, service, listener, leaves_at_night=leaves, cloud=cloud)
            await running.begin(scope, dial)
            yield running
    finally:
        world.detach(name)


def _cloud(extras: Mapping[str, str]) -> tuple[Dial | None, str | None]:
    """The dial and its address in words."""
    target = extras.get("cloud", "")
    if target:
        host, port = server(target, "--cloud", allow_vendor=extras.get("allow-vendor-cloud") == "true")
        return tcp(host, port), f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return (nobody, None) if extras.get("outages") == "true" else (None, None)


def _unit(options: SimulatorOptions, world: World, name: str) -> tuple[Unit, Mapping[int, Answering]]:
    is_clock_set = options.extras.get("clock") == "set"
    found = recorded(Path(options.capture)) if options.capture else None
    chosen = profile(options.model or (found.profile if found is not None else ""))
    if chosen.is_storage:
        if found is not None:
            raise ConfigError("a storage gateway cannot start from a capture; leave --from away.")
        gateway = StorageGateway(chosen, world, name=name, is_clock_set=is_clock_set)
        gateway.settle()
        return gateway, STORAGE_ANSWERS
    return _dtu(options.extras, world, name, chosen, found, is_clock_set=is_clock_set), ANSWERS


def _dtu(
    extras: Mapping[str, str],
    world: World,
    name: str,
    chosen: Profile,
    found: Recorded | None,
    *,
    is_clock_set: bool,
) -> Dtu:
    models = _models(extras.get("inverters", ""), chosen) if found is None else found.models
    dtu = Dtu(
        chosen,
        world,
        name=name,
        models=models,
        has_meter=extras.get("meter") == "true",
        is_clock_set=is_clock_set,
    )
    dtu.settle()
    if found is not None:
        begin_as(dtu, found)
    dtu.datasets.needs_poll_all = extras.get("needs-poll-all") == "true"
    return dtu


def _models(count: str, chosen: Profile) -> tuple[InverterModel, ...]:
    """The profile's hardware, or so many of its first inverter."""
    if not count:
        return chosen.inverters
    if not (count.isascii() and count.isdigit() and 0 < int(count) <= MOST_INVERTERS):
        raise ConfigError(f"--inverters is a number from 1 to {MOST_INVERTERS}, not {count!r}.")
    return (chosen.inverters[0],) * int(count)
