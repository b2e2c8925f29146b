"""The source under every fault, opened anew whenever it fails, as the house does: no reading is ever wrong.

The plant lies still, so a reading that differs from the first one is wrong. `SOAK=1` is a whole day.
"""

from __future__ import annotations

import asyncio
import gc
from collections import Counter
from datetime import UTC, datetime
from typing import Final

import msgspec
import pytest

from ohmstead.families.givenergy.config import GivEnergyConfig
from ohmstead.families.givenergy.device import connect
from ohmstead.families.givenergy.simulator import KINDS, RunningPlant, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import Fault, OhmsteadError, Reading, Sample, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, run

pytestmark = pytest.mark.soak

DAY_S: Final = 86_400.0
RARE: Final = {"drop-client", "reset-client", "half-open", "silent-window", "stale-replay", "topology-change"}
NEVER: Final = {"reboot"}
"""It comes and goes by itself in the day of the client; here it would only be an hour away."""
PAUSE_S: Final = 5.0


def faults() -> tuple[Fault, ...]:
    return tuple(
        Fault(kind, {"chance": "0.0005" if kind in RARE else "0.005"}) for kind in KINDS if kind not in NEVER
    )


class Diary:
    def __init__(self) -> None:
        self.first: dict[str, object] = {}
        self.wrong: list[str] = []
        self.polls = 0
        self.good = 0
        self.errors: Counter[str] = Counter()
        self.left: set[asyncio.Task[object]] = set()
        self.objects: list[int] = []

    def note(self, sample: Sample) -> None:
        self.good += bool(sample.readings)
        for reading in sample.readings:
            for name, value in said(reading).items():
                if value is not None and self.first.setdefault(name, value) != value:
                    self.wrong.append(f"{sample.at:%H:%M:%S} {name} is {value}, and was {self.first[name]}")


def said(reading: Reading) -> dict[str, object]:
    fields = msgspec.structs.asdict(reading)
    return {
        f"{type(reading).__name__}.{name}": value
        for name, value in fields.items()
        if name not in {"at", "device", "quality"}
    }


def test_a_day_of_every_fault_brings_no_wrong_reading_no_lost_task_and_no_growth(soak: float) -> None:
    diary = Diary()
    run(day(diary, DAY_S * soak), longest_processor_s=1800.0)
    assert diary.wrong == []
    assert diary.left == set()
    assert diary.good > 0.8 * diary.polls
    assert diary.polls > 3000 * soak
    assert diary.objects[-1] < diary.objects[0] + 20_000


async def day(diary: Diary, length_s: float) -> None:
    clock = ScaledClock(datetime(2026, 6, 21, tzinfo=UTC))
    world = World(clock)
    options = SimulatorOptions(
        model="hybrid-gen1", faults=faults(), extras={"dynamics": "still", "latency": "none"}
    )
    async with simulate(options, world) as plant, TaskScope() as scope:
        scope.start(world.run())
        before = asyncio.all_tasks()
        await live(diary, plant, clock, length_s)
        await elapse(PAUSE_S)
        diary.left = asyncio.all_tasks() - before


async def live(diary: Diary, plant: RunningPlant, clock: ScaledClock, length_s: float) -> None:
    config = GivEnergyConfig(url=f"givenergy://127.0.0.1:{plant.endpoints['adapter']}", name="box")
    services = LocalServices(clock)
    ends_s = asyncio.get_running_loop().time() + length_s
    while asyncio.get_running_loop().time() < ends_s:
        try:
            async with connect(config, services) as source:
                while asyncio.get_running_loop().time() < ends_s:
                    diary.polls += 1
                    diary.note(await source.read())
                    await elapse(source.contract.interval_s)
        except OhmsteadError as error:
            diary.errors[type(error).__name__] += 1
            await elapse(PAUSE_S)
        if diary.polls % 10 == 0 or not diary.objects:
            gc.collect()
            diary.objects.append(len(gc.get_objects()))
    gc.collect()
    diary.objects.append(len(gc.get_objects()))
