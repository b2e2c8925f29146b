"""What reading needs to know of the hardware, and what happens while that cannot be had."""

from __future__ import annotations

from datetime import date

import pytest

from ohmstead.families.franklinwh.client.today import SinceMidnight, advanced
from ohmstead.testing import elapse, warped

from .conftest import Cloud, at_the_cloud, in_turn, refused

SUNDAY, MONDAY = date(2025, 10, 5), date(2025, 10, 6)


@warped
async def test_a_call_that_fails_is_left_alone_for_a_minute_and_fails_no_poll(cloud: Cloud) -> None:
    names = ("getAccessoryList", "getDeviceInfoV2", "getEntranceInfo")
    cloud.says |= dict.fromkeys(names, refused(500))
    async with at_the_cloud(cloud) as client:
        for _ in range(4):
            assert (await client.get_stats()).current.battery_soc == 41.93
            await elapse(10)
        assert [len(cloud.asked(name)) for name in names] == [1, 1, 1]
        await elapse(30)
        await client.get_stats()
    assert [len(cloud.asked(name)) for name in names] == [2, 2, 2]


@pytest.mark.parametrize(("code", "polls_asked"), [(181, 2), (136, 7)], ids=["refused", "offline"])
@warped
async def test_metering_that_is_refused_is_left_alone(cloud: Cloud, code: int, polls_asked: int) -> None:
    cloud.says["getAccessoryList"] = [{"accessoryType": "4"}]
    cloud.tunnel[353] = lambda asked: refused(code)
    async with at_the_cloud(cloud) as client:
        for _ in range(14):
            assert not (await client.get_stats()).is_stale
            await elapse(30)
    assert len(cloud.asked("sendMqtt")) == polls_asked


@warped
async def test_energy_of_the_car_port_is_counted_from_local_midnight(cloud: Cloud) -> None:
    cloud.says["getAccessoryList"] = [{"accessoryType": 4}]
    readings = [10_000, 12_500, 13_000, 13_500]
    cloud.tunnel[353] = in_turn(*({"CarSWExpEnergy": wh, "CarSWImpEnergy": 0} for wh in readings))
    counted = []
    async with at_the_cloud(cloud) as client:  # 10:30 in New York
        for hours in (0, 1, 12, 1):
            await elapse(hours * 3600 + 40)
            counted.append((await client.get_stats()).totals.v2l_export_today)
    assert counted == [0.0, 2.5, 3.0, 0.5]


@warped
async def test_without_metering_nothing_is_counted(cloud: Cloud) -> None:
    async with at_the_cloud(cloud) as client:
        totals = (await client.get_stats()).totals
    assert (totals.v2l_export_today, totals.v2l_import_today) == (None, None)


def test_a_counter_that_falls_begins_anew_and_never_counts_backwards() -> None:
    first = advanced(None, SUNDAY, 14.2)
    assert (first.counted, advanced(first, SUNDAY, 15.0).counted) == (0.0, pytest.approx(0.8))
    assert advanced(first, SUNDAY, 3.0) == SinceMidnight(SUNDAY, 3.0, 3.0)
    assert advanced(first, MONDAY, 14.7).counted == pytest.approx(0.5)
