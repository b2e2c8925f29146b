"""Charge points in the simulated home, over their real wire."""

from __future__ import annotations

import pytest

from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.model import ConfigError
from ohmstead.testing import elapse, warped

from .conftest import Opened

ORDINARY = [
    "Unplugged",
    "Preparing",
    "AuthRequired",
    "Unknown",
    "Preparing",
    "Charging",
    "FinishedEV",
    "Finished",
    "Unplugged",
]


@warped
async def test_a_session_is_told_as_a_reference_tells_it(charge_point: Opened) -> None:
    async with charge_point(mode="reference") as bench:
        await elapse(2)
        await bench.act("plug")
        await bench.until("Charging")
        await elapse(60)
        await bench.act("unplug")
        await elapse(3)

        assert bench.states() == ORDINARY
        assert 150 < bench.status().charged_energy_wh < 250
        assert 55 <= bench.status().charging_duration_s <= 70


@warped
async def test_the_meter_agrees_with_the_world(charge_point: Opened) -> None:
    async with charge_point(plugged="true") as bench:
        await bench.until("Charging")
        await elapse(600)
        drawn_w = -bench.world.power_w("everest")
        power, meter = bench.meter().power_W, bench.meter()

        assert power is not None
        assert drawn_w == pytest.approx(11_040, rel=0.01)
        assert power.total == pytest.approx(drawn_w, rel=0.002)
        assert meter.energy_Wh_import.total == pytest.approx(
            bench.simulator.station.outlets[0].meter.total_wh, abs=4.0
        )
        assert meter.energy_Wh_import.total == pytest.approx(bench.world.grid.imported_wh, abs=10.0)
        assert meter.current_A is not None
        measured_a = meter.current_A.L1
        assert measured_a == pytest.approx(16.0, rel=0.003)


@warped
async def test_two_evses_share_one_fuse(charge_point: Opened) -> None:
    async with charge_point("two-ac", request="32") as bench:
        await bench.act("car", evse=2, most_a=32)
        await bench.act("plug")
        await elapse(10)
        assert bench.status(1).ac_charge_param is not None
        alone_a = [evse["offered_a"] for evse in bench.simulator.state()["evses"]]
        await bench.act("plug", evse=2)
        await elapse(10)
        together_a = [evse["offered_a"] for evse in bench.simulator.state()["evses"]]
        await bench.client.set_ac_charging_current(1, 10)
        await elapse(3)
        limited_a = [evse["offered_a"] for evse in bench.simulator.state()["evses"]]

    assert alone_a == [32.0, 20.0]
    assert together_a == [20.0, 20.0]
    assert limited_a == [10.0, 30.0]


@warped
async def test_phases_are_switched_while_charging(charge_point: Opened) -> None:
    async with charge_point("ac-phase-switch", plugged="true") as bench:
        await bench.until("Charging")
        assert (await bench.client.set_ac_charging_phase_count(1, 1)).is_applied
        await bench.until("SwitchingPhases")
        await bench.until("Charging")
        await elapse(3)
        status, power = bench.status(), bench.meter().power_W

    assert status.ac_charge_status is not None
    assert status.ac_charge_status.evse_active_phase_count == 1
    assert power is not None
    assert power.total == pytest.approx(3_680, rel=0.01)
    assert (power.L2, power.L3) == (0.0, 0.0)


@warped
async def test_a_dc_session_charges_with_the_power_of_its_car(charge_point: Opened) -> None:
    async with charge_point("one-dc", plugged="true", request="125") as bench:
        await bench.until("Charging")
        await elapse(10)
        power, status = bench.meter().power_W, bench.status()

        assert power is not None
        assert power.total == pytest.approx(50_000, rel=0.01)
        assert -bench.world.power_w("everest") == pytest.approx(50_000 / 0.975, rel=0.01)
        assert status.charge_protocol == "ISO15118"
        assert status.ac_charge_param is None
        assert status.display_parameters is not None
        assert status.display_parameters.present_soc == 40


@warped
async def test_an_evse_without_identifier_is_never_listed(charge_point: Opened) -> None:
    async with charge_point("no-identifier", is_ready=False) as bench:
        await elapse(10)

        assert not bench.client.is_ready
        assert (await bench.client.evse_infos()).error is Error.ERROR_NO_DATA_AVAILABLE
        assert (await bench.client.status(1)).error is Error.NO_ERROR


@warped
async def test_a_stronger_say_overrides_ours(charge_point: Opened) -> None:
    async with charge_point() as bench:
        await bench.act("enable", source="OCPP", is_enabled=False, priority=100)
        weak = await bench.client.enable_connector(1, 1, enable=True, priority=5000)
        await elapse(2)
        assert bench.status().state == "Disabled"
        strong = await bench.client.enable_connector(1, 1, enable=True, priority=0)
        await elapse(2)

        assert (weak.error, strong.error) == (Error.ERROR_VALUES_NOT_APPLIED, Error.NO_ERROR)
        assert (bench.status().state, bench.status().available) == ("Unplugged", True)


@warped
async def test_errors_are_raised_and_cleared(charge_point: Opened) -> None:
    async with charge_point() as bench:
        raised = await bench.act("error", severity="High", message="relay welded")
        await bench.act("error", evse=0, type="generic/VendorWarning")
        await elapse(1)
        errors = bench.client.mirror.active_errors
        assert [(error.message, error.origin.evse_index) for error in errors] == [
            ("relay welded", 1),
            ("raised by hand", 0),
        ]
        assert bench.status().error_present
        await bench.act("clear_error", uuid=raised["uuid"])
        await elapse(1)

        assert not bench.status().error_present
        assert len(bench.client.mirror.active_errors) == 1


@warped
async def test_a_restart_keeps_the_meters_totals(charge_point: Opened) -> None:
    async with charge_point(plugged="true") as bench:
        await elapse(60)
        before_wh = bench.meter().energy_Wh_import.total
        await bench.act("restart")
        await elapse(5)
        await bench.client.ready()

        assert bench.status().state in {"Preparing", "AuthRequired", "Charging"}
        assert bench.meter().energy_Wh_import.total >= before_wh > 0


@warped
async def test_every_action_does_what_it_says(charge_point: Opened) -> None:
    async with charge_point("ac-phase-switch", authorisation="asked", car="hlc") as bench:
        await bench.act("car", kind="hlc", soc_pct=79.9, most_a=10, phases=1)
        await bench.act("reserve")
        await bench.until("Reserved")
        await bench.act("plug")
        await bench.until("AuthRequired")
        await bench.act("authorise")
        await bench.until("Charging")
        await bench.act("pause")
        await bench.until("ChargingPausedEVSE")
        await bench.act("resume")
        await bench.until("Charging")
        await bench.act("car_pause")
        await bench.until("ChargingPausedEV")
        await bench.act("car_pause", is_pausing=False)
        await bench.until("Charging")
        await bench.act("limit", current_a=5.0, valid_for_s=10)
        await bench.until("ChargingPausedEVSE")
        await bench.until("Charging")
        await bench.act("fuse", current_a=5.0)
        await bench.until("ChargingPausedEVSE")
        await bench.act("fuse", current_a=40.0)
        await bench.until("Charging")
        await bench.act("charge", soc_pct=100)
        await bench.until("ChargingPausedEV")
        await bench.act("stop")
        await bench.until("FinishedEVSE")
        await bench.act("switching", is_able=False)
        await elapse(1)
        hardware = bench.client.mirror.evses[1].hardware_capabilities
        assert hardware is not None
        assert not hardware.phase_switch_during_charging
        await bench.act("unplug")
        await bench.until("Reserved")
        await bench.act("reserve", is_on=False)
        await bench.until("Unplugged")
        await bench.act("kick")
        await elapse(1)
        await bench.client.ready()


@pytest.mark.parametrize(
    ("action", "parameters", "why"),
    [
        ("fly", {}, "no action is called 'fly'"),
        ("plug", {"evse": 9}, "there is no EVSE 9"),
        ("unplug", {}, "no car is plugged in"),
        ("car", {"kind": "dc"}, "does not fit"),
        ("car", {"most_a": 1}, "draws up to 6 A at least"),
        ("car", {"kind": "boat"}, "no such car"),
        ("display", {"members": {"present_soc": "full"}}, "no display parameters"),
        ("error", {"severity": "Bad"}, "a severity is one of"),
        ("error", {"type": ["VendorWarning"]}, "type, message and sub_type of an error are texts"),
        ("enable", {"priority": -1}, "a priority is"),
    ],
)
@warped
async def test_what_cannot_be_done_is_said(
    charge_point: Opened, action: str, parameters: dict[str, object], why: str
) -> None:
    async with charge_point() as bench:
        with pytest.raises(ConfigError, match=why):
            await bench.act(action, **parameters)
