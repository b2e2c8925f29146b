"""A wish for a while."""

from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.kit.registry import config_from_table
from ohmstead.testing import elapse, warped
from tests.gateway.rpcapi.homes import home, lived_in, unit

pytestmark = pytest.mark.long


@warped
async def test_a_wish_for_a_while_ends_by_itself(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert await here.error("SetACChargingCurrent", max_current=8, valid_for_s=60) == "NoError"
        await here.polled()
        during = await here.status()
        await elapse(90)
        after = await here.status()

    assert during["ac_charge_param"]["evse_max_current"] == 8.0
    assert after["ac_charge_param"]["evse_max_current"] == 32.0


ENDING = {"max_current": 8, "valid_for_s": 600}


@pytest.mark.parametrize("gone_s", [300, 3_600])
@warped
async def test_a_wish_for_a_while_ends_after_a_restart_too(tmp_path: Path, gone_s: float) -> None:
    async with unit("one-ac", make="everest", plugged="true") as (simulator, clock):
        device = config_from_table({"url": simulator.ready["url"], "name": "drive", "control": True})
        async with lived_in(simulator, clock, tmp_path, device) as here:
            assert await here.error("SetACChargingCurrent", **ENDING) == "NoError"
        await elapse(gone_s)
        offered_a = [evse["offered_a"] for evse in simulator.state()["evses"]]
        async with lived_in(simulator, clock, tmp_path, device) as here:
            for is_over in (gone_s > 600, True):
                await elapse(120)
                limits = (await here.asked("GetLimits"))["limits"]
                (own,) = [limit for limit in limits if limit["source"] == "client"]
                assert (own["value"], own["valid_until"] is None) == (
                    (32.0, True) if is_over else (8.0, False)
                )
                await elapse(300)

    assert offered_a == [8.0]


@pytest.mark.parametrize(
    ("newer", "expected_a"),
    [
        ({"max_current": 40, "strict": True}, 32.0),
        ({"max_current": 10}, 10.0),
        ({"max_current": 10, "valid_for_s": 30}, 32.0),
    ],
    ids=["refused", "for ever", "shorter"],
)
@warped
async def test_another_wish_takes_the_end_away_unless_it_is_refused(
    tmp_path: Path, newer: dict[str, object], expected_a: float
) -> None:
    async with home(tmp_path) as here:
        await here.error("SetACChargingCurrent", **ENDING)
        await here.error("SetACChargingCurrent", **newer)
        await here.error("SetChargingAllowed", charging_allowed=True)
        await elapse(700)
        status = await here.status()

    assert status["ac_charge_param"]["evse_max_current"] == expected_a


@pytest.mark.parametrize(
    ("method", "wish"),
    [
        ("SetACChargingCurrent", {"max_current": 0}),
        ("SetChargingAllowed", {"charging_allowed": False}),
        ("SetACCharging", {"charging_allowed": False, "max_current": 9}),
    ],
)
@warped
async def test_a_stop_for_a_while_ends_by_itself(
    tmp_path: Path, method: str, wish: dict[str, object]
) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()  # now it is known that this unit takes what can stop it
        assert await here.error(method, valid_for_s=120, **wish) == "NoError"
        await elapse(60)
        during = await here.status()
        await elapse(180)
        after = await here.status()

    assert (during["state"], during["charging_allowed"]) == ("ChargingPausedEVSE", False)
    assert (after["state"], after["charging_allowed"]) == ("Charging", True)


@warped
async def test_an_end_that_comes_while_a_charger_is_away_waits_for_it(tmp_path: Path) -> None:
    async with home(tmp_path, "one-ac", make="everest") as here:
        await here.error("SetACChargingCurrent", max_current=8, valid_for_s=60)
        await here.simulator.listener.pause()  # type: ignore[attr-defined]  # everest's simulator has one
        await here.simulator.act("kick")
        await elapse(300)
        entries = await here.gateway.commands.ledger()
        await here.simulator.listener.resume()  # type: ignore[attr-defined]
        await elapse(300)
        offered_a = [evse["offered_a"] for evse in here.simulator.state()["evses"]]

    assert [one.asked for one in entries] == [8.0]
    assert offered_a == [32.0]
