"""What is on its way when the block ends is not tried again after it, and is held against nobody."""

from __future__ import annotations

import asyncio

import pytest

from ohmstead.families.franklinwh.facts.endpoints import ALARM_CODES
from ohmstead.model import Misused
from ohmstead.testing import elapse, warped

from .conftest import HANG_UP, Cloud, after, at_the_cloud


@warped
async def test_a_call_that_breaks_after_the_block_has_ended_is_not_tried_again(cloud: Cloud) -> None:
    cloud.says["selectDeviceRunLogList"] = after(5, lambda _: HANG_UP)
    async with at_the_cloud(cloud) as client:
        await client.login()
        asking = asyncio.ensure_future(client.call(ALARM_CODES))
        while not cloud.asked("selectDeviceRunLogList"):
            await elapse(0.1)
        await client.close()

        with pytest.raises(Misused, match="use it inside `async with`"):
            await asking


@warped
async def test_a_login_that_could_not_be_tried_again_for_that_is_no_failed_one(cloud: Cloud) -> None:
    login = cloud.says["appUserOrInstallerLogin"] = after(5, lambda _: HANG_UP)
    async with at_the_cloud(cloud) as client:
        asking = asyncio.ensure_future(client.get_stats())
        while not cloud.asked("appUserOrInstallerLogin"):
            await elapse(0.1)
        await client.close()
        with pytest.raises(Misused, match="use it inside `async with`"):
            await asking
        assert cloud.says.pop("appUserOrInstallerLogin") is login

        async with client:
            assert (await client.get_stats()).current.battery_soc == 41.93
