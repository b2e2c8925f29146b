"""Input registers 0 to 299: what an inverter measures and counts."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    AC_BLOCK,
    EVERY,
    GEN1_KNOWN,
    GEN2_KNOWN,
    INHERITED,
    MODEL,
    NOT_AC,
    NOT_AC_ARTEFACT,
    VENDOR_DOC,
)
from ohmstead.families.givenergy.registers.kinds import fault_bits, hex_word, power_factor
from ohmstead.families.givenergy.types import Bank, ChargeStatus, Status
from ohmstead.kit.wire.tables.quantities import (
    amps,
    celsius,
    choice,
    hertz,
    hours,
    kilowatt_hours,
    kilowatts,
    milliamps,
    milliseconds,
    number,
    percent,
    seconds,
    volt_amps,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class Live(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """What the inverter measures."""

    v_p_bus = volts(3, per=10, note="Positive DC bus half voltage")
    v_n_bus = volts(4, per=10, note="Negative DC bus half voltage")
    charge_status = number(14, shared=True, note="Battery charge state code (deprecated numeric form)")
    charge_status_label = choice(14, ChargeStatus, shared=True, note="Battery charge state")
    v_highbrigh_bus = volts(15, per=10)
    pf_inverter_output_now = power_factor(16, note="Output power factor, offset coded: raw/10000-1")
    e_pv1_day = kilowatt_hours(17, per=10)
    e_pv2_day = kilowatt_hours(19, per=10)
    e_grid_out_total = kilowatt_hours(21, wide=True, per=10, note="Lifetime grid export")
    e_solar_diverter = kilowatt_hours(23, per=10)
    p_grid_out_ph1 = watts(24, signed=True, note="Real power at inverter AC terminal (+ = delivering to the busbar); not the grid CT")
    e_grid_out_day = kilowatt_hours(25, per=10, note="Grid export today")
    e_grid_in_day = kilowatt_hours(26, per=10, note="Grid import today")
    e_inverter_in_total = kilowatt_hours(27, wide=True, per=10, note="Lifetime AC energy drawn by the inverter")
    e_discharge_year = kilowatt_hours(29, per=10)
    p_grid_out = watts(30, signed=True, note="Net power at the grid CT (+ = export, - = import)")
    p_backup = watts(31, bounds=(0, 50000), note="Power on the EPS/backup port")
    e_grid_in_total = kilowatt_hours(32, wide=True, per=10, note="Lifetime grid import")
    e_battery_charge_today_alt1 = kilowatt_hours(36, per=10, models=GEN2_KNOWN)
    e_battery_discharge_today_alt1 = kilowatt_hours(37, per=10, models=GEN2_KNOWN)
    countdown = seconds(38)
    inverter_fault_code = hex_word(39, note="Fault word, four hex digits")
    inverter_warning_code = hex_word(40, note="Warning word, four hex digits")
    t_inverter_heatsink = celsius(41, signed=True, per=10, bounds=(-40, 100))
    p_load_demand = watts(42, bounds=(0, 50000), note="House load at the busbar, independently sensed")
    work_time_total_hours = hours(47, wide=True, bounds=(0, 876000), note="Hours run")
    v_battery = volts(50, per=100, bounds=(0, 600), note="Battery terminal voltage")
    v_ac1_output = volts(53, per=10, bounds=(0, 500))
    f_ac1_output = hertz(54, per=100, bounds=(40, 70))
    t_charger = celsius(55, signed=True, per=10, bounds=(-40, 100))
    t_battery = celsius(56, signed=True, per=10, bounds=(-40, 100), note="Battery temperature as seen by inverter")
    charger_warning_code = number(57, shared=True, note="Charger/battery warning word (raw)")
    charger_warning_messages = fault_bits(57, "charger", shared=True, note="Named charger/battery warnings")
    i_grid_port = amps(58, per=100, note="Current at inverter AC terminal")


class SinglePhaseLive(Live, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """The same on single-phase units."""

    status = choice(0, Status, note="Inverter run state")
    v_pv1 = volts(1, per=10, bounds=(0, 2000), models=NOT_AC_ARTEFACT)
    v_pv2 = volts(2, per=10, bounds=(0, 2000), models=NOT_AC_ARTEFACT)
    v_ac1 = volts(5, per=10, bounds=(0, 500), note="Grid AC voltage")
    e_battery_throughput = kilowatt_hours(6, wide=True, per=10, note="Lifetime battery throughput")
    i_pv1 = amps(8, per=10, bounds=(0, 500), models=NOT_AC_ARTEFACT)
    i_pv2 = amps(9, per=10, bounds=(0, 500), models=NOT_AC_ARTEFACT)
    i_ac1 = amps(10, per=10, bounds=(0, 500), note="Inverter AC current")
    e_pv_total = kilowatt_hours(11, wide=True, per=10, note="Lifetime PV energy")
    f_ac1 = hertz(13, per=100, bounds=(40, 70), note="Grid frequency")
    p_pv1 = watts(18, bounds=(0, 50000))
    p_pv2 = watts(20, bounds=(0, 50000))
    e_ac_charge_today = kilowatt_hours(35, per=10)
    p_grid_apparent = volt_amps(43, bounds=(0, 50000), note="Apparent power at inverter AC terminal")
    e_inverter_out_today = kilowatt_hours(44, per=10, models=AC_BLOCK, shared=True, note="Inverter AC output today (AC-coupled and AIO reading of the PV-generation register)")
    e_pv_generation_today = kilowatt_hours(44, per=10, models=NOT_AC, shared=True, note="PV generation today; on AC and ALL_IN_ONE the same register is inverter AC output")
    e_inverter_out_total = kilowatt_hours(45, wide=True, per=10, models=AC_BLOCK, shared=True, note="Lifetime inverter AC output (AC-coupled and AIO)")
    e_pv_generation_total = kilowatt_hours(45, wide=True, per=10, models=NOT_AC, shared=True, note="Lifetime PV generation; on AC and ALL_IN_ONE the same registers are inverter AC output")
    system_mode = number(49, note="0 = off-grid, 1 = on-grid")
    i_battery = amps(51, signed=True, per=100, bounds=(-300, 300), note="Battery current, signed")
    p_battery = watts(52, signed=True, note="Battery DC power (+ = discharge, - = charge)")
    battery_soc = percent(59, bounds=(0, 100), note="Battery SOC reported by the inverter")


class ThreePhaseLive(Live, bank=Bank.IR, source=SOURCE, models=INHERITED, inherited_models=INHERITED, evidence=MODEL):
    """The same on three-phase units."""

    e_pv_generation_today = kilowatt_hours(44, per=10, note="PV generation today; on AC and ALL_IN_ONE the same register is inverter AC output")
    e_pv_generation_total = kilowatt_hours(45, wide=True, per=10, note="Lifetime PV generation; on AC and ALL_IN_ONE the same registers are inverter AC output")


class SinglePhaseCounters(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=VENDOR_DOC):
    """Battery energy, an EV charger, fault words, the auto-test."""

    e_battery_discharge_total_alt1 = kilowatt_hours(180, per=10, models=GEN1_KNOWN, evidence=MODEL, note="Lifetime battery discharge, source alt1")
    e_battery_charge_total_alt1 = kilowatt_hours(181, per=10, models=GEN1_KNOWN, evidence=MODEL, note="Lifetime battery charge, source alt1")
    e_battery_discharge_today_alt2 = kilowatt_hours(182, per=10, models=GEN1_KNOWN, evidence=MODEL)
    e_battery_charge_today_alt2 = kilowatt_hours(183, per=10, models=GEN1_KNOWN, evidence=MODEL)
    i_ev_l2 = amps(184, per=10, note="EV charger phase 2 current")
    i_ev_l3 = amps(185, per=10, note="EV charger phase 3 current")
    f_ev_grid = hertz(186, per=10)
    p_ev_active = kilowatts(187, per=10)
    e_ev_active = kilowatt_hours(188, wide=True, per=100, note="EV charger energy")
    ev_charger_state = number(190)
    ev_charger_version = number(191, note="EV charger firmware")
    i_ev_charge = amps(192, per=10)
    ev_charger_address = number(193)
    e_battery_charge_lifetime_ev_block = kilowatt_hours(194, wide=True, per=10)
    e_battery_discharge_lifetime_ev_block = kilowatt_hours(196, wide=True, per=10)
    ct_power_10x = watts(198, signed=True, times=10, note="CT power, units of 10 W")
    system_state_bits = number(199)
    afci_model_version = number(213)
    device_sub_type = number(214, note="Device sub-type")
    fault_word_8 = number(215)
    fan_status = number(216)
    fault_word_0 = number(217)
    auto_test_step = number(225, note="Auto-test process (high byte) and step (low byte)")
    auto_test_result = number(226, note="Auto-test result")
    auto_test_stop_step = number(227, note="Auto-test stop step")
    auto_test_status = number(228, note="Auto-test status")
    auto_test_default_limit = volts(229, per=10, note="Auto-test default limit")
    auto_test_default_time = milliseconds(230, note="Auto-test default time")
    auto_test_now = volts(231, per=10, note="Auto-test present value")
    auto_test_value = volts(232, per=10, note="Auto-test value")
    auto_test_treat_value = volts(233, per=10, note="Auto-test trip value")
    auto_test_treat_time = milliseconds(234, note="Auto-test trip time")


class ThreePhaseCounters(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Battery energy, an EV charger, fault words, the auto-test."""

    e_battery_discharge_total_alt1 = kilowatt_hours(180, per=10, note="Lifetime battery discharge, source alt1")
    e_battery_charge_total_alt1 = kilowatt_hours(181, per=10, note="Lifetime battery charge, source alt1")
    e_battery_discharge_today_alt2 = kilowatt_hours(182, per=10)
    e_battery_charge_today_alt2 = kilowatt_hours(183, per=10)


class Auxiliary(Table, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=MODEL):
    """Measured by the second processor."""

    p_combined_generation = watts(247, wide=True, bounds=(0, 100000), note="Combined generation (own PV + external generation meter)")


class SinglePhaseAuxiliary(Auxiliary, bank=Bank.IR, source=SOURCE, models=EVERY, evidence=VENDOR_DOC):
    """The same on single-phase units."""

    v_ac1_aux_mcu = volts(240, per=10, note="Grid voltage measured by the supervising MCU")
    i_ac1_aux_mcu = amps(243, per=100, note="AC current measured by the supervising MCU")
    residual_current_aux_mcu = milliamps(246, per=10)
    dsp_input_io = number(249, note="DSP input bits")
