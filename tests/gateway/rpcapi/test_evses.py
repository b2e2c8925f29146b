"""What the interface tells of a charger, whatever its make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ohmstead.testing import elapse, warped
from tests.gateway.rpcapi.homes import home


@warped
async def test_a_wall_connector_is_an_evse_with_its_plug_and_its_meter(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true", car="pwm") as here:
        await elapse(120)
        (info,) = (await here.client.evse_infos()).infos
        status = await here.status()
        meter = (await here.asked("GetMeterData"))["meter_data"]
        hardware = (await here.asked("GetHardwareCapabilities"))["hardware_capabilities"]

    serial = here.unit["serial"]
    assert (info.id, info.available_connectors[0].type) == (serial, "cType2")
    assert info.supported_energy_transfer_modes == ("AC_three_phase_core",)
    assert (status["state"], status["charge_protocol"], status["available"]) == ("Charging", "IEC61851", True)
    assert status["ac_charge_param"]["evse_max_current"] == 32.0
    assert status["ac_charge_status"]["evse_active_phase_count"] == 3
    assert status["charged_energy_wh"] > 200
    assert 60 <= status["charging_duration_s"] <= 130
    assert (meter["serial_number"], meter["meter_id"]) == (serial, serial)
    assert set(meter["voltage_V"]) == {"L1", "L2", "L3"}
    assert meter["power_W"]["total"] == pytest.approx(11_000, rel=0.05)
    assert (hardware["min_current_A_import"], hardware["max_current_A_import"]) == (6.0, 32.0)
    assert not hardware["phase_switch_during_charging"]


@warped
async def test_a_digital_pilot_is_no_protocol_of_the_interface(tmp_path: Path) -> None:
    async with home(tmp_path, plugged="true", car="tesla") as here:
        await elapse(60)
        assert (await here.status())["charge_protocol"] == "Unknown"


@pytest.mark.long
@warped
async def test_a_unit_that_is_gone_is_unknown_and_not_available(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        assert (await here.status())["state"] == "Unplugged"
        await here.simulator.act("power_cycle", off_s=600)
        await elapse(300)
        gone = await here.status()
        await elapse(600)
        back = await here.status()

    assert (gone["state"], gone["available"]) == ("Unknown", False)
    assert (back["state"], back["available"]) == ("Unplugged", True)


@warped
async def test_an_alert_of_the_unit_is_an_error_of_its_evse(tmp_path: Path) -> None:
    extras = {"handle-alert": "12"}
    async with home(tmp_path, **extras) as here:
        await here.simulator.act("button", hold_s=45)
        await elapse(42)
        errors = (await here.client.active_errors()).active_errors
        present = (await here.status())["error_present"]
        await elapse(120)
        later = (await here.client.active_errors()).active_errors

    assert [(error.type, error.sub_type, error.message) for error in errors] == [
        ("generic/VendorWarning", "12", "alert 12")
    ]
    assert present
    assert later == ()


@warped
async def test_a_session_is_told_from_plug_to_unplug(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        states = []
        await here.simulator.act("plug")
        for _ in range(60):
            await elapse(2)
            states.append((await here.status())["state"])
        await here.simulator.act("unplug")
        await here.polled()
        ended = await here.status()

    assert list(dict.fromkeys(states)) in (["Unplugged", "Preparing", "Charging"], ["Preparing", "Charging"])
    assert ended["state"] == "Unplugged"
    assert ended["charged_energy_wh"] > 0


@warped
async def test_a_charge_point_behind_the_gateway_does_all_that_it_can(tmp_path: Path) -> None:
    async with home(tmp_path, "ac-phase-switch", make="everest", plugged="true", car="hlc") as here:
        await elapse(30)
        shown = await here.status()
        assert (shown["state"], shown["display_parameters"]["present_soc"]) == ("Charging", 40)
        errors = [await here.error("SetACChargingPhaseCount", phase_count=1)]
        await here.polled()
        errors += [
            await here.error("SetDCChargingPower", max_power=2300),
            await here.error("SetChargingAllowed", charging_allowed=False),
        ]
        await elapse(10)
        paused = await here.status()
        together = await here.asked(
            "SetACCharging", charging_allowed=True, max_current=10, phase_count=paused_phases(paused)
        )
        await elapse(20)
        charging = await here.status()
        errors += [
            await here.error("EnableConnector", connector_index=1, enable=False, priority=0),
            await here.error("EnableConnector", connector_index=1, enable=True, priority=0),
        ]

    assert errors == ["NoError"] * 5
    assert (paused["state"], paused["charging_allowed"]) == ("ChargingPausedEVSE", False)
    assert together["error"] == "NoError"
    assert charging["state"] == "Charging"
    assert charging["ac_charge_param"]["evse_max_current"] == 10.0
    assert charging["ac_charge_status"]["evse_active_phase_count"] == 1


def paused_phases(status: Any) -> int:
    return int(status["ac_charge_status"]["evse_active_phase_count"])


@warped
async def test_an_error_of_a_charge_point_keeps_its_name(tmp_path: Path) -> None:
    async with home(tmp_path, "one-ac", make="everest") as here:
        await here.simulator.act("error", type="ac_rcd/DC", severity="High")
        await here.polled()
        (error,) = (await here.client.active_errors()).active_errors
        status = await here.status()

    assert (error.type, error.severity, error.sub_type) == ("ac_rcd/DC", "High", None)
    assert (status["state"], status["error_present"]) == ("Preparing", True)


@warped
async def test_numbers_of_evses_outlast_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        async with home(tmp_path) as here:
            assert [info.index for info in (await here.client.evse_infos()).infos] == [1]
    assert "drive/" in (tmp_path / "evse-indexes.json").read_text()
