"""Installers' settings: exactly what the registers can hold, and through their own door only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ohmstead.families.givenergy import commands, gates
from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.wire import WriteRequest

SETTINGS: list[tuple[Callable[[], Any], Model, int, int]] = [
    (lambda: commands.set_battery_nominal_power(3600), Model.AC, 308, 3600),
    (lambda: commands.set_battery_nominal_current(60), Model.AC, 309, 60),
    (lambda: commands.set_battery_max_charge(95), Model.AC, 310, 95),
    (lambda: commands.set_anti_islanding(True), Model.HYBRID_GEN1, 115, 1),
    (lambda: commands.set_grid_import_limit_enabled(False), Model.HYBRID_GEN1, 102, 0),
    (lambda: commands.set_plant_mode(True), Model.ALL_IN_ONE, 300, 1),
    (lambda: commands.set_micro_grid(True), Model.ALL_IN_ONE, 332, 1),
    (lambda: commands.set_ev_charger(True), Model.ALL_IN_ONE, 333, 1),
    (lambda: commands.set_ev_charger_soc_limit(0), Model.ALL_IN_ONE, 336, 0),
    (lambda: commands.set_generator(True), Model.ALL_IN_ONE, 343, 1),
    (lambda: commands.set_generator_start_soc(20), Model.ALL_IN_ONE, 344, 20),
    (lambda: commands.set_generator_stop_soc(90), Model.ALL_IN_ONE, 345, 90),
    (lambda: commands.set_smart_load(True), Model.HYBRID_GEN2, 540, 1),
    (lambda: commands.set_smart_load_soc(50), Model.HYBRID_GEN2, 541, 50),
    (lambda: commands.set_general_load_soc(100), Model.HYBRID_GEN2, 543, 100),
    (lambda: commands.set_generator_soc(90), Model.HYBRID_GEN2, 544, 90),
    (lambda: commands.set_export_power_rate(33.3), Model.HYBRID_3PH, 1063, 333),
    (lambda: commands.set_export_limit_enabled(True), Model.HYBRID_3PH, 1103, 1),
    (lambda: commands.set_import_limit_enabled(True), Model.HYBRID_3PH, 1131, 1),
    (lambda: commands.set_peak_shaving_export_limit_enabled(True), Model.AIO_COMMERCIAL, 20000, 1),
    (lambda: commands.set_peak_shaving(True), Model.AIO_COMMERCIAL, 20002, 1),
]


@pytest.mark.parametrize(("call", "model", "register", "value"), SETTINGS)
def test_an_installers_setting_passes_the_installers_gate_and_no_other(
    call: Callable[[], Any], model: Model, register: int, value: int
) -> None:
    requests = call()
    assert requests == [WriteRequest(0x11, register, value)]
    plant = PlantCapabilities(device_type=model)
    gates.check_writes(requests, plant, gates.installer(confirm=False))
    with pytest.raises(gates.InvalidPduState, match="installer"):
        gates.check_writes(requests, plant, gates.USER_GATED)


@pytest.mark.parametrize(
    ("call", "model"),
    [
        (commands.clear_energy_totals, Model.HYBRID_GEN1),
        (commands.reset_three_phase_to_factory, Model.HYBRID_3PH),
        (commands.set_gateway_black_start, Model.GATEWAY),
        (commands.reset_gateway_to_factory, Model.GATEWAY),
        (lambda: commands.set_grid_protection("v_ac_low_limit_trip", 184.5, confirm=True), Model.HYBRID_GEN1),
    ],
)
def test_what_cannot_be_taken_back_takes_a_word_more(call: Callable[[], Any], model: Model) -> None:
    plant = PlantCapabilities(device_type=model)
    with pytest.raises(gates.InvalidPduState, match="confirm=True"):
        gates.check_writes(call(), plant, gates.installer(confirm=False))
    gates.check_writes(call(), plant, gates.installer(confirm=True))


@pytest.mark.parametrize(
    ("setting", "value", "raw"),
    [
        ("v_ac_low_limit_trip", 184.5, 1845),
        ("f_ac_high_limit_trip", 52.05, 5205),
        ("t_ac_low_voltage_trip", 2.5, 250),
    ],
)
def test_grid_protection_is_said_in_its_own_unit(setting: str, value: float, raw: int) -> None:
    (request,) = commands.set_grid_protection(setting, value, confirm=True)
    assert isinstance(request, WriteRequest)
    assert request.value == raw


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("v_ac_low_limit_trip", 184.55),
        ("v_ac_low_limit_trip", 500.1),
        ("v_ac_low_limit_trip", -1),
        ("f_ac_low_limit_trip", 39.9),
        ("v_ac_low_limit_trip", True),
        ("v_ac_low_limit_trip", float("nan")),
        ("v_ac_low_limit_trip", float("inf")),
        ("charge_target_soc", 50),
        ("nonsense", 1),
    ],
)
def test_what_a_register_cannot_hold_exactly_is_refused(setting: str, value: float) -> None:
    with pytest.raises(ValueError, match=r"steps|may be|number|no setting"):
        commands.set_grid_protection(setting, value, confirm=True)


def test_grid_protection_is_not_set_by_accident() -> None:
    with pytest.raises(ValueError, match="confirm=True"):
        commands.set_grid_protection("v_ac_low_limit_trip", 184)
