"""The register tables of energy meters: one page in three scalings, and a product page."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    EMS_PLANTS,
    EVERY,
    MODEL,
    NO_ADDRESS,
    VENDOR_DOC,
    WIRE,
)
from ohmstead.families.givenergy.registers.kinds import meter_power_factor, string
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables.quantities import (
    amps,
    hertz,
    kilovar_hours,
    kilowatt_hours,
    number,
    ratio,
    vars_reactive,
    volt_amps,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class MeterTable(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Meters of single-phase plants and gateways."""

    v_phase_1 = volts(60, per=10, bounds=(0, 500))
    v_phase_2 = volts(61, per=10, bounds=(0, 500))
    v_phase_3 = volts(62, per=10, bounds=(0, 500))
    i_phase_1 = amps(63, signed=True, per=100, evidence=WIRE)
    i_phase_2 = amps(64, signed=True, per=100, evidence=WIRE)
    i_phase_3 = amps(65, signed=True, per=100, evidence=WIRE)
    i_ln = amps(66, signed=True, per=100, evidence=WIRE, note="Neutral current")
    i_total = amps(67, signed=True, per=100, evidence=WIRE)
    p_active_phase_1 = watts(68, signed=True)
    p_active_phase_2 = watts(69, signed=True)
    p_active_phase_3 = watts(70, signed=True)
    p_active_total = watts(71, signed=True)
    p_reactive_phase_1 = vars_reactive(72, signed=True)
    p_reactive_phase_2 = vars_reactive(73, signed=True)
    p_reactive_phase_3 = vars_reactive(74, signed=True)
    p_reactive_total = vars_reactive(75, signed=True)
    p_apparent_phase_1 = volt_amps(76, evidence=WIRE)
    p_apparent_phase_2 = volt_amps(77, evidence=WIRE)
    p_apparent_phase_3 = volt_amps(78, evidence=WIRE)
    p_apparent_total = volt_amps(79, evidence=WIRE)
    pf_phase_1 = meter_power_factor(80, evidence=WIRE)
    pf_phase_2 = meter_power_factor(81, evidence=WIRE)
    pf_phase_3 = meter_power_factor(82, evidence=WIRE)
    pf_total = meter_power_factor(83, evidence=WIRE)
    frequency = hertz(84, per=100, bounds=(40, 70))
    e_import_active = kilowatt_hours(85, per=10)
    e_import_reactive = kilovar_hours(86, per=10)
    e_export_active = kilowatt_hours(87, per=10)
    e_export_reactive = kilovar_hours(88, per=10)


class ThreePhaseMeterTable(MeterTable, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=WIRE):
    """EM418 meters."""

    i_phase_1 = amps(63, signed=True, per=10)
    i_phase_2 = amps(64, signed=True, per=10)
    i_phase_3 = amps(65, signed=True, per=10)
    i_ln = amps(66, signed=True, per=10, note="Neutral current")
    i_total = amps(67, signed=True, per=10)


class EmsMeterTable(MeterTable, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=WIRE):
    """Meters of EMS plants, which repeat the product page."""

    i_phase_1 = amps(63, signed=True, per=10)
    i_phase_2 = amps(64, signed=True, per=10)
    i_phase_3 = amps(65, signed=True, per=10)
    i_ln = amps(66, signed=True, per=10, note="Neutral current")
    i_total = amps(67, signed=True, per=10)
    p_apparent_phase_1 = volt_amps(76, per=10)
    p_apparent_phase_2 = volt_amps(77, per=10)
    p_apparent_phase_3 = volt_amps(78, per=10)
    p_apparent_total = volt_amps(79, per=10)
    pf_phase_1 = ratio(80, signed=True, per=10000, bounds=(-1, 1))
    pf_phase_2 = ratio(81, signed=True, per=10000, bounds=(-1, 1))
    pf_phase_3 = ratio(82, signed=True, per=10000, bounds=(-1, 1))
    pf_total = ratio(83, signed=True, per=10000, bounds=(-1, 1))
    product_serial_number = string(95, 2, secret=True, models=EMS_PLANTS, note="Copy of meter_product serial in the data page (EMS plants)")
    product_factory_code = string(97, 2, models=EMS_PLANTS, note="Copy of factory code")
    product_meter_type = number(99, models=EMS_PLANTS, note="Copy of type code")
    product_hardware_version = number(100, models=EMS_PLANTS, note="Copy of hardware version")
    product_software_version = number(101, models=EMS_PLANTS, note="Copy of software version")
    product_modbus_id = number(102, models=EMS_PLANTS, note="Copy of bus id")
    product_baud_rate = number(103, models=EMS_PLANTS, note="Copy of baud rate")


class MeterProductTable(Table, bank=Bank.MR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The product page."""

    serial_number = string(60, 2, secret=True, note="A short identifier of the meter, no device serial")
    factory_code = string(62, 2)
    meter_type = number(64)
    hardware_version = number(65)
    software_version = number(66)
    modbus_id = number(67)
    baud_rate = number(68)


class AfciTable(Table, bank=Bank.IR, source="vendor documents", models=NO_ADDRESS, evidence=VENDOR_DOC):
    """The arc-fault detector. Its address on the bus is not known, so nobody reads it."""

    channel_1_current = number(60, signed=True, note="Arc-fault detector: channel 1 current")
    channel_2_current = number(61, signed=True, note="Arc-fault detector: channel 2 current")
    channel_3_current = number(62, signed=True, note="Arc-fault detector: channel 3 current")
    channel_4_current = number(63, signed=True, note="Arc-fault detector: channel 4 current")
    warning = number(64, note="Arc-fault detector: warning")
    channel_1_strength = number(65, signed=True, note="Arc-fault detector: channel 1 strength")
    channel_2_strength = number(66, signed=True, note="Arc-fault detector: channel 2 strength")
    channel_3_strength = number(67, signed=True, note="Arc-fault detector: channel 3 strength")
    channel_4_strength = number(68, signed=True, note="Arc-fault detector: channel 4 strength")
    self_check_result = number(69, note="Arc-fault detector: self check result")
    self_check_command = number(70, note="Arc-fault detector: self check command")
    warning_threshold = number(71, note="Arc-fault detector: warning threshold")
