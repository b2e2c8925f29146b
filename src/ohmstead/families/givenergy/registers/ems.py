"""The register table of EMS controllers: a plant schedule, and a summary of meters and inverters."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import EVERY, INSTALLER, MODEL, user, user_gated
from ohmstead.families.givenergy.registers.kinds import serial, time_slot
from ohmstead.families.givenergy.types import Bank, EmsInverterStatus, MeterStatus, Status
from ohmstead.kit.wire.tables.quantities import (
    celsius,
    choice,
    kilowatt_hours,
    number,
    percent,
    watt_hours,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of an EMS plant; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class EmsSchedule(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """What the controller tells the inverters it manages."""

    plant_status = choice(2040, Status, write=user(0, 1), note="EMS plant control switch/status; write 0/1 to disable/enable plant control")
    expected_inverter_count = number(2041)
    expected_meter_count = number(2042)
    expected_car_charger_count = number(2043)
    discharge_slot_1 = time_slot(2044, write=user(0, 2359), note="Plant discharge window 1")
    discharge_target_1 = percent(2046, write=user(0, 100), note="Discharge window 1 SOC limit")
    discharge_slot_2 = time_slot(2047, write=user(0, 2359), note="Plant discharge window 2")
    discharge_target_2 = percent(2049, write=user(0, 100), note="Discharge window 2 SOC limit")
    discharge_slot_3 = time_slot(2050, write=user(0, 2359), note="Plant discharge window 3")
    discharge_target_3 = percent(2052, write=user(0, 100), note="Discharge window 3 SOC limit")
    charge_slot_1 = time_slot(2053, write=user(0, 2359), note="Plant charge window 1")
    charge_target_1 = percent(2055, write=user(0, 100), note="Charge window 1 SOC limit")
    charge_slot_2 = time_slot(2056, write=user(0, 2359), note="Plant charge window 2")
    charge_target_2 = percent(2058, write=user(0, 100), note="Charge window 2 SOC limit")
    charge_slot_3 = time_slot(2059, write=user(0, 2359), note="Plant charge window 3")
    charge_target_3 = percent(2061, write=user(0, 100), note="Charge window 3 SOC limit")
    export_slot_1 = time_slot(2062, write=user(0, 2359), note="Plant export window 1")
    export_target_1 = percent(2064, write=user(0, 100), note="Export window 1 SOC limit")
    export_slot_2 = time_slot(2065, write=user(0, 2359), note="Plant export window 2")
    export_target_2 = percent(2067, write=user(0, 100), note="Export window 2 SOC limit")
    export_slot_3 = time_slot(2068, write=user(0, 2359), note="Plant export window 3")
    export_target_3 = percent(2070, write=user(0, 100), note="Export window 3 SOC limit")
    export_power_limit = watts(2071, write=user(0, 65535), note="Plant export limit in watts")
    car_charge_mode = number(2072)
    car_charge_boost = watts(2073, write=user_gated(0, 22000))
    plant_charge_compensation = number(2074)
    plant_discharge_compensation = number(2075)


class EmsSummary(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """What the controller knows of its meters and inverters."""

    e_active_generation_total = kilowatt_hours(18, note="Second view of IR(18) on an EMS unit (unverified)")
    ems_status = choice(2040, Status, note="EMS controller run state")
    meter_count = number(2041)
    meter_types = number(2042, note="Bit mask of meter types")
    meter_1_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(0, 2))
    meter_2_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(2, 2))
    meter_3_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(4, 2))
    meter_4_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(6, 2))
    meter_5_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(8, 2))
    meter_6_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(10, 2))
    meter_7_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(12, 2))
    meter_8_status = choice(2043, MeterStatus, otherwise=MeterStatus.DISABLED, part=(14, 2))
    inverter_count = number(2044)
    inverter_1_status = number(2045, part=(0, 3), shared=True, note="Managed inverter 1: status code")
    inverter_1_suspected_status = choice(2045, EmsInverterStatus, part=(0, 3), shared=True, note="Managed inverter 1: status label (0 absent, 2 online; others unknown)")
    inverter_2_status = number(2045, part=(3, 3), shared=True, note="Managed inverter 2: status code")
    inverter_2_suspected_status = choice(2045, EmsInverterStatus, part=(3, 3), shared=True, note="Managed inverter 2: status label (0 absent, 2 online; others unknown)")
    inverter_3_status = number(2045, part=(6, 3), shared=True, note="Managed inverter 3: status code")
    inverter_3_suspected_status = choice(2045, EmsInverterStatus, part=(6, 3), shared=True, note="Managed inverter 3: status label (0 absent, 2 online; others unknown)")
    inverter_4_status = number(2045, part=(9, 3), shared=True, note="Managed inverter 4: status code")
    inverter_4_suspected_status = choice(2045, EmsInverterStatus, part=(9, 3), shared=True, note="Managed inverter 4: status label (0 absent, 2 online; others unknown)")
    meter_1_power = watts(2046, signed=True, note="Meter 1: active power, signed")
    meter_2_power = watts(2047, signed=True, note="Meter 2: active power, signed")
    meter_3_power = watts(2048, signed=True, note="Meter 3: active power, signed")
    meter_4_power = watts(2049, signed=True, note="Meter 4: active power, signed")
    meter_5_power = watts(2050, signed=True, note="Meter 5: active power, signed")
    meter_6_power = watts(2051, signed=True, note="Meter 6: active power, signed")
    meter_7_power = watts(2052, signed=True, note="Meter 7: active power, signed")
    meter_8_power = watts(2053, signed=True, note="Meter 8: active power, signed")
    inverter_1_power = watts(2054, signed=True, note="Managed inverter 1: active power, signed")
    inverter_2_power = watts(2055, signed=True, note="Managed inverter 2: active power, signed")
    inverter_3_power = watts(2056, signed=True, note="Managed inverter 3: active power, signed")
    inverter_4_power = watts(2057, signed=True, note="Managed inverter 4: active power, signed")
    inverter_1_soc = percent(2058, note="Managed inverter 1: battery SOC")
    inverter_2_soc = percent(2059, note="Managed inverter 2: battery SOC")
    inverter_3_soc = percent(2060, note="Managed inverter 3: battery SOC")
    inverter_4_soc = percent(2061, note="Managed inverter 4: battery SOC")
    inverter_1_temp = celsius(2062, signed=True, per=10, bounds=(-60, 150))
    inverter_2_temp = celsius(2063, signed=True, per=10, bounds=(-60, 150))
    inverter_3_temp = celsius(2064, signed=True, per=10, bounds=(-60, 150))
    inverter_4_temp = celsius(2065, signed=True, per=10, bounds=(-60, 150))
    inverter_1_serial_number = serial(2066)
    inverter_2_serial_number = serial(2071)
    inverter_3_serial_number = serial(2076)
    inverter_4_serial_number = serial(2081)
    calc_load_power = watts(2086)
    measured_load_power = watts(2087)
    total_generation_load_power = watts(2088)
    grid_meter_power = watts(2089, signed=True, note="Grid meter power (+ = import; observed lead, opposite of p_grid_out)")
    total_battery_power = watts(2090, signed=True, note="Sum of battery power (+ = discharge)")
    remaining_battery_wh = watt_hours(2091, note="Energy left in managed batteries")
    warnings = number(2092, evidence=INSTALLER, note="Warning bits")
    errors = number(2093, evidence=INSTALLER, note="Error bits")
    other_battery_power = watts(2094, signed=True)
    modbus_error_count = number(2095, evidence=INSTALLER, note="Bus error counter")


class EmsTable(EmsSchedule, EmsSummary):
    """All registers of an EMS but for its identity."""
