"""What a family's simulator promises."""

from __future__ import annotations

import asyncio

import msgspec

from ohmstead.testing.contract.bench import at_home, read_once, simulated
from ohmstead.testing.contract.promise import Subject, expect


async def the_simulator_listens_and_shows_its_state(subject: Subject) -> None:
    async with simulated(subject) as home:
        ports = home.simulator.endpoints
        expect(ports and all(0 < port < 0x10000 for port in ports.values()), f"the endpoints are {ports}")
        expect(len(msgspec.json.encode(home.simulator.state())) > 2, "the state is empty")
        for name, action in home.simulator.actions.items():
            expect(action.help, f"the action {name!r} does not say what it does")
            expect(all(action.parameters.values()), f"a parameter of {name!r} does not say what it means")


async def the_simulator_takes_the_port_it_is_given_and_gives_it_back(subject: Subject) -> None:
    async with simulated(subject) as home:
        port = next(iter(home.simulator.endpoints.values()))
    async with simulated(subject, port) as home:
        found = next(iter(home.simulator.endpoints.values()))
        expect(found == port, f"asked for port {port}, the simulator listens on {found}")


async def the_simulator_leaves_nothing_behind(subject: Subject) -> None:
    before = asyncio.all_tasks()
    async with simulated(subject):
        pass
    left = asyncio.all_tasks() - before
    expect(not left, f"tasks go on after the simulator ended: {left}")


async def the_same_seed_makes_the_same_devices(subject: Subject) -> None:
    serials = []
    for _ in range(2):
        async with at_home(subject) as (_home, source):
            await read_once(source)
            serials.append({info.serial for info in source.devices().values()})
    expect(serials[0] == serials[1], f"two runs with one seed are different devices: {serials}")
