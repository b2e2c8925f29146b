"""What an `async with` block promises: outside it nothing is asked, and it may be entered again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ohmstead.model import Misused, OhmsteadError
from ohmstead.testing.contract.bench import Traffic, opening, read_once, simulated
from ohmstead.testing.contract.orders import actuators
from ohmstead.testing.contract.promise import Broken, Subject, expect

AT_ONCE_S = 0.5
"""What a pause between two questions may take."""


async def what_is_used_outside_its_block_is_misused(subject: Subject) -> None:
    """Also what entering has read, and the first sample could have told."""
    traffic = Traffic()
    async with simulated(subject) as home:
        for polls in range(2):
            async with opening(subject, home.url, home.clock, traffic.tap) as source:
                for _ in range(polls):
                    await read_once(source)
                orders = actuators(source)
            tasks, sent_bytes = asyncio.all_tasks(), traffic.sent_bytes()
            async with _misused("reading"):
                await source.read()
            for device, name, envelope, act in orders:
                async with _misused(f"{name} of {device}"):
                    await act(envelope.check(envelope.allowed[-1].high))
            expect(traffic.sent_bytes() == sent_bytes, "something was sent outside the block")
            left = asyncio.all_tasks() - tasks
            expect(not left, f"tasks were started outside the block: {left}")


async def a_block_may_be_entered_again(subject: Subject) -> None:
    async with simulated(subject) as home:
        block = opening(subject, home.url, home.clock)
        found = []
        for _ in range(2):
            async with block as source:
                await read_once(source)
                found.append(set(source.devices()))
                async with _misused("entering it twice"), block:
                    pass
                await read_once(source)
        expect(found[0] == found[1], f"entered again, the devices are {found[1]} and no more {found[0]}")


@asynccontextmanager
async def _misused(what: str) -> AsyncIterator[None]:
    began_s = asyncio.get_running_loop().time()
    try:
        yield
    except Misused as error:
        lasted_s = asyncio.get_running_loop().time() - began_s
        expect("async with" in str(error), f"{what} does not say where it belongs: {error}")
        expect(lasted_s <= AT_ONCE_S, f"{what} took {lasted_s:g} s to be refused")
        return
    except (OhmsteadError, AttributeError) as error:  # the latter of contextlib's own blocks, entered again
        raise Broken(f"{what} raised {error!r} and not `Misused`") from error
    expect(kept=False, otherwise=f"{what} works outside its block")
