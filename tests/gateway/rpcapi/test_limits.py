"""A wish for a current, as a Wall Connector can fulfil it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.testing import warped
from tests.gateway.rpcapi.homes import STORING, home


@warped
async def test_a_current_within_the_range_is_read_back(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true") as here:
        outcome = await here.client.set_ac_charging_current(1, 10)
        assert outcome.is_applied
        await here.polled()
        status = await here.status()
        (entry,) = await here.gateway.commands.ledger()

    assert status["ac_charge_param"]["evse_max_current"] == 10.0
    assert (entry.origin, entry.asked) == ("rpcapi", 10.0)
    assert here.unit["flash_writes"] == 0


@warped
async def test_what_lies_between_two_steps_is_never_more_than_was_asked_for(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert await here.applied("SetACChargingCurrent", max_current=10.9) == (
            "ErrorValuesNotApplied",
            (10.0, "hardware"),
        )


@warped
async def test_above_the_installers_value_is_clamped_and_refused_when_strict(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        strict = await here.error("SetACChargingCurrent", max_current=40, strict=True)
        clamped = await here.applied("SetACChargingCurrent", max_current=40)

    assert strict == "ErrorOutOfRange"
    assert clamped == ("ErrorValuesNotApplied", (32.0, "installer_limit"))


@warped
async def test_what_a_group_of_units_shares_is_a_limit_of_each(tmp_path: Path) -> None:
    extras = {"units": "2", "network-limit": "20"}
    async with home(tmp_path, STORING, **extras) as here:
        enforced_a = (await here.status())["ac_charge_param"]["evse_max_current"]
        hardware = (await here.asked("GetHardwareCapabilities"))["hardware_capabilities"]
        strict = await here.error("SetACChargingCurrent", max_current=24, strict=True)
        clamped = await here.applied("SetACChargingCurrent", max_current=24)
        below = await here.applied("SetACChargingCurrent", max_current=10)
        await here.polled()
        limits = (await here.asked("GetLimits"))["limits"]

    assert (enforced_a, hardware["max_current_A_import"]) == (20.0, 32.0)
    assert strict == "ErrorOutOfRange"
    assert clamped == ("ErrorValuesNotApplied", (20.0, "network_limit"))
    assert below == ("NoError", (10.0, None))
    assert [(one["source"], one["value"], one["active"]) for one in limits] == [
        ("installer_limit", 32.0, False),
        ("network_limit", 20.0, False),
        ("client", 10.0, True),
    ]


@warped
async def test_a_closed_access_window_is_said(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.simulator.act("window", state="closed")
        assert await here.applied("SetACChargingCurrent", max_current=10) == (
            "ErrorValuesNotApplied",
            (32.0, "access_window"),
        )


@pytest.mark.parametrize("without", [{"control": False}, {"access_point": False}])
@warped
async def test_a_unit_that_is_only_read_takes_no_wish(tmp_path: Path, without: dict[str, bool]) -> None:
    async with home(tmp_path, **without) as here:  # type: ignore[arg-type]  # flags
        current = await here.asked("SetACChargingCurrent", max_current=10)
        stop = await here.applied("SetChargingAllowed", charging_allowed=False)
        allowed = (await here.status())["charging_allowed"]
        entries = await here.gateway.commands.ledger()

    assert current["error"] == "ErrorValuesNotApplied"
    assert current["applied"]["limited_by"] == "not_supported"
    assert stop == ("ErrorValuesNotApplied", (True, "not_supported"))
    assert allowed
    assert entries == ()
