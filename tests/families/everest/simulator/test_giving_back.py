"""Cars that give back: sessions in which energy may flow both ways, and what the charge point tells of them."""

from __future__ import annotations

import pytest

from ohmstead.families.everest.schema import methods
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.objects import ACChargeParametersObj, DCChargeParametersObj
from ohmstead.families.everest.schema.results import ErrorResObj
from ohmstead.testing import elapse, warped
from tests.families.everest.simulator.conftest import Bench, Opened

both = pytest.mark.parametrize(
    ("model", "car", "expected_w"),
    [("ac-bidirectional", "bpt", -10 * 230.0 * 3), ("dc-bidirectional", "dc-bpt", -10 * 400.0)],
)


async def asked_for(bench: Bench, current_a: float) -> Error:
    """As the interface has it: below 0 what a car is to give back. Our own client has no such call."""
    named = {"evse_index": 1, "max_current": current_a}
    answer = await bench.client.line.call(methods.SET_AC_CHARGING_CURRENT, named, ErrorResObj, within_s=10)
    return answer.error


def parameters(bench: Bench) -> ACChargeParametersObj | DCChargeParametersObj:
    found = bench.status().dc_charge_param or bench.status().ac_charge_param
    assert found is not None
    return found


@pytest.mark.long
@both
@pytest.mark.parametrize("mode", ["improved", "reference"])
@warped
async def test_a_car_gives_back_what_it_is_asked_for_and_everybody_counts_it(
    charge_point: Opened, model: str, car: str, expected_w: float, mode: str
) -> None:
    async with charge_point(model, car=car, soc="60", plugged="true", mode=mode) as bench:
        await bench.until("Charging")
        charged_wh = bench.meter().energy_Wh_import.total
        answered = await asked_for(bench, -10)
        await elapse(600)
        meter, status = bench.meter(), bench.status()
        given_w = bench.world.power_w("everest")

        assert answered is Error.ERROR_VALUES_NOT_APPLIED
        assert (status.state, status.charge_protocol) == ("Charging", "ISO15118_20")
        assert meter.power_W is not None
        assert meter.power_W.total == pytest.approx(expected_w, rel=0.01)
        assert 0.97 * -expected_w < given_w < 1.01 * -expected_w
        assert meter.energy_Wh_export is not None
        assert meter.energy_Wh_export.total == pytest.approx(-expected_w / 6, rel=0.02)
        assert meter.energy_Wh_import.total - charged_wh < 150
        assert status.discharged_energy_wh == pytest.approx(meter.energy_Wh_export.total, abs=2.0)
        assert bench.simulator.state()["evses"][0]["soc_pct"] < 60


@both
@warped
async def test_powers_of_discharging_stand_there_while_such_a_session_runs(
    charge_point: Opened, model: str, car: str, expected_w: float
) -> None:
    async with charge_point(model, car=car) as bench:
        await bench.act("plug")
        await bench.until("Charging")
        await elapse(2)
        while_it_runs = parameters(bench).evse_maximum_discharge_power
        await bench.act("stop")
        await elapse(2)
        stopped = bench.status()
        await bench.act("unplug")
        await elapse(2)
        gone = bench.status()

    assert while_it_runs == {"bpt": 16 * 230.0 * 3, "dc-bpt": 125 * 400.0}[car]
    for status in (stopped, gone):
        assert status.dc_charge_param is None
        assert status.ac_charge_param is None or status.ac_charge_param.evse_maximum_discharge_power is None


@both
@warped
async def test_it_charges_again_when_it_is_allowed_a_current_again(
    charge_point: Opened, model: str, car: str, expected_w: float
) -> None:
    async with charge_point(model, car=car, plugged="true") as bench:
        await bench.until("Charging")
        await asked_for(bench, -10)
        await elapse(10)
        await asked_for(bench, 8)
        await elapse(10)
        power = bench.meter().power_W

        assert power is not None
        assert power.total > 5_000


@pytest.mark.long
@warped
async def test_a_car_keeps_what_it_needs_to_drive(charge_point: Opened) -> None:
    async with charge_point("ac-bidirectional", car="bpt", soc="10.1", plugged="true") as bench:
        await bench.until("Charging")
        await asked_for(bench, -16)
        await elapse(1_200)
        power = bench.meter().power_W

        assert bench.simulator.state()["evses"][0]["soc_pct"] == pytest.approx(10.0, abs=0.1)
        assert power is not None
        assert power.total == 0.0


@pytest.mark.parametrize(("model", "car"), [("ac-bidirectional", "hlc"), ("one-ac", "bpt")])
@warped
async def test_where_either_side_cannot_nothing_flows_back(
    charge_point: Opened, model: str, car: str
) -> None:
    async with charge_point(model, car=car, plugged="true") as bench:
        await bench.until("Charging")
        assert parameters(bench).evse_maximum_discharge_power is None
        await asked_for(bench, -10)
        await elapse(30)
        power = bench.meter().power_W

        assert bench.status().state == "ChargingPausedEVSE"
        assert power is not None
        assert power.total == 0.0
