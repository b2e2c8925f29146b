"""F39: a computer that slept for eight hours."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from ohmstead.app.home import HOMES
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped
from tests.site.bench import bench
from tests.site.judging import lost

pytestmark = pytest.mark.long

EU: Final = HOMES["eu"]
SLEPT: Final = timedelta(hours=8)
CYCLE_S: Final = 60.0


class WallClock:
    """A real clock's behaviour on the loop's time: it goes on while the machine sleeps, and the loop's does not."""

    speed = 1.0

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._zero_s = asyncio.get_running_loop().time()

    def sleep(self, slept: timedelta) -> None:
        self._start += slept

    def now(self) -> datetime:
        return self._start + timedelta(seconds=asyncio.get_running_loop().time() - self._zero_s)

    async def sleep_until(self, at: datetime) -> None:
        while (left_s := (at - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left_s, 60.0))


@warped
async def test_f39_a_machine_that_slept_for_eight_hours_catches_up_with_nothing(tmp_path: Path) -> None:
    clock = WallClock(EU.morning)
    async with bench(EU, tmp_path, clock) as site, site.open() as gateway:
        await elapse(5 * CYCLE_S)
        before = {name: line.asked_bytes for name, line in site.lines.items()}
        await elapse(2 * CYCLE_S)
        usual = {name: line.asked_bytes - before[name] for name, line in site.lines.items()}
        fell_asleep_at = clock.now()
        clock.sleep(SLEPT)
        before = {name: line.asked_bytes for name, line in site.lines.items()}
        await elapse(2 * CYCLE_S)
        after = {name: line.asked_bytes - before[name] for name, line in site.lines.items()}
        assert {status.health for status in gateway.devices()} == {HealthState.GOOD}
        assert {name for name in usual if after[name] > 2.5 * usual[name] + 2_000} == set()
        slept = await gateway.history.gaps(fell_asleep_at, fell_asleep_at + SLEPT)
        assert {gap.source for gap in slept} == set(site.lines)
        assert all("the gateway slept" in gap.reason for gap in slept)
        assert await gateway.commands.ledger() == ()
        assert await lost(gateway, fell_asleep_at, clock.now()) == []
