"""Packs, stacks and modules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.serials import words_of
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views import Battery, BatteryModule, Bcu

Fill = Callable[..., RegisterCache]


def test_the_energy_left_is_counted_nominally_and_as_measured(filled: Fill) -> None:
    pack = Battery(filled("battery_lv", cap_remaining=131.42, num_cells=16, v_out=51.816).pages())
    assert pack.remaining_energy_nominal_wh == 6728.7
    assert pack.remaining_energy_measured_wh == 6809.7


def test_without_a_number_of_cells_the_nominal_energy_is_the_measured_one(filled: Fill) -> None:
    pack = Battery(filled("battery_lv", cap_remaining=100.0, v_out=52.0).pages())
    assert pack.remaining_energy_nominal_wh == 5200.0


@pytest.mark.parametrize(("serial", "valid"), [("BG2134G123", True), ("", False), ("BG2134", False)])
def test_a_pack_is_there_when_it_has_a_serial(filled: Fill, serial: str, valid: bool) -> None:
    assert Battery(filled("battery_lv", serial_number=serial).pages()).is_valid is valid


@pytest.mark.parametrize(
    ("inverter", "inverter_firmware", "pack_firmware", "current_a"),
    [
        (Model.HYBRID_GEN3, 302, 3022, 5.2),
        (Model.HYBRID_GEN3, 302, 3021, None),
        (Model.HYBRID_GEN3, 302, 4008, None),
        (Model.HYBRID_GEN3, 302, 4009, 5.2),
        (Model.AC, 282, 4009, 5.2),
        (Model.AC, 214, 4009, None),
        (Model.HYBRID_GEN1, 449, 4009, None),
        (None, None, 4009, None),
    ],
)
def test_a_packs_current_is_only_told_where_it_is_measured(
    filled: Fill,
    inverter: Model | None,
    inverter_firmware: int | None,
    pack_firmware: int,
    current_a: float | None,
) -> None:
    cache = filled("battery_lv", i_battery=5.2, bms_firmware_version=pack_firmware)
    pack = Battery(cache.pages(), inverter=inverter, inverter_firmware=inverter_firmware)
    assert pack.i_battery == current_a
    assert pack.model_dump()["i_battery"] == current_a


def test_cells_come_as_a_row_too(filled: Fill) -> None:
    pack = Battery(filled("battery_lv", v_cell_01=3.232, v_cell_16=3.238, t_cells_13_16=14.6).pages())
    assert pack.cell_voltages[0] == 3.232
    assert pack.cell_voltages[15] == 3.238
    assert pack.cell_temperatures == (0.0, 0.0, 0.0, 14.6)


def test_a_module_has_twelve_temperatures_of_its_own(filled: Fill) -> None:
    module = BatteryModule(filled("bmu", t_cell_12=20.1, t_cell_13=19.9, serial_number="HC2414G123").pages())
    assert module.t_cell_12 == 20.1
    assert module.t_cell_13 is None
    assert len(module.cell_temperatures) == 12
    assert len(module.cell_voltages) == 24
    assert module.serial_number == "HC2414G123"


def test_a_split_serial_is_one_serial_and_no_temperature(filled: Fill) -> None:
    cache = filled("bmu")
    cache.store(Bank.IR, 110, words_of("HC"))
    cache.store(Bank.IR, 114, (0, *words_of("2414G123")))
    module = BatteryModule(cache.pages(), address=0x53)
    assert module.serial_number == "HC2414G123"
    assert module.model_dump()["serial_number"] == "HC2414G123"
    assert module.t_cell_21 is None
    assert module.module_address == 0x53


@pytest.mark.parametrize(
    ("base", "words", "serial"),
    [
        (110, words_of("HD"), "HD2414G123"),
        (117, words_of("G9"), "HC2414G923"),
        (110, (0x0101,), "2414G123"),
        (114, words_of("HE"), "HE2414G123"),
    ],
)
def test_a_serial_is_followed_whichever_of_its_registers_changes(
    filled: Fill, base: int, words: tuple[int, ...], serial: str
) -> None:
    cache = filled("bmu")
    cache.store(Bank.IR, 110, words_of("HC"))
    cache.store(Bank.IR, 114, (0, *words_of("2414G123")))
    module = BatteryModule(cache.pages())
    assert module.model_dump()["serial_number"] == "HC2414G123"
    cache.store(Bank.IR, base, words)
    assert module.later(cache.pages(), {}).model_dump()["serial_number"] == serial


def test_a_controllers_power_is_positive_while_charging(filled: Fill) -> None:
    stack = Bcu(filled("bcu", battery_power=-1600, battery_current=-3.7).pages())
    assert (stack.battery_power, stack.battery_current) == (-1600, -3.7)
