"""The register tables of high-voltage batteries: stack controller, module, aggregator, management."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import EVERY, INSTALLER, MODEL, NOT_OWN, WIRE
from ohmstead.families.givenergy.registers.kinds import gateway_version, serial
from ohmstead.families.givenergy.types import Bank, BcuStatus
from ohmstead.kit.wire.tables.quantities import (
    HIGH_BYTE,
    LOW_BYTE,
    amp_hours,
    amps,
    celsius,
    choice,
    kilowatt_hours,
    number,
    percent,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of three high-voltage plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class BcuTable(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The controller of a stack."""

    pack_software_version = gateway_version(60, note="BCU software version: 4 ASCII + 4 digit bytes")
    number_of_modules = number(64, note="Modules (BMUs) in this stack")
    cells_per_module = number(65)
    temperature_sensors_per_module = number(66, evidence=INSTALLER)
    total_cell_count = number(67, note="Total cells in the stack")
    total_temperature_sensor_count = number(68)
    afe_counts = number(69, evidence=INSTALLER, note="AFE counts, two bytes")
    status = number(70, shared=True, note="Inverter run state")
    status_label = choice(70, BcuStatus, shared=True)
    relay_input_status = number(71, evidence=INSTALLER, note="Relay input bits")
    relay_output_status = number(72, evidence=INSTALLER, note="Relay output bits")
    battery_voltage = volts(73, per=10, bounds=(0, 1000), evidence=WIRE, note="Voltage at the bus side of the stack relay")
    load_voltage = volts(74, per=10, bounds=(0, 1000), evidence=WIRE, note="Voltage at the cell side; closer to the sum of cell voltages")
    battery_current = amps(76, signed=True, per=10, bounds=(-500, 500), evidence=WIRE, note="Stack current, signed, + = charging (opposite of the plant convention)")
    battery_power = watts(79, signed=True, times=100, evidence=WIRE, note="Stack power in steps of 100 W, signed, + = charging (wire-verified against voltage*current)")
    battery_soc_max = percent(80, part=HIGH_BYTE, bounds=(0, 100), note="Stack SOC, high byte")
    battery_soc_min = percent(80, part=LOW_BYTE, bounds=(0, 100), note="Stack SOC, low byte")
    battery_soh = percent(81, bounds=(0, 100), note="Battery state of health")
    charge_energy_total = kilowatt_hours(82, wide=True, per=10)
    discharge_energy_total = kilowatt_hours(84, wide=True, per=10)
    charge_capacity_total = amp_hours(86, wide=True, per=10, evidence=WIRE, note="Lifetime charge throughput (wire-verified scale)")
    discharge_capacity_total = amp_hours(88, wide=True, per=10, evidence=WIRE, note="Lifetime discharge throughput (wire-verified scale)")
    charge_energy_today = kilowatt_hours(90, wide=True, per=10)
    discharge_energy_today = kilowatt_hours(92, wide=True, per=10)
    charge_capacity_today = amp_hours(94, wide=True, per=10, evidence=WIRE, note="Charge throughput today (wire-verified scale)")
    discharge_capacity_today = amp_hours(96, wide=True, per=10, evidence=WIRE, note="Discharge throughput today (wire-verified scale)")
    battery_nominal_capacity_ah = amp_hours(98, per=10)
    remaining_battery_capacity_ah = amp_hours(99, per=10)
    number_of_cycles = number(100, evidence=WIRE, note="Charge cycles, unscaled (wire-verified on 81xx and 40xx; not reconcilable on ALL_IN_ONE)")
    charge_discharge_status = number(101, evidence=INSTALLER)
    min_discharge_voltage = volts(102, per=10)
    max_charge_voltage = volts(103, per=10)
    min_discharge_current = amps(104, per=10)
    max_charge_current = amps(105, per=10)
    fan_speed_and_status = number(106, evidence=INSTALLER, note="Fan speed byte and status byte")
    fan_fault_code = number(107)
    pack_balance_status = number(108, wide=True, evidence=INSTALLER, note="Balancing bits")
    debug_1 = number(110, evidence=INSTALLER)
    debug_2 = number(111, evidence=INSTALLER)
    self_check_status = number(113)
    pack_warning_status = number(114, wide=True)
    pack_protection_status = number(116, wide=True)
    pack_fault_status = number(118, wide=True)
    v_cell_max = volts(120, per=1000, evidence=INSTALLER, note="Highest cell voltage")
    v_cell_max_module = number(121, evidence=INSTALLER)
    v_cell_max_cell = number(122, evidence=INSTALLER, note="Cell of highest voltage")
    v_cell_min = volts(123, per=1000, evidence=INSTALLER, note="Lowest cell voltage")
    v_cell_min_module = number(124, evidence=INSTALLER)
    v_cell_min_cell = number(125, evidence=INSTALLER, note="Cell of lowest voltage")
    t_cell_max = celsius(126, signed=True, per=10, evidence=INSTALLER, note="Highest cell temperature")
    t_cell_max_module = number(127, evidence=INSTALLER, note="Module of highest temperature")
    t_cell_max_cell = number(128, evidence=INSTALLER, note="Cell of highest temperature")
    t_cell_min = celsius(129, signed=True, per=10, evidence=INSTALLER, note="Lowest cell temperature")
    t_cell_min_module = number(130, evidence=INSTALLER, note="Module of lowest temperature")
    t_cell_min_cell = number(131, evidence=INSTALLER, note="Cell of lowest temperature")
    t_copper_bar_1 = celsius(132, signed=True, per=10, evidence=INSTALLER, note="Bus-bar temperature 1")
    t_copper_bar_2 = celsius(133, signed=True, per=10, evidence=INSTALLER, note="Bus-bar temperature 2")
    v_cell_range = volts(134, per=1000, evidence=INSTALLER, note="Cell voltage spread")
    t_cell_range = celsius(135, per=10, evidence=INSTALLER, note="Cell temperature spread")
    v_cell_average = volts(136, per=1000, evidence=INSTALLER)
    t_cell_average = celsius(137, signed=True, per=10, evidence=INSTALLER)
    serial_number = serial(138)


class BmuTable(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """A module of 24 cells."""

    v_cell_01 = volts(60, per=1000, bounds=(1, 5))
    v_cell_02 = volts(61, per=1000, bounds=(1, 5))
    v_cell_03 = volts(62, per=1000, bounds=(1, 5))
    v_cell_04 = volts(63, per=1000, bounds=(1, 5))
    v_cell_05 = volts(64, per=1000, bounds=(1, 5))
    v_cell_06 = volts(65, per=1000, bounds=(1, 5))
    v_cell_07 = volts(66, per=1000, bounds=(1, 5))
    v_cell_08 = volts(67, per=1000, bounds=(1, 5))
    v_cell_09 = volts(68, per=1000, bounds=(1, 5))
    v_cell_10 = volts(69, per=1000, bounds=(1, 5))
    v_cell_11 = volts(70, per=1000, bounds=(1, 5))
    v_cell_12 = volts(71, per=1000, bounds=(1, 5))
    v_cell_13 = volts(72, per=1000, bounds=(1, 5))
    v_cell_14 = volts(73, per=1000, bounds=(1, 5))
    v_cell_15 = volts(74, per=1000, bounds=(1, 5))
    v_cell_16 = volts(75, per=1000, bounds=(1, 5))
    v_cell_17 = volts(76, per=1000, bounds=(1, 5))
    v_cell_18 = volts(77, per=1000, bounds=(1, 5))
    v_cell_19 = volts(78, per=1000, bounds=(1, 5))
    v_cell_20 = volts(79, per=1000, bounds=(1, 5))
    v_cell_21 = volts(80, per=1000, bounds=(1, 5))
    v_cell_22 = volts(81, per=1000, bounds=(1, 5))
    v_cell_23 = volts(82, per=1000, bounds=(1, 5))
    v_cell_24 = volts(83, per=1000, bounds=(1, 5))
    t_cell_01 = celsius(90, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 1 of 12")
    t_cell_02 = celsius(91, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 2 of 12")
    t_cell_03 = celsius(92, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 3 of 12")
    t_cell_04 = celsius(93, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 4 of 12")
    t_cell_05 = celsius(94, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 5 of 12")
    t_cell_06 = celsius(95, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 6 of 12")
    t_cell_07 = celsius(96, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 7 of 12")
    t_cell_08 = celsius(97, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 8 of 12")
    t_cell_09 = celsius(98, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 9 of 12")
    t_cell_10 = celsius(99, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 10 of 12")
    t_cell_11 = celsius(100, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 11 of 12")
    t_cell_12 = celsius(101, signed=True, per=10, bounds=(-60, 150), note="Module temperature sensor 12 of 12")
    t_cell_13 = celsius(102, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_14 = celsius(103, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_15 = celsius(104, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_16 = celsius(105, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_17 = celsius(106, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_18 = celsius(107, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_19 = celsius(108, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_20 = celsius(109, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_21 = celsius(110, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_22 = celsius(111, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_23 = celsius(112, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    t_cell_24 = celsius(113, signed=True, per=10, bounds=(-60, 150), models=NOT_OWN, evidence=WIRE, note="Window into the next module (its sensors 1-12) or unpopulated; views report null")
    serial_number = serial(114)


class AioModuleTable(BmuTable):
    """A module inside an All-in-One."""


class BamsTable(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=INSTALLER):
    """The aggregator of several stacks."""

    software_version = gateway_version(60, note="BAMS software: 4 ASCII + 4 digit bytes")
    bcu_count = number(64)
    online_bcu_count = number(65)


class BmsTable(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=WIRE):
    """The battery management: what there is."""

    bams_count = number(60, note="BAMS devices")
    bcu_count = number(61, note="BCU stacks - drives detection")
    bmu_count = number(62, note="Modules in total (all stacks)")
    cell_count = number(63, note="Cells: observed 96 (4 modules) and 144 (6 modules), i.e. total cells")
    temperature_sensor_count = number(64, note="Sensors: observed 48 and 72, i.e. total sensors")
