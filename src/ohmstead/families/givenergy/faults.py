"""What the bits of the fault and warning words mean. Source: vendor documents; unnamed bits are not documented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

INVERTER: Final = (
    "inverter_ntc grid_frequency grid_voltage pv_over_voltage dci_high leakage_current_high pv_isolation no_utility "
    "inverter_current bus_over_voltage dsp_comms hall_sensor gfci inverter_voltage relay inverter_frequency "
    "- - - - - - eeprom consistency arm_comms grid_monitor_comms - - backup_overload"
)
CHARGER: Final = (
    "bms_under_temperature_charge bms_under_temperature_discharge bms_over_temperature_charge "
    "bms_over_temperature_discharge bms_under_voltage bms_over_voltage bms_short_circuit_discharge "
    "bms_over_current_discharge charger_module_temperature battery_temperature bms_comms - battery_soft_start "
    "battery_voltage_low battery_voltage_high meter_comms"
)
GATEWAY: Final = (
    "grid_mode_off - - - - - - - - - - - over_voltage_constant under_frequency_constant over_frequency_constant "
    "over_voltage_long under_quarter_voltage over_quarter_voltage no_zero_point_protection - ac_under_voltage_2 "
    "ac_over_voltage_2 ac_under_frequency_2 ac_over_frequency_2 ac_under_voltage_1 ac_over_voltage_1 "
    "ac_under_frequency_1 ac_over_frequency_1 relay34_open relay12_open relay34_bonding relay12_bonding"
)
THREE_PHASE: Final = """
battery_voltage_high - bus2_voltage_high_isr bus_voltage_high_isr inverter_ocp_tz frequency_unstable buck_boost_isr \
bdc_ocp grid_zero_cross_loss - - - grid_voltage_l1 grid_voltage_l2 grid_voltage_l3 grid_frequency_range
gateway_comms gfci_damage l1_voltage_low l1_voltage_high l2_voltage_low l2_voltage_high l3_voltage_low \
l3_voltage_high inverter_ocp_isr - - - l1_ocp_rms l2_ocp_rms l3_ocp_rms no_grid
grid_frequency_low grid_frequency_high grid_imbalance ac_pll overload backflow_timeout - grid_vf_range eps_l1_loss \
eps_l2_loss eps_l3_loss eps_bus_low eps_overload eps_voltage_high dcv_high battery_ocp
battery_reversed battery_open battery_voltage_low - bus2_abnormal buck_boost_soft_start battery_voltage_high - \
bms_error bms_comms - - - battery_sleep lead_acid_ntc_open bms_power_forbidden
- - - - - - pv1_voltage_low pv2_voltage_low
dci_high pv_isolation_low ntc_open bus_voltage_high pv_voltage_high boost_over_temperature \
buck_boost_over_temperature inverter_over_temperature eps_short_circuit auto_test model_init relay bus_unbalance \
dsp_firmware_mismatch pv1_short pv2_short
pv_voltage_high external_device comms_a comms_b master_force_inverter master_force_sp gfci_high \
virtual_load_over_temperature internal_comms_3 grid_consistency eps_connected_to_grid internal_over_temperature fan \
hardware_mismatch
ct_reversed pairing_timeout meter_comms - - - battery_over_temperature battery_overload battery_full \
battery_needs_charge bms_warning battery_weak battery_low_power ntc_open fan_warning
""".strip().splitlines()
"""One line a word."""

TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "inverter": INVERTER,
        "charger": CHARGER,
        "gateway": GATEWAY,
        **{f"three_phase_{word}": bits for word, bits in enumerate(THREE_PHASE)},
    }
)
"""Names from bit 0 upwards, by table; `-` where a bit has none."""


def reader(table: str) -> Callable[[int], tuple[str, ...]]:
    """From a raw word to the faults that it reports, lowest bit first."""
    named = tuple((1 << bit, name) for bit, name in enumerate(TABLES[table].split()) if name != "-")

    def read(raw: int) -> tuple[str, ...]:
        return tuple(name for mask, name in named if raw & mask) if raw else ()

    return read


def word(table: str, faults: tuple[str, ...]) -> int:
    """The way back. Raises `ValueError` for a fault that the table does not have."""
    names = TABLES[table].split()
    return sum(1 << names.index(fault) for fault in set(faults))
