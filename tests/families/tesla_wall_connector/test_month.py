"""A month of charging and of steering, at the pace it really has; of the charging a share where there is no time for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest

from ohmstead.families.tesla_wall_connector.bodies import read
from ohmstead.families.tesla_wall_connector.config import TeslaWallConnectorConfig
from ohmstead.families.tesla_wall_connector.control.ladder import Ladder
from ohmstead.families.tesla_wall_connector.control.memory import Memory
from ohmstead.families.tesla_wall_connector.control.wear import Purpose
from ohmstead.families.tesla_wall_connector.device import connect
from ohmstead.families.tesla_wall_connector.documents import Vitals
from ohmstead.families.tesla_wall_connector.simulator import RunningUnits, simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.http import http
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import (
    DeviceError,
    Fault,
    Outcome,
    ReplayedClock,
    ScaledClock,
    SimulatorOptions,
)
from ohmstead.testing import elapse, run

pytestmark = pytest.mark.long

MORNING: Final = datetime(2026, 6, 1, 4, tzinfo=UTC)
MONTH_DAYS: Final = 30
DAY_S: Final = 86_400
STEPS_A_DAY: Final = DAY_S // 10
DROPPED: Final = Fault("reset", {"chance": "0.15"})
GAP_S: Final = 90.0

Open = Callable[[], AbstractAsyncContextManager[Any]]  # Any: the conftest's Unit and what is connected to it


class Poller:
    """Asks at an interval, and notes when vitals were fresh."""

    def __init__(self, ask: Callable[[], Awaitable[object]], interval_s: float) -> None:
        self.fresh_at_s = [asyncio.get_running_loop().time()]
        self.failures = 0
        self._ask = ask
        self._interval_s = interval_s

    async def poll(self) -> None:
        while True:
            try:
                await self._ask()
                self.fresh_at_s.append(asyncio.get_running_loop().time())
            except DeviceError:
                self.failures += 1
            await elapse(self._interval_s)

    @property
    def gaps(self) -> int:
        """Stretches of more than 90 s without fresh vitals."""
        return sum(later - earlier > GAP_S for earlier, later in pairwise(self.fresh_at_s))


@asynccontextmanager
async def two_units_alike(clock: ScaledClock) -> AsyncIterator[RunningUnits]:
    """As slow as units are, with the radio's drop-outs, and on top of them each 7th connection broken off."""
    options = SimulatorOptions(faults=(DROPPED,), extras={"units": "2", "plugged": "true", "commute": "true"})
    async with simulate(options, World(clock)) as units:
        yield units


async def side_by_side(days: float) -> tuple[Poller, Poller]:
    """Ours, and a plain poller: each 30 s one attempt on a connection of its own."""
    clock = ScaledClock(MORNING)
    async with two_units_alike(clock) as units:
        ports = units.endpoints
        config = TeslaWallConnectorConfig(url=f"tesla-wall-connector://127.0.0.1:{ports['lan']}", name="ours")
        async with (
            connect(config, LocalServices(clock)) as source,
            http(f"http://127.0.0.1:{ports['lan-2']}", keep_alive_s=None) as session,
            TaskScope() as scope,
        ):

            async def plainly() -> None:
                read(Vitals, (await session.get("/api/1/vitals")).body)

            ours = Poller(source.read, source.contract.interval_s)
            plain = Poller(plainly, 30.0)
            scope.start(ours.poll())
            scope.start(plain.poll())
            await elapse(days * DAY_S)
    return ours, plain


@pytest.mark.soak
def test_a_charging_month_with_dropped_connections_has_a_third_of_a_plain_pollers_gaps(soak: float) -> None:
    days = MONTH_DAYS * soak
    ours, plain = run(side_by_side(days), longest_processor_s=1800.0)

    assert plain.failures > 0.1 * days * DAY_S / 30
    assert plain.gaps > 2 * days
    assert ours.gaps * 3 <= plain.gaps


class Steering:
    """A controller that wishes for another current every 10 s, and once a day has to reduce it for safety."""

    def __init__(self) -> None:
        self.written_at: list[datetime] = []
        """Wishes that were carried out."""
        self.held_back = 0
        self.reductions: list[Outcome] = []

    async def wish(self, ladder: Ladder, limit_a: int, now: datetime) -> None:
        limited = await ladder.limit(limit_a)
        if limited.outcome is Outcome.CONFIRMED:
            self.written_at += [] if limited.reason == "stored already: not written again" else [now]
            return
        assert limited.reason.startswith("limited by the wear budget until")
        assert limited.next_write_at is not None
        assert limited.next_write_at > now
        self.held_back += 1

    async def reduce(self, ladder: Ladder) -> None:
        self.reductions.append((await ladder.limit(6, Purpose.SAFETY)).outcome)


async def steering(open_unit: Open, days: int) -> tuple[Steering, int]:
    """What became of it, and how often the unit has written to its flash memory."""
    clock, steered = ReplayedClock(MORNING), Steering()
    async with open_unit() as (unit, _, configurator):
        unit.takes_temporary = False
        ladder = Ladder(configurator, Memory(LocalServices(clock), "din"), clock)
        await ladder.ready()
        for step in range(days * STEPS_A_DAY):
            now = MORNING + timedelta(seconds=10 * step)
            await clock.set(now)
            if step % STEPS_A_DAY == STEPS_A_DAY // 2:
                await steered.reduce(ladder)
                assert unit.stored_a == 6
            else:
                await steered.wish(ladder, 7 + step % 20, now)
        return steered, unit.writes


def test_a_month_of_wishes_every_ten_seconds_stays_within_the_wear_budget(
    wall_connector: Open,
) -> None:
    steered, writes = run(steering(wall_connector, MONTH_DAYS))

    assert 23 * MONTH_DAYS <= writes <= 24 * MONTH_DAYS
    assert len(steered.written_at) == writes - MONTH_DAYS
    assert steered.held_back > 0.9 * MONTH_DAYS * STEPS_A_DAY
    assert steered.reductions == [Outcome.CONFIRMED] * MONTH_DAYS
    bursts = zip(steered.written_at, steered.written_at[3:], strict=False)
    assert min(later - first for first, later in bursts) >= timedelta(minutes=15)
