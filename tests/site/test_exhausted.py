"""F41: what this machine has is used up. What stands goes on, visitors go before devices do, and all comes back by itself."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import aiohttp

from ohmstead.api import serve
from ohmstead.app.home import HOMES
from ohmstead.kit.tokens import Gate, TokenStore
from ohmstead.model import ScaledClock
from ohmstead.polling import HealthState, Trouble
from ohmstead.testing import elapse, warped
from tests.site.bench import bench, only
from tests.site.judging import lost

HOME: Final = only(HOMES["eu"], "roof", "battery", "workshop")


@contextmanager
def no_more_descriptors(most: int = 1) -> Iterator[None]:
    """Those that are open stay; the kernel gives no other above so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def all_descriptors_taken() -> Iterator[None]:
    """What is free now is taken; what becomes free may be had."""
    with no_more_descriptors(1 + max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())):
        taken: list[int] = []
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        try:
            yield
        finally:
            for number in taken:
                os.close(number)


@warped
async def test_f41_without_descriptors_standing_connections_go_on_and_the_rest_comes_back(
    tmp_path: Path,
) -> None:
    async with bench(HOME, tmp_path, ScaledClock(HOME.morning)) as site, site.open() as gateway:
        await elapse(60)
        started = site.clock.now()
        with no_more_descriptors():
            site.lines["roof"].listener.drop()
            await elapse(120)
            health = {status.source: status.health for status in gateway.devices()}
            reasons = {status.source: status.reason for status in gateway.devices()}
        await elapse(120)
        recovered = {status.health for status in gateway.devices()}
        missing = await lost(gateway, started, site.clock.now())
    assert (health["battery"], health["workshop"]) == (HealthState.GOOD, HealthState.GOOD)
    assert health["roof"] is HealthState.UNREACHABLE
    assert "Too many open files" in reasons["roof"]
    assert recovered == {HealthState.GOOD}
    assert missing == []


VISITORS: Final = 40


async def visit(url: str) -> None:
    """Listen to the live stream until it ends."""
    async with aiohttp.ClientSession(url) as session, session.ws_connect("/api/v1/live") as stream:
        async for _ in stream:
            pass


@warped
async def test_f41_visitors_go_so_that_a_device_can_come_back(tmp_path: Path) -> None:
    gate = Gate(TokenStore(tmp_path / "tokens.json"), ScaledClock(HOME.morning))
    async with (
        bench(HOME, tmp_path, ScaledClock(HOME.morning)) as site,
        site.open() as gateway,
        serve(gateway, gate=gate, directory=tmp_path) as served,
        asyncio.TaskGroup() as group,
    ):
        visitors = [group.create_task(visit(served.url)) for _ in range(VISITORS)]
        await elapse(60)
        assert [visitor.done() for visitor in visitors] == [False] * VISITORS
        site.lines["roof"].listener.drop()
        await elapse(0.1)
        with all_descriptors_taken():
            await elapse(60)
            seen = {status.health for status in gateway.devices()}
            findings = [finding.trouble for finding in gateway.findings()]
        gone = [visitor for visitor in visitors if visitor.done()]
        later = group.create_task(visit(served.url))
        await elapse(10)
        is_in_again = not later.done()
        for visitor in (*visitors, later):
            visitor.cancel()

    assert seen == {HealthState.GOOD}
    assert findings == [Trouble.SHORT]
    assert len(gone) >= 20
    assert is_in_again
