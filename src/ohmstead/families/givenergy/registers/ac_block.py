"""Holding registers 300 to 359: what AC-coupled units and All-in-Ones can be told."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.paging import Table
from ohmstead.families.givenergy.registers.availability import (
    AC_BLOCK,
    AC_BLOCK_AND_GATEWAY,
    AC_THREE_PHASE,
    EVERY,
    MODEL,
    PAUSE,
    PAUSE_WINDOW,
    VENDOR_DOC,
    installer,
    user,
    user_gated,
)
from ohmstead.families.givenergy.registers.kinds import time_slot
from ohmstead.families.givenergy.types import Bank, ExportPriority
from ohmstead.kit.wire.tables.quantities import (
    amps,
    choice,
    flag,
    hertz,
    milliseconds,
    number,
    percent,
    seconds,
    volts,
    watts,
)

SOURCE: Final = "deployed clients, checked against captures of eight plants; the vendor's documents and app where a line says so"


# One line, one fact.
# fmt: off

class AcBlock(Table, bank=Bank.HR, source=SOURCE, models=AC_BLOCK, evidence=MODEL):
    """Settings of AC-coupled units."""

    enable_plant_mode = flag(300, write=installer(0, 1))
    plant_role = number(301)
    plant_meters = number(302, write=installer())
    overfrequency_load_drop_recovery_delay = seconds(303, write=installer())
    mppt_operating_mode = number(305, write=installer())
    connection_loading_slope = number(306, write=installer())
    eps_nominal_voltage = volts(307, per=10, write=installer())
    battery_nominal_power = watts(308, write=installer(0, 65535))
    battery_nominal_current = amps(309, write=installer(0, 65535))
    battery_max_charge_pct = percent(310, write=installer(20, 100))
    underfrequency_add_load_delay = seconds(312, write=installer())
    en50549_zero_current_lower_voltage_limit = volts(315, per=10, write=installer())
    en50549_zero_current_upper_voltage_limit = volts(316, per=10, write=installer())
    overfrequency_derating_start_point = hertz(321, per=100, write=installer())
    enable_tariff_pricing_battery_logic = flag(322, write=installer(0, 1))
    import_price_battery_discharge_threshold = number(323, write=installer())
    import_price_battery_charge_threshold = number(324, write=installer())
    export_price_battery_discharge_threshold = number(325, write=installer())
    underfrequency_derating_start_point = hertz(326, per=100, write=installer())
    underfrequency_loading_slope = number(327, write=installer())
    overfrequency_derating_stop_point = hertz(328, per=100, write=installer())
    enable_bms_ocv_calibration = flag(329, write=installer(0, 1))
    gateway_power_off_setting = number(330, write=installer())
    force_off_grid = flag(331, write=user_gated(0, 1))
    enable_micro_grid = flag(332, write=installer(0, 1))
    enable_ev_charger = flag(333, write=installer(0, 1))
    ev_charger_import_limit = number(334, write=installer())
    ev_charger_reconnection_wait_time = seconds(335, write=installer())
    ev_charger_soc_limit = percent(336, write=installer(0, 100))
    enable_fan = flag(337, write=installer(0, 1))
    fan_speed = number(338, write=installer())
    enable_gateway = flag(339, write=installer(0, 1))
    bms_communication_mode = number(340, write=installer())
    n_pe_relay_toggle = number(341, write=installer())
    afci_setting = number(342, write=installer())
    enable_generator = flag(343, write=installer(0, 1))
    generator_start_soc = percent(344, write=installer(0, 100))
    generator_stop_soc = percent(345, write=installer(0, 100))
    generator_charge_power = watts(346, write=installer())
    disable_leds = flag(347, write=installer(0, 1))
    lcd_screen_idle_timeout = number(348, write=installer())
    lead_acid_battery_calibration_upper_limit = volts(349, per=100, write=installer())
    lead_acid_battery_calibration_lower_limit = volts(350, per=100, write=installer())
    inverter_operating_mode = number(351, write=installer())


class SinglePhaseAcBlock(AcBlock, bank=Bank.HR, source=SOURCE, models=AC_BLOCK, evidence=MODEL):
    """The same on single-phase units."""

    export_priority = choice(311, ExportPriority, write=user(0, 2), models=AC_BLOCK_AND_GATEWAY, note="Surplus dispatch order: 0 load, 1 battery, 2 grid first")
    battery_charge_limit_ac = percent(313, write=user(1, 100), models=AC_BLOCK_AND_GATEWAY, note="AC-side charge limit, percent of inverter rating; 0 is refused by hardware")
    battery_discharge_limit_ac = percent(314, write=user(1, 100), models=AC_BLOCK_AND_GATEWAY, note="AC-side discharge limit, percent of inverter rating; 0 is refused by hardware")
    enable_eps = flag(317, write=user(0, 1), models=AC_BLOCK_AND_GATEWAY, note="Emergency power supply on/off")
    battery_pause_mode = number(318, write=user(0, 3), models=PAUSE, note="0 off, 1 pause charge, 2 pause discharge, 3 pause both")
    battery_pause_slot_1 = time_slot(319, write=user(0, 2359), models=PAUSE_WINDOW, note="Daily window for the pause mode (may wrap midnight)")
    do1_flag = number(352, models=EVERY, evidence=VENDOR_DOC)
    do2_flag = number(353, models=EVERY, evidence=VENDOR_DOC)
    function_enable_bits = number(354, models=EVERY, evidence=VENDOR_DOC)
    afci_check_time = milliseconds(355, models=EVERY, evidence=VENDOR_DOC)


class ThreePhaseAcBlock(AcBlock, bank=Bank.HR, source=SOURCE, models=AC_THREE_PHASE, inherited_models=AC_THREE_PHASE, evidence=MODEL):
    """The same on three-phase units."""

    export_priority = choice(311, ExportPriority, write=user_gated(0, 2), note="Surplus dispatch order: 0 load, 1 battery, 2 grid first; explicit opt-in, refused on every other three-phase model")
    enable_eps = flag(317, write=user_gated(0, 1), note="Emergency power supply on/off; explicit opt-in, refused on every other three-phase model")
    battery_pause_mode = number(318, write=user_gated(0, 3), note="0 off, 1 pause charge, 2 pause discharge, 3 pause both")
    battery_pause_slot_1 = time_slot(319, write=user_gated(0, 2359), note="Daily window for the pause mode (may wrap midnight)")
