"""F46: a month of a home whose lines and devices fail at the rates seen in the field."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

import pytest

from ohmstead.app.home import HOMES, Home
from ohmstead.gateway import Gateway, Order
from ohmstead.kit.link import TaskScope
from ohmstead.model import DeviceId, Outcome, ScaledClock
from ohmstead.testing import elapse, run
from tests.site.bench import Bench, Line, bench, unaccounted

SPEED: Final = 60.0
DAYS: Final = 30
LEAST_DAYS: Final = 3
DAY_S: Final = 86_400 / SPEED
HOUR_S: Final = 3_600 / SPEED
MIB: Final = 1024 * 1024
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
WEEK_MIB: Final = 1.0
DESCRIPTORS: Final = 4
"""Of one connection through a line: both its ends, here and there."""
FLIPS: Final = 1 / 300
"""Messages with a wrong bit; lines whose frames have a checksum can tell."""
CHECKED: Final = ("roof", "garage", "battery")


async def cut(line: Line, random: Random) -> None:
    line.listener.drop()


async def refuse(line: Line, random: Random) -> None:
    await line.refuse(random.uniform(1, 20))


async def silence(line: Line, random: Random) -> None:
    await line.silence(random.uniform(1, 10))


async def flap(line: Line, random: Random) -> None:
    for _ in range(30):
        line.listener.drop()
        await asyncio.sleep(1)


async def go_away(line: Line, random: Random) -> None:
    """For 24 hours, as a cloud or a device that is at the repair shop."""
    await line.refuse(DAY_S)


FAULTS: Final[tuple[tuple[Callable[[Line, Random], Awaitable[None]], float], ...]] = (
    (cut, 2.0),
    (refuse, 1.0),
    (silence, 0.5),
    (flap, 0.1),
    (go_away, 0.03),
)
"""And how often a day each line suffers it."""
KICKS: Final = 0.5
"""Times a day that a device itself breaks its connections off."""


async def torment(site: Bench, name: str) -> None:
    line, random = site.lines[name], Random(f"{name}/1")
    line.flips = FLIPS if name in CHECKED else 0.0
    kinds = [*(fault for fault, _ in FAULTS), None]
    rates = [*(rate for _, rate in FAULTS), KICKS]
    while True:
        await asyncio.sleep(random.expovariate(sum(rates)) * DAY_S)
        (fault,) = random.choices(kinds, rates)
        if fault is None:
            await site.simulators[name].act("kick")
        else:
            await fault(line, random)


class Books:
    """What the month is judged by."""

    def __init__(self) -> None:
        self.memory_mib: list[float] = []
        self.descriptors: list[int] = []
        self.unsafe: list[str] = []

    def look(self) -> None:
        gc.collect()
        self.memory_mib.append(int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / MIB)
        self.descriptors.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))


async def command(gateway: Gateway, books: Books, random: Random) -> None:
    """One limit within what the device allows, and one outside it."""
    able = [status for status in gateway.devices() if "limits_solar" in status.abilities]
    if not able:
        return
    device = DeviceId(random.choice(able).id)
    for value in (float(random.randint(30, 100)), 250.0):
        order = Order(device=device, ability="limits_solar", value=value, origin="soak")
        receipt = await gateway.commands.execute(order)
        if value > 100 and receipt.outcome is not Outcome.REFUSED:
            books.unsafe.append(f"{value} became {receipt}")


async def live(home: Home, directory: Path, days: float) -> tuple[Books, list[str], Bench]:
    clock, books, random = ScaledClock(home.morning, SPEED), Books(), Random(46)
    async with bench(home, directory, clock, control=True) as site, site.open() as gateway:
        await elapse(HOUR_S)
        books.look()
        started = clock.now()
        async with TaskScope() as scope:
            for name in site.lines:
                scope.start(torment(site, name))
            for hour in range(int(days * 24)):
                await elapse(HOUR_S)
                if hour % 8 == 0:
                    await command(gateway, books, random)
                if hour % 24 == 23:
                    books.look()
        await elapse(HOUR_S)
        books.look()
        lost = await unaccounted(gateway, started, clock.now(), timedelta(minutes=10))
        return books, lost, site


@pytest.mark.soak
@pytest.mark.parametrize("name", HOMES)
def test_f46_a_month_of_field_faults_loses_no_sample_and_grows_no_memory(
    name: str, tmp_path: Path, soak: float, record_property: Callable[[str, object], None]
) -> None:
    days = max(DAYS * soak, LEAST_DAYS)
    books, lost, site = run(live(HOMES[name], tmp_path, days), longest_real_s=3_000)
    assert lost == []
    assert books.unsafe == []
    assert abs(books.descriptors[-1] - books.descriptors[0]) <= DESCRIPTORS * len(site.lines)
    assert max(books.descriptors) <= books.descriptors[0] + 2 * DESCRIPTORS * len(site.lines)
    first_mib = books.memory_mib[len(books.memory_mib) // 3]  # once every cache has filled
    weeks = (len(books.memory_mib) - len(books.memory_mib) // 3) / 7
    record_property("memory_mib", books.memory_mib)
    record_property("descriptors", books.descriptors)
    assert books.memory_mib[-1] - first_mib <= max(WEEK_MIB * weeks, 8.0)
