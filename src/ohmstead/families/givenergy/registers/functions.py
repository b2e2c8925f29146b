"""Holding registers 120 to 239: grid code, switches and accessories."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    APP,
    EVERY,
    MODEL,
    VENDOR_DOC,
    destructive,
    installer,
    user,
    user_gated,
)
from ohmstead.families.givenergy.registers.kinds import fault_bits, string
from ohmstead.families.givenergy.types import Bank, PowerFactorFunctionModel
from ohmstead.kit.wire.tables.quantities import (
    amps,
    celsius,
    choice,
    flag,
    hertz,
    number,
    percent,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class GridCode(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Reactive power, ride-through and switches."""

    discharge_soc_stop_1 = percent(120)
    enable_local_command_test = flag(121)
    power_factor_function_model = choice(122, PowerFactorFunctionModel)
    frequency_load_limit_rate = number(123)
    enable_low_voltage_fault_ride_through = flag(124)
    enable_frequency_derating = flag(125)
    enable_above_6kw_system = flag(126)
    start_system_auto_test = flag(127)
    enable_spi = flag(128)
    power_factor_cmd_memory_state = number(129)
    power_factor_point_1_load_percent = percent(130)
    power_factor_point_1_power_factor = number(131)
    power_factor_point_2_load_percent = percent(132)
    power_factor_point_2_power_factor = number(133)
    power_factor_point_3_load_percent = percent(134)
    power_factor_point_3_power_factor = number(135)
    power_factor_point_4_load_percent = percent(136)
    power_factor_point_4_power_factor = number(137)
    cei021_v1s_q = volts(138, per=10)
    cei021_v2s_q = volts(139, per=10)
    cei021_v1l_q = volts(140, per=10)
    cei021_v2l_q = volts(141, per=10)
    cei021_lock_in_active_power = number(142)
    cei021_lock_out_active_power = number(143)
    cei021_lock_in_grid_voltage = volts(144, per=10)
    cei021_lock_out_grid_voltage = volts(145, per=10)
    lvfrt_reactive_rate = number(146)
    lvfrt_low_fault_value_1 = number(147)
    lvfrt_low_fault_time_1 = number(148)
    lvfrt_low_fault_value_2 = number(149)
    lvfrt_low_fault_time_2 = number(150)
    lvfrt_low_fault_value_3 = number(151)
    lvfrt_low_fault_time_3 = number(152)
    lvfrt_low_fault_value_4 = number(153)
    lvfrt_low_fault_time_4 = number(154)
    lvfrt_high_fault_value_1 = number(155)
    lvfrt_high_fault_time_1 = number(156)
    inverter_reboot = number(163, write=user(100, 100), note="Write 100 to restart the inverter")
    enable_rtc = flag(166, write=user(0, 1), note="Real-time control: when on, settings are persisted to EEPROM")
    threephase_balance_mode = number(167)
    threephase_abc = number(168)
    threephase_balance_1 = number(169)
    threephase_balance_2 = number(170)
    threephase_balance_3 = number(171)
    enable_battery_on_pv_or_grid = flag(175)
    debug_inverter = number(176)
    enable_ups_mode = flag(177)
    enable_g100_limit_switch = flag(178)
    enable_battery_cable_impedance_alarm = flag(179)


class SinglePhaseGridCode(GridCode, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=VENDOR_DOC):
    """The same on single-phase units."""

    reset_energy_totals = number(162, write=destructive(1, 1), note="Write 1 clears every lifetime counter; irreversible")
    firmware_flash_flag = number(164, note="Firmware update trigger; never write")
    usb_transfer_mode = number(165, evidence=APP)
    enable_manual_battery_heater = flag(172, write=user_gated(0, 1), evidence=APP, note="Manual battery heater; hardware gated")
    wake_battery = number(174, write=installer(), note="Wake the battery from sleep")


class Accessories(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Parallel operation, the hot-water diverter, fault words."""

    enable_inverter_parallel_mode = flag(199, write=user_gated(0, 1), note="Parallel mode switch (historically mislabelled self-consumption logic)")
    cmd_bms_flash_update = flag(200)
    inverter_errors = number(223, wide=True, shared=True, note="32-bit inverter fault word (raw)")
    inverter_fault_messages = fault_bits(223, "inverter", wide=True, shared=True, note="Named faults of the 32-bit fault word")


class SinglePhaseAccessories(Accessories, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=VENDOR_DOC):
    """The same on single-phase units."""

    new_serial_number = string(180, 7, secret=True, note="Longer serial-number area (7 registers); identifier, redact")
    ignore_external_generation_meter = number(192, evidence=APP)
    battery_parallel_mode = number(198, note="Battery parallel mode 0/1")
    restart_battery = number(201, write=installer(), note="Write 1 resets the BMS")
    diverter_v_grid = volts(202, per=10)
    diverter_v_out2 = volts(203, per=10)
    diverter_v_out1 = volts(204, per=10)
    diverter_i_user = amps(205, per=10)
    diverter_i_pv = amps(206, per=10)
    diverter_t_ntc = celsius(207, per=10)
    diverter_i_out = amps(208, per=10)
    diverter_p_op1 = watts(209, per=10)
    diverter_p_op2 = watts(210, per=10)
    diverter_p_pv = watts(211, per=10)
    diverter_p_user = watts(212, per=10)
    diverter_f_out = hertz(213, per=100)
    diverter_serial = string(214, 5, secret=True, note="Hot-water diverter serial; identifier, redact")
    diverter_arm_version = number(219)
    diverter_dsp_version = number(220)
    diverter_status = number(221)
    diverter_run_type = number(222)
    diverter_on_off = number(230)
    diverter_active_rate = watts(231, per=10)
