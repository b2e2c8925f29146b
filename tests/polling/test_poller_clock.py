"""Clocks that jump: suspended machines and wall clocks that are set."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.polling.conftest import NOON, Bench, ScriptedDevice


class WallClock:
    """A real clock's behaviour on the loop's time: it can be set, and sleeps in naps of a minute."""

    speed = 1.0

    def __init__(self) -> None:
        self.set_by = timedelta()
        self._zero_s = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return NOON + self.set_by + timedelta(seconds=asyncio.get_running_loop().time() - self._zero_s)

    async def sleep_until(self, at: datetime) -> None:
        while (left_s := (at - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left_s, 60.0))


async def run_with_jump(bench: Bench, jump: timedelta) -> None:
    async def set_clock() -> None:
        await elapse(45)
        bench.clock.set_by = jump

    async with asyncio.TaskGroup() as group:
        group.create_task(set_clock())
        group.create_task(bench.run_for(200))


@warped
async def test_after_a_long_suspend_there_is_one_poll_and_one_gap_and_no_burst() -> None:
    device = ScriptedDevice()
    bench = Bench(clock=WallClock())
    notebook = bench.add(device)
    await run_with_jump(bench, timedelta(hours=8))
    wire_s = [
        round((at - NOON).total_seconds() - (8 * 3600 if at > NOON + timedelta(hours=1) else 0))
        for at in device.asked_at
    ]
    assert wire_s == [0, 30, 60, 90, 120, 150, 180]
    ((missed, reason),) = notebook.gaps
    assert missed.first_at == NOON + timedelta(seconds=60)
    assert missed.last_at == NOON + timedelta(hours=8, seconds=30)
    assert missed.polls == 960
    assert reason == "no answer in time: the device was slow, or the gateway slept or its clock was set"


@warped
async def test_a_clock_set_back_by_an_hour_silences_nobody() -> None:
    device = ScriptedDevice()
    bench = Bench(clock=WallClock())
    bench.add(device)
    await run_with_jump(bench, timedelta(hours=-1))
    assert 6 <= len(device.asked_at) <= 7


@warped
async def test_polls_after_a_jump_keep_the_shortest_distance() -> None:
    bench, device = Bench(clock=WallClock()), ScriptedDevice(shortest_s=20)
    bench.add(device)
    await run_with_jump(bench, timedelta(seconds=13))
    distances = [
        (after - before).total_seconds()
        for before, after in zip(device.asked_at, device.asked_at[1:], strict=False)
    ]
    assert min(distances) >= 20
