"""givenergy-modbus 2.13.0 cannot tell our plants from GivEnergy's."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.compat, pytest.mark.xdist_group("givenergy-modbus")]

Met = dict[str, Any]  # JSON of the client

CAPABILITIES: dict[str, dict[str, Any]] = {
    "hybrid-gen1": {
        "device_type": "HYBRID_GEN1",
        "lv_battery_addresses": [0x32, 0x33],
        "arm_firmware_version": 449,
    },
    "hybrid-gen2": {
        "device_type": "HYBRID_GEN2",
        "meter_addresses": [1],
        "lv_battery_addresses": [0x32],
        "lv_bcu_address": 0x31,
        "arm_firmware_version": 920,
    },
    "ac": {"device_type": "AC", "lv_battery_addresses": [0x32], "arm_firmware_version": 282},
    "all-in-one": {
        "device_type": "ALL_IN_ONE",
        "bcu_stacks": [[0, 4]],
        "aio_battery_module_addresses": [0x50, 0x51, 0x52, 0x53],
        "arm_firmware_version": 612,
    },
    "hybrid-hv-gen3": {
        "device_type": "HYBRID_HV_GEN3",
        "meter_addresses": [1],
        "bcu_stacks": [[0, 3]],
        "hv_bmu_addresses": [0x50, 0x51, 0x52],
    },
    "hybrid-3ph": {
        "device_type": "HYBRID_3PH",
        "meter_addresses": [1, 2],
        "bcu_stacks": [[0, 6]],
        "hv_bmu_addresses": [0x50, 0x51, 0x52, 0x53, 0x54, 0x55],
    },
    "ems": {"device_type": "EMS", "meter_addresses": [1, 3], "arm_firmware_version": 1036},
    "gateway": {"device_type": "GATEWAY", "meter_addresses": [1, 2], "arm_firmware_version": 14},
}
NOTHING: dict[str, Any] = {
    "inverter_address": 0x11,
    "meter_addresses": [],
    "lv_battery_addresses": [],
    "bcu_stacks": [],
    "aio_battery_module_addresses": [],
    "hv_bmu_addresses": [],
    "lv_bcu_address": None,
    "arm_firmware_version": None,
}
SERIALS = {
    "hybrid-gen1": "SA2114G000",
    "hybrid-gen2": "EA2302G000",
    "ac": "CE2231G000",
    "all-in-one": "CH2414G000",
    "hybrid-hv-gen3": "FG2444G000",
    "hybrid-3ph": "TC2337G000",
    "ems": "EMS2522000",
    "gateway": "GW2412G000",
}
SINGLE_PHASE = ("hybrid-gen1", "hybrid-gen2", "ac", "all-in-one", "hybrid-hv-gen3")
NIGHT = "TimeSlot(start=datetime.time(1, 30), end=datetime.time(4, 30))"
EVENING = "TimeSlot(start=datetime.time(17, 0), end=datetime.time(19, 30))"


@pytest.mark.parametrize("plant", CAPABILITIES)
def test_it_detects_what_each_plant_is_made_of(met: Met, plant: str) -> None:
    found = met["found"][plant]
    assert found["capabilities"] == {**NOTHING, **CAPABILITIES[plant]}
    assert found["hinted"] == found["capabilities"]
    assert found["before"]["inverter"]["serial_number"] == SERIALS[plant]


@pytest.mark.parametrize("plant", SINGLE_PHASE)
def test_the_powers_it_reads_add_up(met: Met, plant: str) -> None:
    found = met["found"][plant]["before"]["inverter"]
    assert found["p_grid_out_ph1"] == found["p_load_demand"] + found["p_grid_out"]
    assert found["p_load_demand"] > 100
    assert found["status"] == 1
    assert 4 <= found["battery_soc"] <= 100


def test_it_reads_the_packs(met: Met) -> None:
    packs = {plant: met["found"][plant]["before"]["packs"] for plant in ("hybrid-gen1", "hybrid-gen2", "ac")}
    assert {plant: [pack["serial_number"] for pack in found] for plant, found in packs.items()} == {
        "hybrid-gen1": ["BG2134G000", "DZ2228G000"],
        "hybrid-gen2": ["DF2244G000"],
        "ac": ["AC0000G000"],
    }
    for found in packs.values():
        for pack in found:
            cells = [pack[f"v_cell_{number:02}"] for number in range(1, 17)]
            assert sum(cells) == pytest.approx(pack["v_cells_sum"], abs=0.002)
            assert pack["v_out"] == pytest.approx(pack["v_cells_sum"], abs=0.05)


def test_it_reads_the_stacks(met: Met) -> None:
    modules = {plant: found["before"]["modules"] for plant, found in met["found"].items()}
    assert modules["hybrid-hv-gen3"] == [3]
    assert modules["hybrid-3ph"] == [6]


def test_it_reads_the_ems_and_the_inverters_behind_it(met: Met) -> None:
    found = met["found"]["ems"]["before"]["ems"]
    assert (found["inverter_1_serial_number"], found["inverter_count"]) == ("CE2231G000", 2)
    inverters_w = found["inverter_1_power"] + found["inverter_2_power"]
    assert found["total_battery_power"] == pytest.approx(inverters_w, abs=1)


def test_it_reads_the_gateway_and_its_totals(met: Met) -> None:
    found = met["found"]["gateway"]["before"]["gateway"]
    assert found["e_pv_total"] == pytest.approx(5087.0, abs=0.2)
    assert found["aio1_serial_number"] == "CH2414G000"
    assert found["p_ac1"] == pytest.approx(found["p_pv"] + found["p_liberty"] - found["p_load"], abs=2)


@pytest.mark.parametrize("plant", [*SINGLE_PHASE, "gateway"])
def test_what_it_commands_stands_in_the_registers(met: Met, plant: str) -> None:
    found = met["found"][plant]["after"]["inverter"]
    expected = {
        "battery_soc_reserve": 12,
        "charge_slot_1": NIGHT,
        "enable_charge_target": True,
        "charge_target_soc": 85,
        "enable_charge": True,
        "battery_charge_limit": 30,
        "discharge_slot_1": EVENING,
        "enable_discharge": True,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["system_time"].startswith("2031-05-04 12:00:")


@pytest.mark.parametrize("plant", ["ac", "all-in-one"])
def test_the_block_of_ac_coupled_units_takes_its_commands(met: Met, plant: str) -> None:
    found = met["found"][plant]["after"]["inverter"]
    assert found["export_priority"] == 1
    assert found["battery_charge_limit_ac"] == 60


def test_a_three_phase_plant_takes_its_own_commands(met: Met) -> None:
    found = met["found"]["hybrid-3ph"]["after"]["inverter"]
    expected = {
        "battery_soc_reserve": 12,
        "charge_slot_1": NIGHT,
        "charge_target_soc": 85,
        "ac_charge_enable": True,
        "discharge_slot_1": EVENING,
    }
    assert {name: found[name] for name in expected} == expected


def test_an_ems_takes_its_schedule(met: Met) -> None:
    found = met["found"]["ems"]["after"]["ems"]
    expected = {"charge_slot_1": NIGHT, "charge_target_1": 88, "export_power_limit": 5000}
    assert {name: found[name] for name in expected} == expected


def test_nothing_of_ours_made_it_complain_and_nothing_of_its_was_lost(met: Met) -> None:
    assert met["complaints"] == []
    for plant, state in met["states"].items():
        assert (plant, state["damaged_bytes"], state["lost_requests"]) == (plant, 0, 0)


def test_two_of_its_clients_and_ours_on_one_plant_never_wait_in_vain(crowd: Met) -> None:
    assert crowd["found"]["retries"] == [0, 0]
    assert crowd["ours"] == {"failed": [], "packs": [0x32, 0x33]}
    assert crowd["complaints"] == []
    assert crowd["state"]["connections"] == 3
    assert crowd["state"]["lost_requests"] == 0
