from __future__ import annotations

import asyncio
import gc
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ohmstead.gateway import Change, DeviceStatus
from ohmstead.gateway.watching import Watchers
from ohmstead.model import DeviceId, Flows, Site, flows
from ohmstead.polling import HealthState
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import Home

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
ROOF = DeviceStatus(id=DeviceId("roof/1"), source="roof", family="toy", health=HealthState.GOOD, since=NOON)
SHED = msgspec.structs.replace(ROOF, id=DeviceId("shed/1"), source="shed")


def flows_at(second: int) -> Flows:
    return flows((), Site(), NOON + timedelta(seconds=second))


@warped
async def test_the_latest_value_wins_and_no_device_is_lost() -> None:
    watchers = Watchers()
    watch = watchers.add()
    for second in range(1000):
        failing = msgspec.structs.replace(ROOF, failures=second)
        watchers.publish(NOON + timedelta(seconds=second), flows_at(second), (failing,))
    watchers.publish(NOON + timedelta(seconds=1000), flows_at(1000), (SHED,))
    change = await anext(watch)
    assert change.at == NOON + timedelta(seconds=1000)
    assert change.flows == flows_at(1000)
    assert [(status.id, status.failures) for status in change.devices] == [("roof/1", 999), ("shed/1", 0)]


@warped
async def test_a_change_is_delivered_once_and_then_the_watcher_waits() -> None:
    watchers = Watchers()
    watch = watchers.add()
    watchers.publish(NOON, flows_at(0), (ROOF,))
    await anext(watch)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3600):
            await anext(watch)
    watchers.publish(NOON + timedelta(hours=1), flows_at(3600), (SHED,))
    assert [status.id for status in (await anext(watch)).devices] == ["shed/1"]


@warped
async def test_a_watcher_that_never_looks_delays_no_other() -> None:
    watchers = Watchers()
    lazy, keen = watchers.add(), watchers.add()
    for second in range(100):
        watchers.publish(NOON, flows_at(second), (msgspec.structs.replace(ROOF, failures=second),))
        assert (await anext(keen)).devices[0].failures == second
    assert (await anext(lazy)).devices[0].failures == 99


@warped
async def test_a_closed_watch_gives_what_it_has_and_ends() -> None:
    watchers = Watchers()
    watch = watchers.add()
    watchers.publish(NOON, flows_at(0), (ROOF,))
    watchers.close()
    assert [len(change.devices) async for change in watch] == [1]
    assert [change async for change in watchers.add()] == []


@pytest.mark.long
@warped
async def test_a_watcher_that_is_dropped_is_forgotten() -> None:
    watchers = Watchers()
    watchers.add()
    gc.collect()
    assert len(watchers._watches) == 0


@warped
async def test_a_gateway_tells_its_watchers_of_each_poll_and_ends_with_it(home: Home) -> None:
    home.add("roof")
    seen: list[Change] = []
    async with home.open() as gateway, asyncio.TaskGroup() as group:
        watch = gateway.watch()

        async def look() -> None:
            seen.extend([change async for change in watch])

        group.create_task(look())
        await elapse(31)
        watch.close()
    assert [change.flows.solar_w for change in seen] == [100.0, 100.0]
    assert [(s.id, s.health) for change in seen for s in change.devices] == [("roof/1", HealthState.GOOD)] * 2
