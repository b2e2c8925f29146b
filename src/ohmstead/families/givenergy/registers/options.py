"""Holding registers of options that few units have, or none has been seen to have."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    AC_BLOCK_UNCONFIRMED,
    APP,
    COMMERCIAL,
    EMS_MANAGED,
    EVERY,
    FACTORY,
    HV_CABINET,
    MODEL,
    NEWER_FIRMWARE,
    UNCONFIRMED,
    VENDOR_DOC,
    installer,
    user_gated,
)
from ohmstead.families.givenergy.registers.kinds import time_slot
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables.quantities import (
    amp_hours,
    amps,
    flag,
    kilowatt_hours,
    kilowatts,
    number,
    numbers,
    percent,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class FastControl(Table, bank=Bank.HR, source=SOURCE, models=EMS_MANAGED, evidence=VENDOR_DOC):
    """Price tables, and mirrors that an EMS uses."""

    import_price_table = numbers(360, 48, models=AC_BLOCK_UNCONFIRMED, note="48 half-hour import prices, one register each (0-20000)")
    export_price_table = numbers(420, 48, models=UNCONFIRMED, note="48 half-hour export prices, one register each (0-20000)")
    dc_wind_cvt_voltage = volts(479, per=10, models=EVERY, evidence=APP, note="Wind converter voltage set-point; never write without a validated range")
    fast_ems_status = number(480)
    fast_battery_power_mode = number(481, note="Fast-control mirror of HR27")
    fast_soc_force_adjust = number(482, note="Fast-control mirror of HR29")
    fast_discharge_slot = time_slot(483, note="Fast-control discharge window")
    fast_enable_discharge = number(485, note="Fast-control mirror of HR59")
    fast_charge_slot = time_slot(486, note="Fast-control charge window")
    fast_enable_charge = number(488, note="Fast-control mirror of HR96")
    fast_active_power_rate = percent(489, note="Fast-control mirror of HR50")
    fast_on_off = number(490, note="Fast-control on/off")
    fast_battery_soc = percent(491)
    fast_battery_power = watts(492)
    fast_total_load_power = watts(493, note="Fast mirror of load")
    fast_ems_parallel_enable = number(494)
    fast_grid_port_power_10x = watts(495, note="Grid port power written by an EMS")
    fast_inverter_power = watts(497)
    fast_fault_word_0 = number(498)


class Cabinet(Table, bank=Bank.HR, source=SOURCE, models=HV_CABINET, evidence=MODEL):
    """High-voltage cabinets."""

    hv_cabinet_count = number(499)
    hv_racks_per_cabinet = number(500)
    hv_batteries_per_rack = number(501)
    hv_cells_per_battery = number(502)
    hv_total_cells = number(503)
    hv_temp_sensors_per_battery = number(504)
    hv_total_temp_sensors = number(505)
    hv_max_pcs_power = kilowatts(506)
    hv_max_charge_voltage = volts(507, per=10)
    hv_min_discharge_voltage = volts(508)
    hv_max_charge_current = amps(509)
    hv_parallel_count = number(510)


class FastBattery(Table, bank=Bank.HR, source=SOURCE, models=EMS_MANAGED, evidence=VENDOR_DOC):
    """Further mirrors that an EMS uses."""

    fast_battery_voltage = volts(511)
    fast_battery_capacity = amp_hours(512)
    fast_discharge_soc_limit = percent(513)
    fast_charge_soc_limit = percent(514)
    fast_discharge_power_percent = percent(515)
    fast_model_code = number(516, note="Model word, units of 100 W")
    fast_request_charge_current = amps(517)
    fast_request_discharge_current = amps(518)


class SmartLoad(Table, bank=Bank.HR, source=SOURCE, models=NEWER_FIRMWARE, evidence=MODEL):
    """Outputs that switch with surplus, and a generator."""

    smart_load_slot_1 = time_slot(554, write=user_gated(0, 2359), note="Smart-load window 1")
    smart_load_slot_2 = time_slot(556, write=user_gated(0, 2359), note="Smart-load window 2")
    smart_load_slot_3 = time_slot(558, write=user_gated(0, 2359), note="Smart-load window 3")
    smart_load_slot_4 = time_slot(560, write=user_gated(0, 2359), note="Smart-load window 4")
    smart_load_slot_5 = time_slot(562, write=user_gated(0, 2359), note="Smart-load window 5")
    smart_load_slot_6 = time_slot(564, write=user_gated(0, 2359), note="Smart-load window 6")
    smart_load_slot_7 = time_slot(566, write=user_gated(0, 2359), note="Smart-load window 7")
    smart_load_slot_8 = time_slot(568, write=user_gated(0, 2359), note="Smart-load window 8")
    smart_load_slot_9 = time_slot(570, write=user_gated(0, 2359), note="Smart-load window 9")
    smart_load_slot_10 = time_slot(572, write=user_gated(0, 2359), note="Smart-load window 10")


class SinglePhaseSmartLoad(SmartLoad, bank=Bank.HR, source=SOURCE, models=NEWER_FIRMWARE, evidence=APP):
    """The same on single-phase units."""

    enable_smart_load = flag(540, write=installer(0, 1), note="Smart-load output on/off")
    smart_load_control_soc = percent(541, write=installer(50, 100))
    enable_general_load = flag(542, write=installer(0, 1), note="General-load output on/off")
    general_load_control_soc = percent(543, write=installer(50, 100))
    generator_control_soc = percent(544, write=installer(10, 90), note="SOC threshold for generator")
    generator_voltage_min = number(545, write=installer(), note="Generator input minimum voltage")
    generator_voltage_max = number(546, write=installer(), note="Generator input maximum voltage")
    generator_frequency_min = number(547, write=installer(), note="Generator input minimum frequency")
    generator_frequency_max = number(548, write=installer(), note="Generator input maximum frequency")
    smart_load_export_power = number(552, write=installer(), note="Export power that turns smart load on")
    smart_load_delay_time = number(553, write=installer())


class Factory(Table, bank=Bank.HR, source=SOURCE, models=FACTORY, evidence=MODEL):
    """Counters and settings of the factory."""

    pv_power_setting = watts(4107, wide=True)
    e_battery_discharge_total_alt2 = kilowatt_hours(4109, wide=True, per=10)
    e_battery_charge_total_alt2 = kilowatt_hours(4111, wide=True, per=10)
    e_battery_discharge_today_alt3 = kilowatt_hours(4113, per=10)
    e_battery_charge_today_alt3 = kilowatt_hours(4114, per=10)
    e_inverter_export_total = kilowatt_hours(4141, wide=True, per=10)


class ThreePhaseFactory(Factory, bank=Bank.HR, source=SOURCE, models=FACTORY, evidence=APP):
    """The same on three-phase units."""

    dual_grid_supply_mode = number(4001, write=installer(), models=EVERY)


class PeakShaving(Table, bank=Bank.HR, source=SOURCE, models=COMMERCIAL, evidence=MODEL):
    """Peak shaving of commercial units."""

    peak_shaving_export_limit_enabled = flag(20000, write=installer(0, 1))
    peak_shaving_export_limit = watts(20001, write=installer())
    peak_shaving_enabled = flag(20002, write=installer(0, 1))
    peak_shaving_threshold = watts(20003, write=installer())
    peak_shaving_import_limit_enabled = flag(20020, write=installer(0, 1))
    peak_shaving_import_limit = watts(20021, write=installer())
    peak_shaving_power = watts(20050, write=installer())
    valley_filling_power = watts(20051, write=installer())
