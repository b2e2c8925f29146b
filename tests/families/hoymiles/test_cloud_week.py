"""A week of reporting over a bad line: everything arrives, and once."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from ohmstead.families.hoymiles.actions import Action, limit_text
from ohmstead.families.hoymiles.simulator import HMSW_MID, CloudService, Dtu, Faults, Reporting, Service
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import Bus, World
from ohmstead.model import Clock, DeviceError, ScaledClock
from ohmstead.testing import MemoryNetwork, elapse, run

pytestmark = pytest.mark.long

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)
HOUR_S = 3600
DAY_S = 24 * HOUR_S
PERCENTS = (90, 80, 70, 60, 50, 40, 30)


class WorldInMinutes(World):
    """Lives in steps of a minute, which is fine enough for what is reported every five."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.dtu: Dtu | None = None

    def catch_up(self) -> None:
        while self.clock.now() - self.at >= timedelta(minutes=1):
            self._second_s += 60
            if self.dtu is not None:
                self.dtu.step(Bus(self.at, True, 230.0, 50.0, 0.0), 60.0)


class Week:
    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.network = MemoryNetwork(seed)
        clock = ScaledClock(MONDAY)
        self.world = WorldInMinutes(clock)
        self.dtu = self.world.dtu = Dtu(HMSW_MID, self.world)
        self.dtu.settle()
        self.cloud = CloudService(clock, Faults(Random(seed)), Random(seed))
        self.reporting = Reporting(
            self.dtu,
            Service(self.dtu, Faults(Random(seed))),
            self.network.dial("cloud", 10081),
            changed=nothing,
            look_s=60.0,
        )
        self.commanded: list[int] = []

    async def live(self, days: int) -> None:
        async with self.network.listen(self.cloud.serve, "cloud", 10081) as listener, TaskScope() as scope:
            self.reporting.begin(scope)
            for day in range(days):
                await elapse(6 * HOUR_S)
                self.network.cut()
                await elapse(self.random.uniform(1, HOUR_S))
                self.network.half_open()
                await elapse(2 * HOUR_S)
                await self._command(PERCENTS[day % len(PERCENTS)])
                await listener.pause()
                self.network.cut()
                await elapse(self.random.uniform(60, 3 * HOUR_S))
                await listener.resume()
                await elapse(HOUR_S)
                self.network.faults.black_hole = True
                await elapse(self.random.uniform(60, HOUR_S))
                self.network.faults.black_hole = False
                await elapse(self._rest_of(day))
            await elapse(HOUR_S)

    async def _command(self, percent: int) -> None:
        for _ in range(20):
            try:
                answer = await self.cloud.command(self.dtu.serial, Action.POWER_LIMIT, limit_text(percent))
            except DeviceError:
                await elapse(120)  # it is away just now
                continue
            assert answer.error_code == 0
            self.commanded.append(percent)
            await elapse(300)
            assert self.dtu.inverters[0].limit_pct == percent
            return
        raise AssertionError("the DTU did not come back to be commanded")

    def _rest_of(self, day: int) -> float:
        gone_s = (self.world.clock.now() - MONDAY).total_seconds() - day * DAY_S
        return max(0.0, DAY_S - gone_s)


async def nothing() -> None:
    await asyncio.sleep(0)


def check(seed: int, days: int) -> None:
    async def lived() -> Week:
        week = Week(seed)
        await week.live(days)
        return week

    week = run(lived())
    record = week.cloud.store.dtus[week.dtu.serial]
    uploads = week.reporting.taken
    assert uploads >= days * 288  # every five minutes
    assert sorted(record.data) == sorted(record.complete())
    assert len(record.data) == uploads
    times = sorted(record.data)
    assert all(later - earlier == 300 for earlier, later in itertools.pairwise(times))
    assert len(week.reporting.session.outbox) == 0
    assert week.reporting.session.outbox.lost == 0
    assert record.late > 0
    assert week.reporting.session.connections > 3 * days
    assert week.commanded == [PERCENTS[day % len(PERCENTS)] for day in range(days)]
    done = [status for status in record.statuses if status.inverters_succeeded]
    assert {status.transaction_id for status in done} == {status.transaction_id for status in record.statuses}
    assert len(done) == days
    assert record.power_w() is not None


def test_a_week_of_lost_links_loses_no_sample_and_doubles_none() -> None:
    check(seed=1, days=7)


@pytest.mark.soak
def test_month_after_month_loses_no_sample_and_doubles_none(soak: float) -> None:
    for seed in range(2, 2 + max(1, round(10 * soak))):
        check(seed, days=28)
