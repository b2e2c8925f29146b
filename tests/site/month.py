"""A month of a home whose lines and devices fail at the rates seen in the field, in a process of its own.

`python -m tests.site.month HOME FOLDER DAYS` lives it and prints what became of it as JSON: a process that has run other
tests before has memory to give away, and pytest keeps what is logged.
"""

from __future__ import annotations

import asyncio
import gc
import math
import os
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Final

import msgspec

from ohmstead.app.home import HOMES, Home
from ohmstead.gateway import Gateway, Order
from ohmstead.kit.link import TaskScope
from ohmstead.model import DeviceId, Envelope, ScaledClock
from ohmstead.testing import elapse, run
from tests.site.bench import Bench, bench
from tests.site.charging import mistold, told
from tests.site.judging import Given, falling, in_force, lost, not_found, unsafe
from tests.site.tormenting import spoil_answers, torment

SPEED: Final = 60.0
DAY_S: Final = 86_400 / SPEED
HOUR_S: Final = 3_600 / SPEED
MIB: Final = 1024 * 1024
PAGE: Final = os.sysconf("SC_PAGE_SIZE")
LONGEST_PROCESSOR_S: Final = 6_000.0
HOLD_S: Final = 10 / SPEED
"""Who holds the button on a charger's handle for 5 s has its access point a moment later."""
HELD: Final = 0.8
"""Share of limits for which somebody has gone to the charger and held its button. Others wait for the next who does."""
NEVER: Final = frozenset({"leaves_grid", "calibrates", "limits_charger_power"})
"""A home that stays off its grid, or a battery that is emptied for days, has little else to tell; and a limit in W is a
limit in A.
"""


class Month(msgspec.Struct, kw_only=True):
    """What it is judged by."""

    memory_mib: list[float] = []
    """After its first hour, after each day, and at its end."""
    descriptors: list[int] = []
    lost: list[str] = []
    fallen: list[str] = []
    unsafe: list[str] = []
    moves: int = 0
    not_found: list[str] = []
    told: int = 0
    """Limits that chargers were told."""
    receipts: dict[str, int] = {}

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


async def command(site: Bench, gateway: Gateway, random: Random) -> Given | None:
    """What a household might want of any of its devices."""
    able = [
        (status.id, ability, envelope)
        for status in gateway.devices()
        for ability, envelope in status.abilities.items()
        if ability not in NEVER
    ]
    if not able:
        return None
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
    return Given(order=order, envelope=envelope, receipt=receipt, began_s=began_s, ended_s=loop.time())


async def endure(site: Bench, gateway: Gateway, month: Month, days: float) -> list[Given]:
    random, given = Random(46), list[Given]()
    async with TaskScope() as scope:
        for name in site.lines:
            scope.start(torment(site, name, DAY_S))
        for hour in range(int(days * 24)):
            await elapse(random.uniform(0.5, 1.5) * HOUR_S)
            if (one := await command(site, gateway, random)) is not None:
                given.append(one)
            if hour % 24 == 23:
                month.look()
    return given


async def live(home: Home, directory: Path, days: float) -> Month:
    clock, month = ScaledClock(home.morning, SPEED), Month()
    async with bench(home, directory, clock, control=True) as site:
        async with site.open() as gateway:
            await spoil_answers(site)
            await elapse(HOUR_S)
            month.look()
            started = clock.now()
            given = await endure(site, gateway, month, days)
            await elapse(2 * HOUR_S)
            month.look()
            month.lost = await lost(gateway, started, clock.now())
            month.fallen = await falling(gateway, started, clock.now())
            for name, line in site.lines.items():
                month.moves += len(line.moved_at_s)
                month.not_found += await not_found(gateway, name, line)
        for name, line in site.lines.items():
            month.unsafe += unsafe(name, line, given)
        for name, line in site.access_points.items():
            month.told += len(told(line))
            month.unsafe += mistold(name, line, given, SPEED)
        await elapse(HOUR_S)
        month.unsafe += in_force(site, given)
    month.receipts = dict(Counter(str(one.receipt.outcome) for one in given))
    return month


def main(name: str, directory: str, days: str) -> None:
    month = run(live(HOMES[name], Path(directory), float(days)), longest_processor_s=LONGEST_PROCESSOR_S)
    sys.stdout.buffer.write(msgspec.json.encode(month))


if __name__ == "__main__":
    main(*sys.argv[1:])
