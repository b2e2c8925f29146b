"""The register table of three-phase inverters; what they measure is in input registers 1000 to 1413."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.ac_block import ThreePhaseAcBlock
from ohmstead.families.givenergy.registers.availability import EVERY, INSTALLER, MODEL, VENDOR_DOC
from ohmstead.families.givenergy.registers.functions import Accessories, GridCode
from ohmstead.families.givenergy.registers.kinds import fault_bits, firmware_pair, string
from ohmstead.families.givenergy.registers.measurements import Auxiliary, ThreePhaseCounters, ThreePhaseLive
from ohmstead.families.givenergy.registers.options import Cabinet, PeakShaving, SmartLoad, ThreePhaseFactory
from ohmstead.families.givenergy.registers.settings import ThreePhaseIdentity, ThreePhaseProtection
from ohmstead.families.givenergy.registers.slots import ThreePhaseExtendedSlots
from ohmstead.families.givenergy.registers.three_phase_settings import ThreePhaseBattery, ThreePhaseGrid
from ohmstead.families.givenergy.types import Bank, BatteryType, Status
from ohmstead.kit.wire.tables.quantities import (
    amps,
    celsius,
    choice,
    hertz,
    hours,
    kilowatt_hours,
    number,
    percent,
    ratio,
    seconds,
    volt_amps,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of a three-phase plant; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class ThreePhaseMeasurements(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Powers, voltages and currents."""

    v_pv1 = volts(1001, per=10, bounds=(0, 2000))
    v_pv2 = volts(1002, per=10, bounds=(0, 2000))
    i_pv1 = amps(1009, per=10, bounds=(0, 500))
    i_pv2 = amps(1010, per=10, bounds=(0, 500))
    p_pv1 = watts(1017, wide=True, per=10, bounds=(0, 100000))
    p_pv2 = watts(1019, wide=True, per=10, bounds=(0, 100000))
    p_pv_total = watts(1033, wide=True, per=10, evidence=VENDOR_DOC)
    system_status = number(1060, evidence=VENDOR_DOC, note="System status 0-9")
    v_ac1 = volts(1061, per=10, bounds=(0, 500), note="Line voltage R-S (line-to-line, about 400 V)")
    v_ac2 = volts(1062, per=10, bounds=(0, 500), note="Line voltage S-T")
    v_ac3 = volts(1063, per=10, bounds=(0, 500), note="Line voltage T-R")
    i_ac1 = amps(1064, per=10, bounds=(0, 500), note="Output current R")
    i_ac2 = amps(1065, per=10, bounds=(0, 500), note="Output current S")
    i_ac3 = amps(1066, per=10, bounds=(0, 500), note="Output current T")
    f_ac1 = hertz(1067, per=100, bounds=(40, 70), note="Grid frequency")
    power_factor = ratio(1068, signed=True, per=1000, evidence=INSTALLER, note="Output power factor, signed thousandths per vendor app")
    p_inverter_out = watts(1069, signed=True, wide=True, per=10, bounds=(-100000, 100000), note="Inverter output power, signed 32-bit")
    p_inverter_ac_charge = watts(1071, wide=True, per=10, bounds=(0, 100000), note="AC charging power")
    p_grid_apparent = volt_amps(1073, wide=True, per=10, bounds=(0, 100000), note="Output apparent power")
    system_mode = number(1075, note="0 = off-grid, 1 = on-grid")
    status = choice(1076, Status, note="Inverter run state (IR 1076)")
    start_delay_time = seconds(1077, note="Seconds until start")
    p_meter_import = watts(1079, wide=True, per=10, bounds=(0, 100000))
    p_meter_export = watts(1081, wide=True, per=10, bounds=(0, 100000))
    p_meter_active_ac1 = watts(1083, signed=True)
    p_meter_active_ac2 = watts(1084, signed=True)
    p_meter_active_ac3 = watts(1085, signed=True)
    p_load_ac1 = watts(1086, signed=True, evidence=VENDOR_DOC)
    p_load_ac2 = watts(1087, signed=True, evidence=VENDOR_DOC)
    p_load_ac3 = watts(1088, signed=True, evidence=VENDOR_DOC)
    p_load_all = watts(1089, wide=True, per=10, bounds=(0, 100000), note="Total load power")
    p_inverter_active_ac1 = watts(1091, signed=True)
    p_inverter_active_ac2 = watts(1092, signed=True)
    p_inverter_active_ac3 = watts(1093, signed=True)
    v_out_ac1 = volts(1094, per=10, bounds=(0, 500))
    v_out_ac2 = volts(1095, per=10, bounds=(0, 500))
    v_out_ac3 = volts(1096, per=10, bounds=(0, 500))
    parallel_output_mode = number(1097, evidence=VENDOR_DOC)
    parallel_id = number(1098, evidence=VENDOR_DOC)
    battery_priority = number(1120)
    battery_type_ir = choice(1121, BatteryType)
    dc_status = choice(1124, Status)
    system_set_enable = number(1125, evidence=VENDOR_DOC)
    dc_work_mode = number(1126, evidence=VENDOR_DOC, note="DC stage work mode 0-9")
    t_internal = celsius(1127, signed=True, per=10, evidence=VENDOR_DOC)
    t_inverter = celsius(1128, signed=True, per=10, bounds=(-60, 150))
    t_boost = celsius(1129, signed=True, per=10, bounds=(-60, 150))
    t_buck_boost = celsius(1130, signed=True, per=10, bounds=(-60, 150))
    v_battery_bms = volts(1131, per=10, bounds=(0, 1000))
    battery_soc = percent(1132, bounds=(0, 100))
    v_battery_pcs = volts(1133, per=10, bounds=(0, 1000))
    v_dc_bus = volts(1134, per=10)
    v_inv_bus = volts(1135, per=10, note="Voltage: inverter bus")
    p_battery_discharge = watts(1136, wide=True, per=10, bounds=(0, 100000))
    p_battery_charge = watts(1138, wide=True, per=10, bounds=(0, 100000))
    i_battery = amps(1140, signed=True, per=100, bounds=(-300, 300), note="Battery current (+ = discharge), hundredths of ampere")
    f_nominal_eps = hertz(1180, per=100, bounds=(40, 70))
    v_eps_ac1 = volts(1181, per=10, bounds=(0, 500))
    v_eps_ac2 = volts(1182, per=10, bounds=(0, 500))
    v_eps_ac3 = volts(1183, per=10, bounds=(0, 500))
    i_eps_ac1 = amps(1184, per=10, bounds=(0, 500))
    i_eps_ac2 = amps(1185, per=10, bounds=(0, 500))
    i_eps_ac3 = amps(1186, per=10, bounds=(0, 500))
    p_eps_ac1 = watts(1187, wide=True, per=10, bounds=(0, 100000))
    p_eps_ac2 = watts(1189, wide=True, per=10, bounds=(0, 100000))
    p_eps_ac3 = watts(1191, wide=True, per=10, bounds=(0, 100000))


class ThreePhaseRecords(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Faults, versions and energy counters."""

    p_export = watts(1240, wide=True, per=10, bounds=(0, 100000))
    p_meter2 = watts(1244, wide=True, per=10, bounds=(0, 100000), note="Second meter power (external PV)")
    inverter_fault_codes_0 = fault_bits(1300, "three_phase_0")
    inverter_fault_codes_1 = fault_bits(1301, "three_phase_1")
    inverter_fault_codes_2 = fault_bits(1302, "three_phase_2")
    inverter_fault_codes_3 = fault_bits(1303, "three_phase_3")
    inverter_fault_codes_4 = fault_bits(1304, "three_phase_4")
    inverter_fault_codes_5 = fault_bits(1305, "three_phase_5")
    inverter_fault_codes_6 = fault_bits(1306, "three_phase_6")
    inverter_fault_codes_7 = fault_bits(1307, "three_phase_7")
    fault_word_8 = number(1308, evidence=VENDOR_DOC, note="Parallel-operation fault word")
    tph_software_version = string(1317, 3, note="Three-phase software version")
    tph_firmware_version = string(1320, 5, note="Three-phase firmware version")
    ac_dsp_firmware_version = number(1325, shared=True)
    firmware_version = firmware_pair(1325, shared=True, note="Display string from AC-DSP (IR1325) and ARM (IR1327) numbers")
    dc_dsp_firmware_version = number(1326, shared=True)
    tph_arm_firmware_version = number(1327, shared=True)
    wake_up_state = number(1328, evidence=VENDOR_DOC, note="Wake-up state")
    main_board_version = number(1329, evidence=VENDOR_DOC)
    control_board_version = number(1330, evidence=VENDOR_DOC)
    arm_board_version = number(1331, evidence=VENDOR_DOC)
    running_time = hours(1332, evidence=VENDOR_DOC)
    fault_word_0 = number(1333, evidence=VENDOR_DOC, note="Fault word 0 repeat")
    e_inverter_out_today = kilowatt_hours(1360, wide=True, per=10)
    e_inverter_out_total = kilowatt_hours(1362, wide=True, per=10)
    e_pv1_today = kilowatt_hours(1366, wide=True, per=10)
    e_pv1_total = kilowatt_hours(1368, wide=True, per=10)
    e_pv2_today = kilowatt_hours(1370, wide=True, per=10)
    e_pv2_total = kilowatt_hours(1372, wide=True, per=10)
    e_pv_total = kilowatt_hours(1374, wide=True, per=10, note="Lifetime PV energy")
    e_ac_charge_today = kilowatt_hours(1376, wide=True, per=10)
    e_ac_charge_total = kilowatt_hours(1378, wide=True, per=10)
    e_import_today = kilowatt_hours(1380, wide=True, per=10)
    e_import_total = kilowatt_hours(1382, wide=True, per=10)
    e_export_today = kilowatt_hours(1384, wide=True, per=10)
    e_export_total = kilowatt_hours(1386, wide=True, per=10)
    e_battery_discharge_today = kilowatt_hours(1388, wide=True, per=10)
    e_battery_discharge_total = kilowatt_hours(1390, wide=True, per=10)
    e_battery_charge_today = kilowatt_hours(1392, wide=True, per=10)
    e_battery_charge_total = kilowatt_hours(1394, wide=True, per=10)
    e_load_today = kilowatt_hours(1396, wide=True, per=10)
    e_load_total = kilowatt_hours(1398, wide=True, per=10)
    e_export2_today = kilowatt_hours(1400, wide=True, per=10)
    e_export2_total = kilowatt_hours(1402, wide=True, per=10)
    e_pv_today = kilowatt_hours(1412, wide=True, per=10)
    e_pv_meter3_today = kilowatt_hours(1414, wide=True, per=10, evidence=VENDOR_DOC)
    e_pv_meter3_total = kilowatt_hours(1416, wide=True, per=10, evidence=VENDOR_DOC)


class ThreePhaseTable(ThreePhaseIdentity, ThreePhaseProtection, GridCode, Accessories, ThreePhaseExtendedSlots, ThreePhaseAcBlock, Cabinet, SmartLoad, ThreePhaseFactory, PeakShaving, ThreePhaseLive, ThreePhaseCounters, Auxiliary, ThreePhaseGrid, ThreePhaseBattery, ThreePhaseMeasurements, ThreePhaseRecords):
    """All registers of a three-phase inverter."""
