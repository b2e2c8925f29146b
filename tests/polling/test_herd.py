"""F43: five thousand devices fail and return together."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Final

import pytest

from ohmstead.model import Unreachable
from ohmstead.testing import elapse, warped
from tests.polling.conftest import NOON, Bench, ScriptedDevice

pytestmark = pytest.mark.long

DEVICES: Final = 5_000
INTERVAL_S: Final = 30.0
AWAY_S: Final = 300.0


class Street:
    """Whether there is power."""

    is_dark = False

    async def answer(self, count: int) -> None:
        if self.is_dark:
            raise Unreachable("no power in the street")


def seconds_after(start_s: float, devices: list[ScriptedDevice]) -> Counter[int]:
    """Openings by the second after a moment, for one interval."""
    start = NOON + timedelta(seconds=start_s)
    found = (
        int((at - start).total_seconds()) for device in devices for at in device.opened_at if at >= start
    )
    return Counter(second for second in found if second < INTERVAL_S)


def turns(devices: list[ScriptedDevice]) -> int:
    """What all of them were asked so far: the work they made. What it costs is the benchmark's matter."""
    return sum(len(device.opened_at) + len(device.asked_at) for device in devices)


async def work(devices: list[ScriptedDevice], wire_s: float) -> int:
    before = turns(devices)
    await elapse(wire_s)
    return turns(devices) - before


@warped
async def test_f43_five_thousand_devices_come_back_one_after_the_other() -> None:
    bench, street = Bench(), Street()
    devices = [ScriptedDevice(f"device{number}") for number in range(DEVICES)]
    for device in devices:
        device.opening = device.script = street.answer
        bench.add(device)
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(poller.run(after_s=index * INTERVAL_S / DEVICES))
            for index, poller in enumerate(bench.pollers.values())
        ]
        await elapse(INTERVAL_S)
        steady = await work(devices, 2 * INTERVAL_S)
        street.is_dark = True
        await elapse(AWAY_S)
        street.is_dark = False
        recovery = await work(devices, 2 * INTERVAL_S)
        for task in tasks:
            task.cancel()
    opened = seconds_after(3 * INTERVAL_S + AWAY_S, devices)
    assert sum(opened.values()) == DEVICES
    assert max(opened.values()) <= 2 * DEVICES / INTERVAL_S
    assert len(opened) >= 0.9 * INTERVAL_S
    assert recovery <= 2 * steady
    assert all(poller.health.failures == 0 for poller in bench.pollers.values())
