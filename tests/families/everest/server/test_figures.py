"""The members of a status that the reference leaves empty: filled for everybody, as the schema allows."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.schema.objects import (
    DCChargeParametersObj,
    DisplayParametersObj,
    MeterDataObj,
)
from ohmstead.families.everest.server import EvseEvent
from ohmstead.testing import warped
from tests.families.everest.bench import AT, calling, improved, served
from tests.families.everest.test_replay import METER

DC = DCChargeParametersObj(
    evse_maximum_charge_current=300.0,
    evse_maximum_charge_power=100_000.0,
    evse_maximum_voltage=920.0,
    evse_minimum_charge_current=1.0,
    evse_minimum_charge_power=200.0,
    evse_minimum_voltage=200.0,
    evse_maximum_discharge_current=100.0,
)
SHOWN = DisplayParametersObj(
    present_soc=40,
    minimum_soc=10,
    target_soc=80,
    maximum_soc=100,
    remaining_time_to_minimum_soc=0,
    remaining_time_to_target_soc=3600,
    remaining_time_to_maximum_soc=-5,
    charging_complete=False,
    battery_energy_capacity=60_000.0,
    inlet_hot=False,
)


async def status(caller: Any, index: int = 1) -> dict[str, Any]:
    return (await caller.result("EVSE.GetStatus", index))["status"]


@warped
async def test_ac_parameters_follow_from_current_voltage_and_phases(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        point.evses[1].mains_reported(voltage_v=230.0, frequency_hz=50.0)
        point.evses[1].limits_enforced(16.0, 3)
        expected = {
            "evse_nominal_voltage": 230.0,
            "evse_max_current": 16.0,
            "evse_max_phase_count": 3,
            "evse_maximum_charge_power": 11_040.0,
            "evse_minimum_charge_power": 1_380.0,
            "evse_nominal_frequency": 50.0,
        }
        assert (await status(plain))["ac_charge_param"] == expected
        point.evses[1].limits_enforced(16.0, 1)
        assert (await status(plain))["ac_charge_param"]["evse_maximum_charge_power"] == 3_680.0


@warped
async def test_unknown_figures_are_zero_where_the_schema_wants_them(fixture: Any) -> None:
    async with improved(fixture) as (_, network), calling(network) as plain:
        parameters = (await status(plain))["ac_charge_param"]

    assert "evse_nominal_voltage" not in parameters
    assert (parameters["evse_nominal_frequency"], parameters["evse_maximum_charge_power"]) == (0.0, 0.0)


@warped
async def test_powers_of_discharging_stand_there_while_a_session_runs_both_ways(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        evse = point.evses[1]
        evse.mains_reported(voltage_v=230.0, frequency_hz=50.0)
        evse.hardware_reported(msgspec.structs.replace(evse.hardware, max_current_A_export=10.0))
        assert "evse_maximum_discharge_power" not in (await status(plain))["ac_charge_param"]
        evse.happened(EvseEvent.SESSION_STARTED, AT)
        evse.session_reported(is_bidirectional=True)
        assert (await status(plain))["ac_charge_param"]["evse_maximum_discharge_power"] == 6_900.0
        evse.happened(EvseEvent.SESSION_FINISHED, AT)
        assert "evse_maximum_discharge_power" not in (await status(plain))["ac_charge_param"]


@pytest.mark.parametrize(
    ("current_a", "voltage_v", "achieved"),
    [
        (100.0, 400.0, [False, False, False]),
        (297.0, 300.0, [False, True, False]),
        (247.5, 400.0, [True, False, False]),
        (2.0, 911.0, [False, False, True]),
        (296.9, 300.0, [False, False, False]),
        (-99.0, 400.0, [False, True, False]),
        (-98.9, 400.0, [False, False, False]),
    ],
)
@warped
async def test_a_dc_session_says_what_it_may_and_does(
    fixture: Any, current_a: float, voltage_v: float, achieved: list[bool]
) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        evse = point.evses[2]
        evse.happened(EvseEvent.SESSION_STARTED, AT)
        evse.dc_reported(DC, current_a=current_a, voltage_v=voltage_v)
        evse.limits_enforced(32.0, 3)
        found = await status(plain, 2)
        names = ("evse_power_limit_achieved", "evse_current_limit_achieved", "evse_voltage_limit_achieved")
        assert [found["dc_charge_status"][name] for name in names] == achieved
        assert "evse_maximum_discharge_current" not in found["dc_charge_param"]
        assert not {"ac_charge_param", "ac_charge_status"} & set(found)
        evse.happened(EvseEvent.SESSION_FINISHED, AT)
        assert not {"dc_charge_param", "dc_charge_status"} & set(await status(plain, 2))


@warped
async def test_all_that_a_car_says_is_shown_until_it_is_unplugged(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        evse = point.evses[1]
        evse.happened(EvseEvent.SESSION_STARTED, AT)
        for present_soc in (40, 41):
            evse.display_reported(msgspec.structs.replace(SHOWN, present_soc=present_soc))
        shown = (await status(plain))["display_parameters"]
        assert shown == msgspec.to_builtins(SHOWN) | {"start_soc": 40, "present_soc": 41}
        assert len(shown) == 11
        evse.happened(EvseEvent.SESSION_FINISHED, AT)
        assert "display_parameters" not in await status(plain)


@warped
async def test_the_reference_passes_on_three_members_of_a_car(fixture: Any) -> None:
    async with served(fixture) as (point, network), calling(network) as plain:
        point.evses[1].display_reported(SHOWN)
        shown = (await status(plain))["display_parameters"]
        point.evses[2].display_reported(DisplayParametersObj(inlet_hot=True))

        assert shown == {"present_soc": 40, "battery_energy_capacity": 60_000.0}
        assert "display_parameters" not in await status(plain, 2)


@warped
async def test_a_meter_has_its_number_and_its_neutral_current(fixture: Any) -> None:
    reading = METER | {"serial_number": "M-1", "current_A": {"L1": 16.0, "N": 0.5}}
    for serve, expected in ((improved, {"L1": 16.0, "N": 0.5}), (served, {"L1": 16.0})):
        async with serve(fixture) as (point, network), calling(network) as plain:
            point.evses[1].meter_reported(msgspec.convert(reading, MeterDataObj), AT)
            found = (await plain.result("EVSE.GetMeterData", 1))["meter_data"]
            assert found["current_A"] == expected
            assert ("serial_number" in found) is (serve is improved)


@warped
async def test_an_event_that_says_nothing_of_the_state_leaves_it(fixture: Any) -> None:
    for serve, state in ((improved, "AuthRequired"), (served, "Unknown")):
        async with serve(fixture) as (point, network), calling(network) as plain:
            point.evses[1].happened(EvseEvent.AUTH_REQUIRED, AT)
            point.evses[1].happened(EvseEvent.AUTHORIZED, AT)
            assert (await status(plain))["state"] == state
