"""A wish that charging stops, and for what comes near to none."""

from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.model import Refused
from ohmstead.testing import elapse, warped
from tests.gateway.rpcapi.homes import STORING, VOLATILE, home


@warped
async def test_charging_is_stopped_where_the_unit_can_and_allowed_again(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.client.set_ac_charging_current(1, 10)
        await here.polled()
        stopped = await here.client.set_charging_allowed(1, charging_allowed=False)
        assert stopped.is_applied
        await elapse(30)
        paused = await here.status()
        remembered = await here.error("SetACChargingCurrent", max_current=8)
        allowed = await here.error("SetChargingAllowed", charging_allowed=True)
        await elapse(60)
        charging = await here.status()

    assert (paused["state"], paused["charging_allowed"]) == ("ChargingPausedEVSE", False)
    assert (remembered, allowed) == ("NoError", "NoError")
    assert (charging["state"], charging["charging_allowed"]) == ("Charging", True)
    assert charging["ac_charge_param"]["evse_max_current"] == 8.0


@pytest.mark.parametrize(
    ("make", "model"), [("tesla-wall-connector", VOLATILE), ("everest", "one-ac")], ids=["tesla", "everest"]
)
@pytest.mark.parametrize(("wished_a", "offered_a"), [(40, 32.0), (9.55, 9.0)])
@warped
async def test_charging_goes_on_with_what_can_be_offered_of_a_wish_made_meanwhile(
    tmp_path: Path, make: str, model: str, wished_a: float, offered_a: float
) -> None:
    async with home(tmp_path, model, make=make, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()  # now it is known of either that it can be stopped
        await here.error("SetChargingAllowed", charging_allowed=False)
        await here.polled()
        await here.error("SetACChargingCurrent", max_current=wished_a)
        allowed = await here.error("SetChargingAllowed", charging_allowed=True)
        await elapse(60)
        status = await here.status()

    assert (allowed, status["state"], status["charging_allowed"]) == ("NoError", "Charging", True)
    assert status["ac_charge_param"]["evse_max_current"] == pytest.approx(offered_a, abs=0.6)


@pytest.mark.parametrize("current_a", [0, -5, 5.9])
@warped
async def test_too_little_is_a_stop_where_the_unit_can_stop(tmp_path: Path, current_a: float) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.client.set_ac_charging_current(1, 10)
        await here.polled()
        assert await here.error("SetACChargingCurrent", max_current=current_a) == "NoError"
        await elapse(30)
        status = await here.status()

    assert (status["state"], status["charging_allowed"]) == ("ChargingPausedEVSE", False)


@pytest.mark.parametrize("current_a", [0, 5])
@warped
async def test_a_setting_cannot_stop_a_car_and_is_not_lowered_instead(
    tmp_path: Path, current_a: float
) -> None:
    async with home(tmp_path, STORING, plugged="true") as here:
        await elapse(60)
        too_little = await here.applied("SetACChargingCurrent", max_current=current_a)
        stop = await here.applied("SetChargingAllowed", charging_allowed=False)
        status = await here.status()

    assert too_little == ("ErrorValuesNotApplied", (32.0, "minimum_current"))
    assert stop == ("ErrorValuesNotApplied", (True, "not_supported"))
    assert (status["state"], status["charging_allowed"]) == ("Charging", True)
    assert here.unit["flash_writes"] == 0


@warped
async def test_what_a_unit_has_no_means_for_is_not_supported(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert await here.error("SetChargingAllowed", charging_allowed=True) == "NoError"
        assert await here.error("SetACChargingPhaseCount", phase_count=3) == "NoError"
        assert await here.error("SetACChargingPhaseCount", phase_count=1) == "ErrorOperationNotSupported"
        assert await here.error("SetDCChargingPower", max_power=5000) == "ErrorOperationNotSupported"
        both = {"charging_allowed": True, "max_power": 5000}
        assert await here.error("SetDCCharging", **both) == "ErrorOperationNotSupported"
        enable = {"connector_index": 1, "priority": 100}
        assert await here.error("EnableConnector", enable=True, **enable) == "NoError"
        assert await here.error("EnableConnector", enable=False, **enable) == "ErrorOperationNotSupported"
        with pytest.raises(Refused, match="not found"):
            await here.asked("SetFlags")


@warped
async def test_a_current_and_an_allowance_come_together(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()  # now it is known that this unit takes what can stop it
        stopped = await here.asked("SetACCharging", charging_allowed=False, max_current=9)
        await elapse(30)
        paused = await here.status()
        allowed = await here.asked("SetACCharging", charging_allowed=True, max_current=8)
        await elapse(60)
        charging = await here.status()
        limits = (await here.asked("GetLimits"))["limits"]

    assert (stopped["error"], paused["state"]) == ("NoError", "ChargingPausedEVSE")
    assert (allowed["error"], charging["state"]) == ("NoError", "Charging")
    assert charging["ac_charge_param"]["evse_max_current"] == 8.0
    assert [(limit["source"], limit["value"], limit["active"]) for limit in limits] == [
        ("installer_limit", 32.0, False),
        ("client", 8.0, True),
    ]


@warped
async def test_an_allowance_to_charge_with_nothing_stops(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        await here.error("SetACChargingCurrent", max_current=10)
        await here.polled()
        result = await here.asked("SetACCharging", charging_allowed=True, max_current=0)
        await elapse(30)
        status = await here.status()

    assert result["error"] == "ErrorValuesNotApplied"
    assert result["applied"]["charging_allowed"]["value"] is False
    assert (status["state"], status["charging_allowed"]) == ("ChargingPausedEVSE", False)
