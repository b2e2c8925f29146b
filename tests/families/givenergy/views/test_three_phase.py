"""Three-phase inverters: what is not confirmed is not said."""

from __future__ import annotations

from collections.abc import Callable

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.slots import THREE_PHASE
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views import SinglePhaseInverter, ThreePhaseInverter
from ohmstead.model import Quality

Fill = Callable[..., RegisterCache]
KIND = "inverter_three_phase"


def test_powers_come_from_the_meter_and_the_battery(filled: Fill) -> None:
    unit = ThreePhaseInverter(
        filled(KIND, p_meter_import=120.5, p_battery_discharge=1650.4, p_battery_charge=0.0).pages()
    )
    assert (unit.grid_import_power, unit.grid_export_power) == (120.5, 0)
    assert (unit.battery_discharge_power, unit.battery_charge_power) == (1650.4, 0)
    assert unit.p_battery == 1650.4


def test_a_charging_battery_is_negative(filled: Fill) -> None:
    assert ThreePhaseInverter(filled(KIND, p_battery_charge=900.0).pages()).p_battery == -900.0


def test_nodes_of_single_phase_units_are_never_carried_over(filled: Fill) -> None:
    cache = filled(KIND)
    cache.store(Bank.IR, 24, (500,))
    cache.store(Bank.IR, 30, (500,))
    unit = ThreePhaseInverter(cache.pages())
    assert unit.p_grid_out_ph1 is None
    assert unit.p_grid_out is None
    assert unit.p_load_demand is None
    assert unit.i_grid_port is None


def test_frozen_registers_are_hidden_once_its_own_have_come(filled: Fill) -> None:
    cache = filled(KIND)
    cache.store(Bank.IR, 41, (245,))
    assert ThreePhaseInverter(cache.pages()).t_inverter_heatsink == 24.5
    cache.store(Bank.IR, 1001, (3400,))
    unit = ThreePhaseInverter(cache.pages())
    assert unit.t_inverter_heatsink is None
    assert unit.v_pv1 == 340.0
    assert unit.model_dump()["t_inverter_heatsink"] is None


def test_calibration_words_are_no_settings() -> None:
    assert not hasattr(ThreePhaseInverter, "grid_import_limit")
    assert ThreePhaseInverter.grid_r_voltage_adjustment.write is None


def test_values_per_phase_are_marked_as_provisional(filled: Fill) -> None:
    unit = ThreePhaseInverter(filled(KIND, p_meter_import=5.0).pages())
    assert unit.value_of("p_meter_active_ac3").quality is Quality.SUSPECT
    assert unit.value_of("p_meter_import").quality is Quality.GOOD


def test_it_has_ten_slots_and_its_own_methods() -> None:
    unit = ThreePhaseInverter({})
    assert unit.slot_map is THREE_PHASE
    assert unit.set_force_charge(True)
    assert not isinstance(unit, SinglePhaseInverter)


def test_export_priority_stays_readable_and_its_throughput_adds_up(filled: Fill) -> None:
    unit = ThreePhaseInverter(
        filled(KIND, e_battery_charge_total=1500.1, e_battery_discharge_total=1400.2).pages()
    )
    assert unit.e_battery_throughput == 2900.3
