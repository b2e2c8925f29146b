"""Holding registers 1000 to 1165: the settings that only three-phase units have."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    APP,
    EVERY,
    MODEL,
    destructive,
    installer,
    user,
    user_gated,
)
from ohmstead.families.givenergy.registers.kinds import nominal, time_slot
from ohmstead.families.givenergy.types import Bank, BatteryMaintenance, BatteryType, PowerFactorFunctionModel
from ohmstead.kit.wire.tables.quantities import (
    amps,
    choice,
    flag,
    hertz,
    number,
    percent,
    ratio,
    seconds,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class ThreePhaseGrid(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Grid limits and reactive power."""

    system_enable = flag(1000, note="Inverter on/off")
    set_command_save = flag(1001, note="Persist settings flag (read back only)")
    active_rate = percent(1002)
    reactive_rate = percent(1003)
    set_power_factor = number(1004)
    real_time_control = flag(1005, write=user_gated(0, 1))
    grid_connect_time = seconds(1007)
    grid_reconnect_time = seconds(1008)
    grid_connect_slope = ratio(1009, per=10)
    com_baud_rate = number(1010)
    grid_reconnect_slope = number(1011)
    hybrid_model_hi = number(1012, evidence=APP, note="Model option word high")
    hybrid_model_lo = number(1013, evidence=APP, note="Model option word low (factory, type, grid standard)")
    three_phase_factory_reset = number(1016, write=destructive(1, 1), evidence=APP, note="Factory reset keeping meter data; write 1, irreversible")
    meter_fail_enable = number(1017)
    v_grid_low_limit_trip = volts(1018, per=10, bounds=(0, 500))
    v_grid_high_limit_trip = volts(1019, per=10, bounds=(0, 500))
    f_grid_low_limit_trip = hertz(1020, per=100, bounds=(40, 70))
    f_grid_high_limit_trip = hertz(1021, per=100, bounds=(40, 70))
    v_grid_low_limit_reconnect = volts(1022, per=10, bounds=(0, 500))
    v_grid_high_limit_reconnect = volts(1023, per=10, bounds=(0, 500))
    f_grid_low_limit_reconnect = hertz(1024, per=100, bounds=(40, 70))
    f_grid_high_limit_reconnect = hertz(1025, per=100, bounds=(40, 70))
    v_grid_low_limit_grid = volts(1026, per=10, bounds=(0, 500))
    v_grid_high_limit_grid = volts(1027, per=10, bounds=(0, 500))
    f_grid_low_limit_grid = hertz(1028, per=100, bounds=(40, 70))
    f_grid_high_limit_grid = hertz(1029, per=100, bounds=(40, 70))
    v_grid_low_limit_cee = volts(1030, per=10, bounds=(0, 500))
    v_grid_high_limit_cee = volts(1031, per=10, bounds=(0, 500))
    f_grid_low_limit_cee = hertz(1032, per=100, bounds=(40, 70))
    f_grid_high_limit_cee = hertz(1033, per=100, bounds=(40, 70))
    time_grid_low_voltage_limit_trip = seconds(1034, per=100)
    time_grid_high_voltage_limit_trip = seconds(1035, per=100)
    time_grid_low_voltage_limit_reconnect = seconds(1036, per=100)
    time_grid_high_voltage_limit_reconnect = seconds(1037, per=100)
    time_grid_low_freq_limit_trip = seconds(1038, per=100)
    time_grid_high_freq_limit_trip = seconds(1039, per=100)
    time_grid_low_freq_limit_reconnect = seconds(1040, per=100)
    time_grid_high_freq_limit_reconnect = seconds(1041, per=100)
    v_10min_protect = volts(1042, per=10, bounds=(0, 500))
    pf_model = choice(1043, PowerFactorFunctionModel)
    f_over_derate_start = hertz(1045, per=100, bounds=(40, 70))
    f_over_derate_slope = hertz(1046)
    q_lockin_power = number(1047)
    q_lock_out_power = number(1048, write=installer())
    pf_lock_in_voltage = volts(1049, per=10, bounds=(0, 500))
    pf_lock_out_voltage = volts(1050, per=10, bounds=(0, 500))
    f_under_derate_slope = hertz(1051, per=1000)
    v_reactive_delay_time = seconds(1052, per=1000)
    time_over_freq_delay_time = seconds(1053, per=100)
    pf_limit_load_1 = percent(1054)
    pf_limit_pf_1 = number(1055)
    pf_limit_load_2 = percent(1056)
    pf_limit_pf_2 = number(1057)
    pf_limit_load_3 = percent(1058)
    pf_limit_pf_3 = number(1059)
    pf_limit_load_4 = percent(1060)
    pf_limit_pf_4 = number(1061)
    export_power_rate = percent(1063, per=10, bounds=(0, 100), write=installer(0, 1000), note="Export (backflow) limit, percent of rating")
    f_under_derate_start = hertz(1064, per=100, bounds=(40, 70))
    f_under_derate_end = hertz(1065, per=100, bounds=(40, 70))
    f_over_derate_end = hertz(1066, per=100, bounds=(40, 70))
    time_under_freq_derate_delay = seconds(1067, per=100)
    f_over_derate_stop = hertz(1069, per=100, bounds=(40, 70))
    f_over_derate_recovery_delay = seconds(1070, per=100)
    zero_current_low_voltage = volts(1071, per=10, bounds=(0, 500))
    zero_current_high_voltage = volts(1072, per=10, bounds=(0, 500))
    f_power_on_recovery = hertz(1073, per=100, bounds=(40, 70))
    f_under_derate_stop = hertz(1074, per=100, bounds=(40, 70))
    f_under_derate_recovery_delay = seconds(1075, per=100)


class ThreePhaseBattery(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Battery, windows, limits and installation."""

    pv_input_mode = number(1077, write=installer())
    battery_reserve_soc = percent(1078, write=user(4, 100), note="Battery reserve percentage")
    ac_power_derate_delay = seconds(1079, per=100)
    battery_type = choice(1080, BatteryType, note="Battery chemistry")
    qu_curve_volt_high_point_1 = number(1081, write=installer())
    qu_curve_volt_high_point_2 = number(1082, write=installer())
    qu_curve_volt_low_point_1 = number(1083, write=installer())
    qu_curve_volt_low_point_2 = number(1084, write=installer())
    voltage_reactive_power_percentage = number(1085, write=installer())
    qu_curve_max_inductive_reactive_power = number(1086, write=installer())
    qu_curve_max_capacitive_reactive_power = number(1087, write=installer())
    max_charge_current = amps(1088)
    v_battery_lv = volts(1089, per=10, bounds=(0, 1000))
    v_battery_cv = volts(1090, per=10, bounds=(0, 1000))
    lead_acid_number = ratio(1091, per=10)
    drms_enable = flag(1093)
    aging_test = number(1098)
    bypass_enable = flag(1100)
    npe_enable = flag(1101)
    export_power_limit = watts(1102, write=installer())
    enable_export_limit = flag(1103, write=installer(0, 1))
    unbalance_output_enable = flag(1104)
    backup_enable = flag(1105)
    v_backup_nominal = nominal(1106, "V", (230.0, 208.0, 240.0))
    f_backup_nominal = nominal(1107, "Hz", (50.0, 60.0))
    battery_discharge_limit_ac = percent(1108, write=user_gated(1, 100), note="Discharge power rate, percent of rating")
    battery_soc_reserve = percent(1109, write=user(4, 100), note="Lowest SOC the battery may be taken to")
    battery_charge_limit_ac = percent(1110, write=user_gated(1, 100), note="Charge power rate, percent of rating")
    charge_target_soc = percent(1111, write=user(4, 100), note="SOC at which AC charging stops when enable_charge_target is set")
    ac_charge_enable = flag(1112, write=user(0, 1), note="Enable AC charge windows (three-phase)")
    charge_slot_1 = time_slot(1113, write=user(0, 2359), note="AC charge window 1")
    charge_slot_2 = time_slot(1115, write=user(0, 2359), note="AC charge window 2")
    load_compensation_enable = flag(1117)
    discharge_slot_1 = time_slot(1118, write=user(0, 2359), note="DC discharge window 1")
    discharge_slot_2 = time_slot(1120, write=user(0, 2359), note="DC discharge window 2")
    force_discharge_enable = flag(1122, write=user(0, 1))
    force_charge_enable = flag(1123, write=user(0, 1))
    battery_maintenance_mode = choice(1124, BatteryMaintenance, otherwise=BatteryMaintenance.OFF)
    enable_lora_3ph = number(1125, write=installer(), evidence=APP, note="LoRa radio")
    meter_ct_direction = number(1126, write=installer(), evidence=APP)
    load_shedding_voltage_upper = volts(1127, per=10, write=installer(), evidence=APP, note="Voltage derating upper point")
    load_shedding_voltage_lower = volts(1128, per=10, write=installer(), evidence=APP, note="Voltage derating lower point")
    load_shedding_min_active_power = percent(1129, write=installer(), evidence=APP, note="Minimum active power during derating")
    import_limit_3ph = amps(1130, write=installer(), evidence=APP, note="Import current limit")
    enable_import_limit_3ph = number(1131, write=installer(0, 1), evidence=APP)
    spec_model = number(1132, evidence=APP, note="Specification model")
    inverter_power_model = watts(1133, times=100, evidence=APP, note="Power class, units of 100 W")
    work_mode_switch = number(1134, evidence=APP)
    soc_base = percent(1141, evidence=APP, note="SOC base (4-100)")
    pcs_work_mode = number(1142, evidence=APP)
    pcs_can_address = number(1143, evidence=APP)
    enable_meter_wiring_detection = number(1144, write=installer(0, 1), evidence=APP)
    meter_wiring_detection_state = number(1149, write=installer(), evidence=APP)
    safety_function_control = number(1156, write=installer(), evidence=APP)
    active_power_per_mille = ratio(1158, per=1000, write=installer(), evidence=APP, note="Active power ratio")
    q_p_high_high_point = number(1159, write=installer(), evidence=APP, note="Q(P) upper point high")
    q_p_high_low_point = number(1160, write=installer(), evidence=APP, note="Q(P) upper point low")
    q_p_low_high_point = number(1161, write=installer(), evidence=APP, note="Q(P) lower point high")
    q_p_low_low_point = number(1162, write=installer(), evidence=APP, note="Q(P) lower point low")
    q_p_lock_in_voltage = volts(1163, per=10, write=installer(), evidence=APP, note="Q(P) lock-in voltage")
    q_p_lock_out_voltage = volts(1164, per=10, write=installer(), evidence=APP, note="Q(P) lock-out voltage")
    min_power_factor = number(1165, write=installer(), evidence=APP, note="Minimum power factor")
