"""The persistent power limit: never blindly, never twice, never too often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
import pytest

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.simulator import HMS_800W_2T, HMSW_MID
from ohmstead.families.hoymiles.simulator.profiles import LimitReadBack
from ohmstead.model import BudgetSpent, Outcome, OutcomeUnknown, Refused, Unsafe
from ohmstead.testing import elapse, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
TWO_MINUTES_S = 120


def flash_writes(b: Any) -> int:
    return sum(inverter.flash_writes for inverter in b.dtu.inverters)


@warped
async def test_a_limit_is_written_followed_and_read_back(bench: Open) -> None:
    async with bench() as b:
        result = await b.client.set_power_limit(45.5)
        assert (result.outcome, result.read_back_pct, result.is_written) == (Outcome.CONFIRMED, 45.5, True)
        assert flash_writes(b) == 1
        assert b.service.frames["A305"] == 1
        assert 3 <= b.service.frames["A306"] <= 6
        await elapse(60)
        assert (await b.client.live()).dtu_power_w == 364.0  # 45.5 % of 800 W


@warped
async def test_a_second_identical_limit_costs_no_flash_write(bench: Open) -> None:
    async with bench() as b:
        await b.client.set_power_limit(50)
        again = await b.client.set_power_limit(50)
        assert (again.outcome, again.is_written) == (Outcome.CONFIRMED, False)
        assert again.reason == "in force already, so nothing was written"
        assert flash_writes(b) == 1
        assert b.service.frames["A305"] == 1


@pytest.mark.parametrize("limit_pct", [1.9, 0, -5, 100.1, float("nan"), float("inf"), True, "50"])
@warped
async def test_a_limit_outside_2_to_100_pct_never_reaches_the_wire(bench: Open, limit_pct: Any) -> None:
    async with bench() as b:
        with pytest.raises(Unsafe):
            await b.client.set_power_limit(limit_pct)
        assert b.service.connections == 0


@warped
async def test_one_write_a_minute_is_enough(bench: Open) -> None:
    async with bench() as b:
        await b.client.set_power_limit(50)
        with pytest.raises(BudgetSpent, match="one in 60 s"):
            await b.client.set_power_limit(60)
        assert flash_writes(b) == 1
        await elapse(60)
        assert (await b.client.set_power_limit(60)).outcome is Outcome.CONFIRMED


@pytest.mark.long
@warped
async def test_fifty_writes_a_day_are_enough(bench: Open) -> None:
    async with bench() as b:
        for count in range(50):
            assert (await b.client.set_power_limit(50 + count % 2)).is_written
            await asyncio.sleep(TWO_MINUTES_S)
        with pytest.raises(BudgetSpent, match="50 in a day"):
            await b.client.set_power_limit(70)
        assert flash_writes(b) == 50
        await elapse(86400)
        assert (await b.client.set_power_limit(70)).is_written


@warped
async def test_two_at_once_do_not_both_write(bench: Open) -> None:
    async with bench() as b:
        results = await asyncio.gather(b.client.set_power_limit(50), b.client.set_power_limit(50))
        assert [result.outcome for result in results] == [Outcome.CONFIRMED, Outcome.CONFIRMED]
        assert flash_writes(b) == 1


@pytest.mark.parametrize("fault", ["lost-acknowledgement", "close-mid-answer", "delay", "bad-crc"])
@warped
async def test_a_lost_acknowledgement_is_read_back_and_not_written_again(bench: Open, fault: str) -> None:
    async with bench() as b:
        b.fault(fault, times=1, id="A305")
        result = await b.client.set_power_limit(50)
        assert result.outcome is Outcome.CONFIRMED
        assert "was sent, but not acknowledged" in result.reason
        assert flash_writes(b) == 1
        assert b.service.frames["A305"] == 1


@warped
async def test_a_status_that_cannot_be_read_is_read_back(bench: Open) -> None:
    async with bench() as b:
        b.fault("silence", id="A306")
        result = await b.client.set_power_limit(50)
        assert result.outcome is Outcome.CONFIRMED
        assert "its status could not be read" in result.reason


@warped
async def test_a_command_that_never_arrived_is_different_and_not_sent_again(bench: Open) -> None:
    async with bench() as b:
        original = b.service._answer
        b.service._answer = lambda frame, asked: (
            None if frame.command_id == 0xA305 else original(frame, asked)
        )
        result = await b.client.set_power_limit(50)
        assert (result.outcome, result.read_back_pct) == (Outcome.DIFFERENT, 100.0)
        assert b.service.frames["A305"] == 1


@warped
async def test_a_link_that_stays_dead_leaves_the_outcome_unknown(bench: Open) -> None:
    async with bench() as b:
        b.fault("lost-acknowledgement", times=1)

        async def die_after_the_command() -> None:
            while not b.service.frames["A305"]:
                await elapse(0.1)
            b.fault("silence")

        result, _ = await asyncio.gather(b.client.set_power_limit(50), die_after_the_command())
        assert (result.outcome, result.read_back_pct) == (Outcome.UNKNOWN, None)
        assert "not read back" in result.reason


@warped
async def test_a_refusal_is_said_with_its_code(bench: Open) -> None:
    profile = msgspec.structs.replace(HMSW_MID, refuses={Action.POWER_LIMIT: 7})
    async with bench(profile=profile) as b:
        with pytest.raises(Refused, match="refused POWER_LIMIT with code 7") as caught:
            await b.client.set_power_limit(50)
        assert caught.value.code == 7
        assert flash_writes(b) == 0


@warped
async def test_firmware_that_says_its_limit_with_live_data_is_believed_there(bench: Open) -> None:
    profile = msgspec.structs.replace(HMSW_MID, limit_read_back=LimitReadBack.LIVE)
    async with bench(profile=profile) as b:
        await b.client.live()
        result = await b.client.set_power_limit(50)
        assert (result.outcome, result.read_back_pct) == (Outcome.CONFIRMED, 50.0)


@warped
async def test_firmware_that_does_not_say_its_limit_acknowledges(bench: Open) -> None:
    profile = msgspec.structs.replace(HMSW_MID, limit_read_back=LimitReadBack.NOWHERE)
    async with bench(profile=profile) as b:
        result = await b.client.set_power_limit(50)
        assert (result.outcome, result.read_back_pct) == (Outcome.ACKNOWLEDGED, None)


@warped
async def test_a_limit_reaches_every_inverter(bench: Open) -> None:
    async with bench(models=(HMS_800W_2T,) * 3) as b:
        assert (await b.client.set_power_limit(30)).outcome is Outcome.CONFIRMED
        assert [inverter.limit_pct for inverter in b.dtu.inverters] == [30.0, 30.0, 30.0]


@warped
async def test_a_command_to_an_inverter_nobody_has_fails_there(bench: Open) -> None:
    async with bench() as b:
        result = await b.client.switch_inverters(is_on=False, inverters=["1412A0000001"])
        assert (result.succeeded, result.failed) == ((), ("1412A0000001",))


@warped
async def test_a_command_that_is_not_done_in_a_minute_is_of_unknown_outcome(bench: Open) -> None:
    async with bench() as b:
        b.dtu.commanding.tick = lambda at: None
        with pytest.raises(OutcomeUnknown, match="not done within 60 s"):
            await b.client.restart_inverters()
