"""The register table of low-voltage battery packs, and of the controller that some stacks have."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import EVERY, MODEL, VENDOR_DOC
from ohmstead.families.givenergy.registers.kinds import serial
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables.quantities import (
    HIGH_BYTE,
    LOW_BYTE,
    amp_hours,
    amps,
    celsius,
    kilowatt_hours,
    number,
    numbers,
    percent,
    volts,
)

SOURCE: Final = "deployed clients, checked against captures of packs of four plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class BatteryTable(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """A pack of 16 cells."""

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
    t_cells_01_04 = celsius(76, signed=True, per=10, bounds=(-60, 150), note="Temperature of cells 1-4")
    t_cells_05_08 = celsius(77, signed=True, per=10, bounds=(-60, 150), note="Temperature of cells 5-8")
    t_cells_09_12 = celsius(78, signed=True, per=10, bounds=(-60, 150), note="Temperature of cells 9-12")
    t_cells_13_16 = celsius(79, signed=True, per=10, bounds=(-60, 150), note="Temperature of cells 13-16")
    v_cells_sum = volts(80, per=1000, bounds=(16, 80), note="Sum of cell voltages")
    t_bms_mosfet = celsius(81, signed=True, per=10, bounds=(-60, 150))
    v_out = volts(82, wide=True, per=1000, bounds=(16, 80), note="Pack output voltage (32-bit millivolts)")
    cap_calibrated = amp_hours(84, wide=True, per=100, note="Full-charge capacity after calibration")
    cap_design = amp_hours(86, wide=True, per=100)
    cap_remaining = amp_hours(88, wide=True, per=100)
    status_1 = number(90, part=HIGH_BYTE)
    status_2 = number(90, part=LOW_BYTE)
    status_3 = number(91, part=HIGH_BYTE)
    status_4 = number(91, part=LOW_BYTE)
    status_5 = number(92, part=HIGH_BYTE)
    status_6 = number(92, part=LOW_BYTE)
    status_7 = number(93, part=HIGH_BYTE)
    warning_1 = number(94, part=HIGH_BYTE)
    warning_2 = number(94, part=LOW_BYTE)
    i_battery = amps(95, signed=True, per=100, bounds=(-300, 300), note="Battery current, signed")
    num_cycles = number(96, note="Charge cycles")
    num_cells = number(97, note="Cell count")
    bms_firmware_version = number(98, note="BMS firmware number")
    unused_99 = number(99, evidence=VENDOR_DOC, note="Unused; spare addresses may show residue (528/272) on absent packs")
    soc = percent(100, bounds=(0, 100))
    cap_design2 = amp_hours(101, wide=True, per=100, note="Design capacity, second copy")
    t_max = celsius(103, signed=True, per=10, bounds=(-60, 150), note="Highest cell temperature")
    t_min = celsius(104, signed=True, per=10, bounds=(-60, 150), note="Lowest cell temperature")
    e_battery_discharge_total = kilowatt_hours(105, per=10)
    e_battery_charge_total = kilowatt_hours(106, per=10)
    force_discharge_flag = number(107, note="Forced-discharge flag")
    unused_108 = numbers(108, 2, evidence=VENDOR_DOC)
    serial_number = serial(110)
    usb_device_inserted = number(115, note="USB device present")
    unused_116 = numbers(116, 4, evidence=VENDOR_DOC)


class LvBcuTable(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The controller of a low-voltage stack."""

    bms_status_1 = number(60)
    bms_status_2 = number(61)
    request_charge_current = amps(62)
    request_discharge_current = amps(63)
