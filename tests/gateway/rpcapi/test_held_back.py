"""A wish that a budget or a closed window holds back."""

from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.kit.registry import config_from_table
from ohmstead.model import DeviceId, LimitedBy, Outcome
from ohmstead.testing import elapse, warped
from tests.gateway.rpcapi.homes import STORING, home, lived_in, lives_of_one_unit, stored, unit

pytestmark = pytest.mark.long


@warped
async def test_an_empty_budget_holds_a_wish_back_shows_it_and_carries_it_out_later(tmp_path: Path) -> None:
    async with home(tmp_path, STORING, plugged="true") as here:
        await here.simulator.act("window", hidden_min=None, lapsed_min=10_000)
        for current_a in (15, 14, 13):
            assert await here.applied("SetACChargingCurrent", max_current=current_a) == (
                "NoError",
                (current_a, None),
            )
        assert here.unit["flash_writes"] == 3
        refused = await here.applied("SetACChargingCurrent", max_current=9)
        limits = (await here.asked("GetLimits"))["limits"]
        assert here.unit["flash_writes"] == 3
        await elapse(1000)
        later = await here.status()
        entries = await here.gateway.commands.ledger()
        writes = here.unit["flash_writes"]

    assert refused == ("ErrorValuesNotApplied", (13.0, "wear_budget"))
    waiting = [limit for limit in limits if limit["source"] == "wear_budget"]
    assert [(limit["value"], limit["active"]) for limit in waiting] == [(9.0, False)]
    assert later["ac_charge_param"]["evse_max_current"] == 9.0
    assert writes == 4
    assert (entries[0].asked, entries[0].reason) == (9.0, "held back before")
    assert entries[0].receipt is not None
    assert entries[0].receipt.outcome is Outcome.CONFIRMED


@warped
async def test_a_wish_for_a_while_that_was_held_back_ends_unfulfilled(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        await here.simulator.act("window", hidden_min=None, lapsed_min=10_000)
        for current_a in (15, 14, 13):
            await here.asked("SetACChargingCurrent", max_current=current_a)
        held_back = await here.error("SetACChargingCurrent", max_current=9, valid_for_s=60)
        await elapse(2_000)
        entries = await here.gateway.commands.ledger()

        assert held_back == "ErrorValuesNotApplied"
        assert (await here.status())["ac_charge_param"]["evse_max_current"] == 32.0
        assert [one.asked for one in entries if one.reason == "held back before"] == [32.0]


@warped
async def test_a_wish_that_was_held_back_outlives_a_restart(tmp_path: Path) -> None:
    async with unit(STORING, plugged="true") as (simulator, clock):
        await simulator.act("window", hidden_min=None, lapsed_min=100_000)
        device = config_from_table({"url": simulator.ready["url"], "name": "drive", "control": True})
        async with lived_in(simulator, clock, tmp_path, device) as here:
            for current_a in (15, 14, 13, 9):
                await here.asked("SetACChargingCurrent", max_current=current_a)
        await elapse(1_200)
        async with lived_in(simulator, clock, tmp_path, device) as here:
            await elapse(2_000)  # putting the default back at the end was a write, too
            found = (await here.status())["ac_charge_param"]["evse_max_current"]
            (last, *_) = await here.gateway.commands.ledger()

    assert found == 9.0
    assert (last.asked, last.origin, last.reason) == (9.0, "rpcapi", "held back before")
    assert last.receipt is not None
    assert last.receipt.outcome is Outcome.CONFIRMED


@warped
async def test_a_window_that_closes_meanwhile_costs_no_write_and_no_wish(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        for current_a in (15, 14, 13, 9):
            await here.asked("SetACChargingCurrent", max_current=current_a)
        await here.simulator.act("window", state="closed")
        await elapse(1000)
        (tried, *_) = await here.gateway.commands.ledger()
        writes = [here.unit["flash_writes"]]
        await here.simulator.act("window", state="open")
        await elapse(120)
        writes.append(here.unit["flash_writes"])
        status = await here.status()

    assert tried.receipt is not None
    assert (tried.reason, tried.receipt.limited_by) == ("held back before", LimitedBy.ACCESS_WINDOW)
    assert writes == [3, 4]
    assert status["ac_charge_param"]["evse_max_current"] == 9.0


@warped
async def test_a_newer_wish_is_in_the_place_of_one_that_was_held_back(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        await here.simulator.act("window", hidden_min=None, lapsed_min=10_000)
        for current_a in (15, 14, 13, 9):
            await here.asked("SetACChargingCurrent", max_current=current_a)
        assert await here.error("SetACChargingCurrent", max_current=13) == "NoError"
        await elapse(2000)

        assert (await here.status())["ac_charge_param"]["evse_max_current"] == 13.0
        assert here.unit["flash_writes"] == 3


@warped
async def test_who_has_not_opted_in_sees_the_error_alone(tmp_path: Path) -> None:
    async with home(tmp_path, STORING) as here:
        for current_a in (15, 14, 13):
            await here.client.set_ac_charging_current(1, current_a)
        outcome = await here.client.set_ac_charging_current(1, 9)

    assert outcome.error == "ErrorValuesNotApplied"


@pytest.mark.parametrize("gone_s", [60, 3_600], ids=["ends in the next life", "ended while nobody ran"])
@warped
async def test_a_wish_that_was_held_back_and_has_ended_is_not_carried_out_after_a_restart(
    tmp_path: Path, gone_s: float
) -> None:
    async with lives_of_one_unit(tmp_path, STORING) as (simulator, life):
        async with life() as here:
            for current_a in (15, 14, 13):
                await here.asked("SetACChargingCurrent", max_current=current_a)
            held_back = await here.applied("SetACChargingCurrent", max_current=9, valid_for_s=600)
        before = stored(simulator)
        await elapse(gone_s)
        async with life() as here:
            await elapse(1_800)
            entries = await here.gateway.commands.ledger()
            assert here.gateway.held_back.waiting(DeviceId(entries[0].device), "limits_current") is None
        after = stored(simulator)

    assert held_back == ("ErrorValuesNotApplied", (13.0, "wear_budget"))
    assert (before, after) == ((32, 4), (32, 4))
    assert [entry.asked for entry in entries] == [32.0, 9.0, 13.0, 14.0, 15.0]


@pytest.mark.parametrize("gone_s", [60, 3_600], ids=["ends in the next life", "ended while nobody ran"])
@warped
async def test_a_wish_that_waits_for_the_window_and_has_ended_is_not_set_after_a_restart(
    tmp_path: Path, gone_s: float
) -> None:
    async with lives_of_one_unit(tmp_path, STORING) as (simulator, life):
        async with life() as here:
            await simulator.act("window", state="closed")
            refused = await here.applied("SetACChargingCurrent", max_current=9, valid_for_s=600)
        await elapse(gone_s)
        async with life():
            await elapse(900)
            await simulator.act("window", state="open")
            await elapse(900)
        after = stored(simulator)

    assert refused == ("ErrorValuesNotApplied", (32.0, "access_window"))
    assert after == (32, 0)


@warped
async def test_a_wish_that_waits_for_the_window_is_set_after_a_restart_until_it_ends(tmp_path: Path) -> None:
    async with lives_of_one_unit(tmp_path, STORING) as (simulator, life):
        async with life() as here:
            await simulator.act("window", state="closed")
            await here.error("SetACChargingCurrent", max_current=9, valid_for_s=3_600)
        async with life():
            await simulator.act("window", state="open")
            await elapse(300)
            during = stored(simulator)
            await elapse(3_600)
            after = stored(simulator)

    assert (during, after) == ((9, 1), (32, 2))
