"""Single-phase inverters: what a model makes of the same registers, and what is worked out from them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.slots import EXTENDED, SINGLE
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views import SinglePhaseInverter

Fill = Callable[..., RegisterCache]
KIND = "inverter_single_phase"
CODES = {
    "HYBRID_GEN1": ("2001", 449),
    "HYBRID_GEN2": ("2001", 920),
    "AC": ("3001", 282),
    "ALL_IN_ONE": ("8001", 612),
}


def inverter(filled: Fill, model: str, **values: object) -> SinglePhaseInverter:
    code, firmware = CODES.get(model, (model, 0))
    cache = filled(KIND, device_type_code=code, arm_firmware_version=firmware, **values)
    return SinglePhaseInverter(cache.pages())


def test_the_model_is_the_resolved_one_and_equals_its_family(filled: Fill) -> None:
    unit = inverter(filled, "HYBRID_GEN1")
    assert unit.model is Model.HYBRID_GEN1
    assert unit.model == Model.HYBRID
    assert unit.model_family is Model.HYBRID


@pytest.mark.parametrize(("p_grid_out", "imports", "exports"), [(250, 0, 250), (-1200, 1200, 0), (0, 0, 0)])
def test_grid_power_is_told_by_direction_and_never_negative(
    filled: Fill, p_grid_out: int, imports: int, exports: int
) -> None:
    unit = inverter(filled, "HYBRID_GEN1", p_grid_out=p_grid_out)
    assert (unit.grid_import_power, unit.grid_export_power) == (imports, exports)


@pytest.mark.parametrize(("p_battery", "charge", "discharge"), [(360, 0, 360), (-2500, 2500, 0)])
def test_battery_power_is_told_by_direction_and_never_negative(
    filled: Fill, p_battery: int, charge: int, discharge: int
) -> None:
    unit = inverter(filled, "HYBRID_GEN2", p_battery=p_battery)
    assert (unit.battery_charge_power, unit.battery_discharge_power) == (charge, discharge)


def test_what_is_worked_out_of_nothing_is_nothing() -> None:
    unit = SinglePhaseInverter({})
    assert unit.p_pv is None
    assert unit.grid_import_power is None
    assert unit.e_consumption_today is None
    assert unit.battery_capacity_kwh is None
    assert unit.model is None
    assert set(unit.values.values()) <= {None}


@pytest.mark.parametrize("model", ["AC", "ALL_IN_ONE"])
def test_on_the_ac_side_the_string_registers_are_no_strings(filled: Fill, model: str) -> None:
    unit = inverter(filled, model, e_pv_generation_today=1.8, v_pv1=245.7, i_pv1=3.0)
    assert unit.e_inverter_out_today == 1.8
    assert (unit.e_pv_generation_today, unit.v_pv1, unit.i_pv1) == (None, None, None)
    assert unit.model_dump()["v_pv1"] is None
    assert unit.e_self_consumption_today is None


def test_on_a_hybrid_the_same_registers_are_strings(filled: Fill) -> None:
    unit = inverter(filled, "HYBRID_GEN1", e_pv_generation_today=1.8, v_pv1=245.7)
    assert (unit.e_pv_generation_today, unit.v_pv1) == (1.8, 245.7)
    assert unit.e_inverter_out_today is None
    assert unit.e_inverter_out_total is None


@pytest.mark.parametrize(
    ("model", "charged", "charged_total"),
    [("HYBRID_GEN1", 9.1, 183.5), ("HYBRID_GEN2", 4.8, None), ("AC", 4.8, None), ("8101", None, None)],
)
def test_battery_energy_comes_from_the_counter_that_is_right_for_the_model(
    filled: Fill, model: str, charged: float | None, charged_total: float | None
) -> None:
    unit = inverter(
        filled,
        model,
        e_battery_charge_today_alt1=4.8,
        e_battery_charge_today_alt2=9.1,
        e_battery_charge_total_alt1=183.5,
    )
    assert (unit.e_battery_charge_today, unit.e_battery_charge_total) == (charged, charged_total)
    assert unit.e_battery_charge_today_alt1 == 4.8


def test_the_energies_of_a_day_add_up(filled: Fill) -> None:
    unit = inverter(
        filled,
        "HYBRID_GEN1",
        e_pv_generation_today=12.3,
        e_grid_in_day=4.5,
        e_grid_out_day=2.1,
        e_ac_charge_today=1.2,
        e_battery_charge_today_alt2=5.0,
    )
    assert unit.e_consumption_today == 13.5
    assert unit.e_self_consumption_today == 10.2
    assert unit.e_pv_direct_today == 6.4


@pytest.mark.parametrize(
    ("code", "firmware", "slots"),
    [
        ("2001", 449, SINGLE),
        ("2001", 302, SINGLE),
        ("2001", 303, EXTENDED),
        ("8001", 612, EXTENDED),
        ("8102", 0, EXTENDED),
    ],
)
def test_the_slots_follow_from_model_and_firmware(
    filled: Fill, code: str, firmware: int, slots: object
) -> None:
    cache = filled(KIND, device_type_code=code, arm_firmware_version=firmware)
    unit = SinglePhaseInverter(cache.pages())
    assert unit.slot_map is slots


def test_ratings_follow_from_the_model(filled: Fill) -> None:
    unit = inverter(filled, "HYBRID_GEN1", battery_capacity_ah=160)
    assert (unit.inverter_max_power, unit.battery_max_power) == (5000, 2600)
    assert unit.battery_capacity_kwh == 8.192
    assert unit.is_ac_coupled is False


def test_a_stack_of_modules_has_the_voltage_of_its_modules(filled: Fill) -> None:
    cache = filled(KIND, device_type_code="8102", battery_capacity_ah=52)
    assert SinglePhaseInverter(cache.pages()).battery_capacity_kwh is None
    assert SinglePhaseInverter(cache.pages(), modules=3).battery_capacity_kwh == 12.48


@pytest.mark.parametrize(
    ("name", "words", "value"),
    [
        ("status", (9,), None),
        ("charge_slot_1", (60, 60), None),
        ("charge_slot_1", (2561, 100), None),
        ("system_time", (26, 0, 3, 4, 5, 6), None),
        ("system_time", (26, 2, 3, 24, 5, 6), None),
        ("t_inverter_heatsink", (0xFFF6,), -1.0),
        ("v_battery", (31490,), 314.9),
        ("work_time_total_hours", (0xFFFF, 0xFFFF), None),
        ("pf_inverter_output_now", (0,), None),
    ],
)
def test_odd_registers_spoil_their_own_value_and_no_other(
    filled: Fill, name: str, words: tuple[int, ...], value: object
) -> None:
    cache = filled(KIND, device_type_code="2001", p_pv1=117)
    line = SinglePhaseInverter.field(name)
    cache.store(Bank(line.bank), line.address, words)
    unit = SinglePhaseInverter(cache.pages())
    assert getattr(unit, name) == value
    assert unit.p_pv1 == 117


def test_settings_of_blocks_that_were_not_read_are_none(filled: Fill) -> None:
    cache = RegisterCache({"HR(0)": 0x2001, "HR(21)": 449})
    unit = SinglePhaseInverter(cache.pages())
    assert unit.export_priority is None
    assert unit.enable_eps is None


def test_three_phase_methods_are_not_there(filled: Fill) -> None:
    unit = inverter(filled, "HYBRID_GEN1")
    assert not hasattr(unit, "set_force_charge")
    assert not hasattr(unit, "set_battery_pause_mode")
