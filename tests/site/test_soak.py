"""F46: a month of a home whose lines and devices fail at the rates seen in the field."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import linear_regression
from typing import Final

import pytest

from ohmstead.app.home import HOMES, Home
from ohmstead.gateway import Gateway, Order
from ohmstead.kit.link import TaskScope
from ohmstead.model import DeviceId, Envelope, ScaledClock
from ohmstead.testing import elapse, run
from tests.site.bench import Bench, bench
from tests.site.charging import mistold, told
from tests.site.judging import Given, falling, in_force, lost, not_found, unsafe, unserved
from tests.site.tormenting import spoil_answers, torment

SPEED: Final = 60.0
DAYS: Final = 30
LEAST_DAYS: Final = 3
DAY_S: Final = 86_400 / SPEED
HOUR_S: Final = 3_600 / SPEED
MIB: Final = 1024 * 1024
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
WEEK_MIB: Final = 1.0
FILLED_DAYS: Final = 10
"""What simulated devices remember of the last week, and SQLite's page caches of 2 MiB, are full by then."""
YOUNG_MIB_A_DAY: Final = 1.0
"""So much these take until then."""
GRAIN_MIB: Final = 1.0
"""Python takes memory from the system in pieces of this size."""
DESCRIPTORS: Final = 4
"""Of one connection through a line: both its ends, here and there."""
HOLD_S: Final = 10 / SPEED
"""Who holds the button on a charger's handle for 5 s has its access point a moment later."""
HELD: Final = 0.8
"""Share of limits for which somebody has gone to the charger and held its button. Others wait for the next who does."""
NEVER: Final = frozenset({"leaves_grid", "calibrates", "limits_charger_power"})
"""A home that stays off its grid, or a battery that is emptied for days, has little else to tell; and a limit in W is a
limit in A.
"""


class Books:
    """What the month is judged by."""

    def __init__(self) -> None:
        self.memory_mib: list[float] = []
        self.descriptors: list[int] = []
        self.given: list[Given] = []
        self.lost: list[str] = []
        self.fallen: list[str] = []
        self.unsafe: list[str] = []
        self.moves = 0
        self.not_found: list[str] = []
        self.told = 0

    def look(self) -> None:
        gc.collect()
        self.memory_mib.append(int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / MIB)
        self.descriptors.append(sum(1 for _ in Path("/proc/self/fd").iterdir()))


def any_value(envelope: Envelope, random: Random) -> float:
    """Within what the device allows, and now and then outside."""
    low, high = envelope.allowed[0].low, envelope.allowed[-1].high
    if random.random() < 0.3:
        return random.choice([low - 1.5, high + 1.5, 10 * high + 1, math.nan, math.inf])
    interval = random.choice(envelope.allowed)
    return round(random.uniform(interval.low, interval.high), 1)


async def command(site: Bench, gateway: Gateway, books: Books, random: Random) -> None:
    """What a household might want of any of its devices."""
    able = [
        (status.id, ability, envelope)
        for status in gateway.devices()
        for ability, envelope in status.abilities.items()
        if ability not in NEVER
    ]
    if not able:
        return
    device, ability, envelope = random.choice(able)
    value = any_value(envelope, random)
    source = device.partition("/")[0]
    if source in site.access_points and random.random() < HELD:
        await site.simulators[source].act("button", hold_s=5)
        await elapse(HOLD_S)
    order = Order(device=DeviceId(device), ability=ability, value=value, origin="soak")
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    receipt = await gateway.commands.execute(order)
    books.given.append(
        Given(order=order, envelope=envelope, receipt=receipt, began_s=began_s, ended_s=loop.time())
    )


async def endure(site: Bench, gateway: Gateway, books: Books, days: float) -> None:
    random = Random(46)
    async with TaskScope() as scope:
        for name in site.lines:
            scope.start(torment(site, name, DAY_S))
        for hour in range(int(days * 24)):
            await elapse(random.uniform(0.5, 1.5) * HOUR_S)
            await command(site, gateway, books, random)
            if hour % 24 == 23:
                books.look()


async def live(home: Home, directory: Path, days: float) -> Books:
    clock, books = ScaledClock(home.morning, SPEED), Books()
    async with bench(home, directory, clock, control=True) as site:
        async with site.open() as gateway:
            await spoil_answers(site)
            await elapse(HOUR_S)
            books.look()
            started = clock.now()
            await endure(site, gateway, books, days)
            await elapse(2 * HOUR_S)
            books.look()
            books.lost = await lost(gateway, started, clock.now())
            books.fallen = await falling(gateway, started, clock.now())
            for name, line in site.lines.items():
                books.moves += len(line.moved_at_s)
                books.not_found += await not_found(gateway, name, line)
        for name, line in site.lines.items():
            books.unsafe += unsafe(name, line, books.given)
        for name, line in site.access_points.items():
            books.told += len(told(line))
            books.unsafe += mistold(name, line, books.given, SPEED)
        await elapse(HOUR_S)
        books.unsafe += in_force(site, books.given)
    return books


def slope_mib(memory_mib: list[float]) -> float:
    """Of a week, by days."""
    return 7 * linear_regression(range(len(memory_mib)), memory_mib).slope


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """The log goes where a service's does. pytest keeps each record, and with an error all that was at hand where it was
    raised: over a month that looks like a leak. It listens wherever a test begins, so this is no fixture.
    """
    logger, handler = logging.getLogger("ohmstead"), logging.FileHandler(path)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = True
        handler.close()


@pytest.mark.soak
@pytest.mark.parametrize("name", HOMES)
def test_f46_a_month_of_field_faults_loses_no_sample_and_grows_no_memory(
    name: str, tmp_path: Path, soak: float, record_property: Callable[[str, object], None]
) -> None:
    days = max(DAYS * soak, LEAST_DAYS)
    with logging_to(tmp_path / "log.txt"):
        books = run(live(HOMES[name], tmp_path, days), longest_processor_s=6_000)
    record_property("memory_mib", books.memory_mib)
    record_property("descriptors", books.descriptors)
    record_property("receipts", dict(Counter(str(one.receipt.outcome) for one in books.given)))
    record_property("moves", books.moves)
    record_property("told_to_chargers", books.told)
    assert books.moves > 0
    assert books.not_found == []
    assert books.told > 0
    assert books.lost == []
    assert books.fallen == []
    assert books.unsafe == []
    spare = DESCRIPTORS * len(HOMES[name].devices)
    assert abs(books.descriptors[-1] - books.descriptors[0]) <= spare
    assert max(books.descriptors) <= books.descriptors[0] + 2 * spare
    young, full = books.memory_mib[1 : FILLED_DAYS + 1], books.memory_mib[FILLED_DAYS:]
    assert young[-1] - young[0] <= YOUNG_MIB_A_DAY * (len(young) - 1) + GRAIN_MIB
    if len(full) > 7:
        assert slope_mib(full) <= WEEK_MIB


def test_a_poll_that_is_neither_stored_nor_in_a_gap_is_lost() -> None:
    assert unserved(range(10), {}, [0, 1, 2, 4, 5, 6, 7, 8, 9]) == [3]
    assert unserved(range(10), {3}, [0, 1, 2, 4, 5, 6, 7, 8, 9]) == []
    # What was due in 3 was answered in 4, and so was what was due then.
    assert unserved(range(10), {}, [0, 1, 2, 4, 4, 5, 6, 7, 8, 9]) == []
    assert unserved(range(10), {}, [0, 1, 3, 3, 4, 5, 6, 8, 9]) == [7]
