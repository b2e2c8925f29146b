"""Holding registers 0 to 119: who an inverter is, its limits and its charging."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    EVERY,
    MODEL,
    VENDOR_DOC,
    WIRE,
    installer,
    user,
    user_gated,
)
from ohmstead.families.givenergy.registers.kinds import (
    clock,
    coarse_model,
    firmware_pair,
    hex_word,
    hex_words,
    percent_of_c,
    power_factor,
    resolved_model,
    serial,
    time_slot,
    two_decimals,
)
from ohmstead.families.givenergy.types import (
    Bank,
    BatteryCalibrationStage,
    BatteryPowerMode,
    BatteryType,
    MeterType,
    UsbDevice,
)
from ohmstead.kit.wire.tables.quantities import (
    HIGH_BYTE,
    LOW_BYTE,
    amp_hours,
    choice,
    flag,
    hertz,
    number,
    percent,
    seconds,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class Identity(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Who the unit is, and its first settings."""

    device_type_code = hex_word(0, shared=True, note="Device type code, four hex digits; first digit is the family")
    model = resolved_model(0, firmware=21, shared=True, note="Resolved from the type code and HR(21)")
    model_family = coarse_model(0, shared=True, note="Coarse family, the first digit of the type code")
    module = hex_words(1, note="Module/option word, eight hex digits")
    num_mppt = number(3, part=HIGH_BYTE, note="Count of PV trackers (high byte)")
    num_phases = number(3, part=LOW_BYTE, note="AC output phases (low byte)")
    enable_ammeter = flag(7, note="Grid current measurement fitted/enabled")
    serial_number = serial(13)
    first_battery_bms_firmware_version = number(18, note="BMS firmware of first pack as seen by the inverter")
    usb_device_inserted = choice(22, UsbDevice, note="USB device present")
    select_arm_chip = flag(23)
    variable_address = number(24)
    variable_value = number(25)
    grid_port_max_power_output = watts(26, note="Configured maximum power at the grid port")
    battery_power_mode = choice(27, BatteryPowerMode, write=user(0, 1), note="0 = discharge at full rate/export, 1 = follow demand (Eco)")
    enable_60hz_freq_mode = flag(28)
    battery_calibration_stage = choice(29, BatteryCalibrationStage, write=user(0, 3), note="SOC recalibration stage; write 0 stop, 1 start, 3 charge-only")
    modbus_address = number(30)
    user_code = number(33)
    modbus_version = two_decimals(34)
    system_time = clock(35, write=user(), note="Inverter clock: year-2000, month, day, hour, minute, second in six registers")
    enable_drm_rj45_port = flag(41)
    enable_reversed_ct_clamp = flag(42)
    charge_soc = percent(43, part=HIGH_BYTE, note="Legacy charge SOC byte")
    discharge_soc = percent(43, part=LOW_BYTE, note="Legacy discharge SOC byte")
    bms_firmware_version = number(46, note="BMS firmware number")
    meter_type = choice(47, MeterType)
    enable_reversed_115_meter = flag(48)
    enable_reversed_418_meter = flag(49)
    active_power_rate = percent(50, write=user(0, 100), note="Output cap in percent of rated power")
    reactive_power_rate = percent(51)
    enable_inverter = flag(53, part=LOW_BYTE)
    enable_inverter_auto_restart = flag(53, part=HIGH_BYTE)
    battery_capacity_ah = amp_hours(55, note="Configured battery capacity")
    enable_auto_judge_battery_type = flag(58)
    enable_discharge = flag(59, write=user(0, 1), note="Enable timed DC discharge windows")


class SinglePhaseIdentity(Identity, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The same on single-phase units."""

    nominal_load_hi = watts(4, evidence=VENDOR_DOC, note="Rated load, high word")
    inverter_nominal_power = watts(5, evidence=VENDOR_DOC, note="Rated inverter power word (app name; unverified)")
    first_battery_serial_raw = serial(8, evidence=WIRE, note="Legacy first battery serial; on AIO holds the unit serial with bytes swapped - treat as identifier, redact")
    dsp_firmware_version = number(19, shared=True, note="DSP firmware number")
    firmware_version = firmware_pair(19, shared=True, note="Display firmware string D0.<dsp>-A0.<arm>")
    enable_charge_target = flag(20, write=user(0, 1), shared=True, note="Stop AC charging at charge_target_soc (a.k.a. winter mode)")
    arm_firmware_version = number(21, shared=True, note="ARM firmware number (drives generation rules)")
    charge_slot_2 = time_slot(31, write=user(0, 2359), note="AC charge window 2")
    discharge_slot_2 = time_slot(44, write=user(0, 2359), note="DC discharge window 2")
    power_factor = power_factor(52, note="Power factor set-point, offset coded: raw/10000-1")
    battery_type = choice(54, BatteryType, note="Battery chemistry")
    discharge_slot_1 = time_slot(56, write=user(0, 2359), note="DC discharge window 1")


class ThreePhaseIdentity(Identity, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The same on three-phase units."""

    dsp_firmware_version = number(19, note="DSP firmware number")
    enable_charge_target = flag(20, write=user(0, 1), note="Stop AC charging at charge_target_soc (a.k.a. winter mode)")
    arm_firmware_version = number(21, note="ARM firmware number (drives generation rules)")


class Protection(Table, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Grid limits, battery limits and charging."""

    v_pv_start = volts(60, per=10, bounds=(0, 2000))
    start_countdown_timer = seconds(61)
    restart_delay_time = seconds(62)
    v_ac_low_limit_trip = volts(63, per=10, bounds=(0, 500), write=installer(0, 5000))
    v_ac_high_limit_trip = volts(64, per=10, bounds=(0, 500), write=installer(0, 5000))
    f_ac_low_limit_trip = hertz(65, per=100, bounds=(40, 70), write=installer(4000, 7000))
    f_ac_high_limit_trip = hertz(66, per=100, bounds=(40, 70), write=installer(4000, 7000))
    t_ac_low_voltage_trip = seconds(67, per=100, write=installer(0, 65535))
    t_ac_high_voltage_trip = seconds(68, per=100, write=installer(0, 65535))
    t_ac_low_freq_trip = seconds(69, per=100, write=installer(0, 65535))
    t_ac_high_freq_trip = seconds(70, per=100, write=installer(0, 65535))
    v_ac_low_limit_reconnect = volts(71, per=10, bounds=(0, 500), write=installer(0, 5000))
    v_ac_high_limit_reconnect = volts(72, per=10, bounds=(0, 500), write=installer(0, 5000))
    f_ac_low_limit_reconnect = hertz(73, per=100, bounds=(40, 70), write=installer(4000, 7000))
    f_ac_high_limit_reconnect = hertz(74, per=100, bounds=(40, 70), write=installer(4000, 7000))
    t_ac_low_voltage_reconnect = seconds(75, per=100, write=installer(0, 65535))
    t_ac_high_voltage_reconnect = seconds(76, per=100, write=installer(0, 65535))
    t_ac_low_freq_reconnect = seconds(77, per=100, write=installer(0, 65535))
    t_ac_high_freq_reconnect = seconds(78, per=100, write=installer(0, 65535))
    v_ac_low_limit_grid = volts(79, per=10, bounds=(0, 500), write=installer(0, 5000))
    v_ac_high_limit_grid = volts(80, per=10, bounds=(0, 500), write=installer(0, 5000))
    f_ac_low_limit_grid = hertz(81, per=100, bounds=(40, 70), write=installer(4000, 7000))
    f_ac_high_limit_grid = hertz(82, per=100, bounds=(40, 70), write=installer(4000, 7000))
    v_ac_10min_protect = volts(83, per=10, bounds=(0, 500), write=installer(0, 5000))
    iso_protection_1 = number(84)
    iso_protection_2 = number(85)
    gfci_protection_value_1 = number(86)
    gfci_protection_time_1 = number(87)
    gfci_protection_value_2 = number(88)
    gfci_protection_time_2 = number(89)
    dci_protection_value_1 = number(90)
    dci_protection_time_1 = number(91)
    dci_protection_value_2 = number(92)
    dci_protection_time_2 = number(93)
    battery_low_voltage_protection_limit = volts(97, per=100)
    battery_high_voltage_protection_limit = volts(98, per=100)
    string_1_voltage_adjustment = number(99)
    string_2_voltage_adjustment = number(100)
    battery_voltage_adjust = volts(105, per=100)
    string_1_power_adjustment = number(106)
    string_2_power_adjustment = number(107)
    battery_low_force_charge_time = number(108)
    enable_bms_read = flag(109)
    enable_buzzer = flag(113)
    battery_discharge_min_power_reserve = percent(114, write=user(4, 100), note="SOC cut-off for discharging (power reserve)")
    charge_soc_stop_2 = percent(117)
    discharge_soc_stop_2 = percent(118)
    charge_soc_stop_1 = percent(119)


class SinglePhaseProtection(Protection, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The same on single-phase units."""

    charge_slot_1 = time_slot(94, write=user(0, 2359), note="AC charge window 1")
    enable_charge = flag(96, write=user(0, 1), note="Enable timed AC charge windows")
    grid_import_limit = watts(101, write=installer(0, 65535))
    grid_import_limit_enabled = flag(102, write=installer(0, 1))
    enable_lora = flag(103)
    enable_battery_self_heating = flag(104, write=user_gated(0, 1))
    battery_soc_reserve = percent(110, write=user(4, 100), note="Lowest SOC the battery may be taken to")
    battery_charge_limit = percent_of_c(111, write=user(0, 100), note="Charge rate cap in hundredths of C (50 = 0.5C); not a percent of rated power. Documented range 0-50, enforced by default; 51-100 only on HYBRID_GEN1 and ALL_IN_ONE and only with explicit opt-in")
    battery_discharge_limit = percent_of_c(112, write=user(0, 100), note="Discharge rate cap in hundredths of C (50 = 0.5C). Documented range 0-50, enforced by default; 51-100 only on HYBRID_GEN1 and ALL_IN_ONE and only with explicit opt-in")
    enable_anti_islanding_detection = flag(115, write=installer(0, 1), evidence=VENDOR_DOC, note="Anti-islanding (island detection) switch")
    charge_target_soc = percent(116, write=user(4, 100), note="SOC at which AC charging stops when enable_charge_target is set")


class ThreePhaseProtection(Protection, bank=Bank.HR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The same on three-phase units."""

    enable_charge = flag(96, note="Enable timed AC charge windows")
    grid_r_voltage_adjustment = number(101, note="Grid voltage calibration, phase R")
    grid_s_voltage_adjustment = number(102, note="Grid voltage calibration, phase S")
    grid_t_voltage_adjustment = number(103, note="Grid voltage calibration, phase T")
    grid_power_adjustment = number(104)
    battery_charge_limit = percent_of_c(111, write=user(0, 50), note="Charge rate cap in hundredths of C (50 = 0.5C). Documented range 0-50; no three-phase model has values above 50 proven, so no opt-in here")
    battery_discharge_limit = percent_of_c(112, write=user(0, 50), note="Discharge rate cap in hundredths of C (50 = 0.5C). Documented range 0-50; no three-phase model has values above 50 proven, so no opt-in here")
