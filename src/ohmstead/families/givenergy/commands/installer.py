"""What installers set. These requests go through `installer_command` alone; what protects the grid, or cannot be taken
back, needs `confirm=True` there as well.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from ohmstead.families.givenergy.commands.checking import Requests, switch, whole, write
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable

GRID_PROTECTION: Final = range(63, 84)


def set_battery_nominal_power(watts: int) -> Requests:
    return [write(308, whole("watts", watts, 0, 0xFFFF))]


def set_battery_nominal_current(amps: int) -> Requests:
    return [write(309, whole("amps", amps, 0, 0xFFFF))]


def set_battery_max_charge(percent: int) -> Requests:
    """20 to 100 %."""
    return [write(310, whole("percent", percent, 20, 100))]


def set_anti_islanding(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(115, switch("enabled", enabled))]


def set_grid_import_limit_enabled(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(102, switch("enabled", enabled))]


def set_plant_mode(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(300, switch("enabled", enabled))]


def set_micro_grid(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(332, switch("enabled", enabled))]


def set_ev_charger(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(333, switch("enabled", enabled))]


def set_ev_charger_soc_limit(soc: int) -> Requests:
    """0 to 100 %."""
    return [write(336, whole("soc", soc, 0, 100))]


def set_generator(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(343, switch("enabled", enabled))]


def set_generator_start_soc(soc: int) -> Requests:
    """0 to 100 %."""
    return [write(344, whole("soc", soc, 0, 100))]


def set_generator_stop_soc(soc: int) -> Requests:
    """0 to 100 %."""
    return [write(345, whole("soc", soc, 0, 100))]


def set_smart_load(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(540, switch("enabled", enabled))]


def set_smart_load_soc(soc: int) -> Requests:
    """50 to 100 %."""
    return [write(541, whole("soc", soc, 50, 100))]


def set_general_load_soc(soc: int) -> Requests:
    """50 to 100 %."""
    return [write(543, whole("soc", soc, 50, 100))]


def set_generator_soc(soc: int) -> Requests:
    """10 to 90 %."""
    return [write(544, whole("soc", soc, 10, 90))]


def set_export_power_rate(percent: float) -> Requests:
    """0 to 100 % in tenths. Three-phase."""
    return [write(1063, scaled("percent", percent, 10, 0, 1000))]


def set_export_limit_enabled(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    """Three-phase."""
    return [write(1103, switch("enabled", enabled))]


def set_import_limit_enabled(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    """Three-phase."""
    return [write(1131, switch("enabled", enabled))]


def set_peak_shaving_export_limit_enabled(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(20000, switch("enabled", enabled))]


def set_peak_shaving(enabled: bool) -> Requests:  # noqa: FBT001 - as the other switches
    return [write(20002, switch("enabled", enabled))]


def set_grid_protection(setting: str, value: float, *, confirm: bool = False) -> Requests:
    """A limit of the grid protection by its name on the inverter (`v_ac_low_limit_trip`), in its own unit."""
    line = SinglePhaseTable.lines.get(setting)
    if line is None or line.address not in GRID_PROTECTION or line.write is None:
        known = (
            name
            for name, field in SinglePhaseTable.lines.items()
            if field.address in GRID_PROTECTION and field.write
        )
        raise ValueError(f"{setting!r} is no setting of the grid protection; there are {', '.join(known)}")
    if confirm is not True:
        raise ValueError(f"{setting} protects the grid; say confirm=True")
    low, high = line.write.low or 0, 0xFFFF if line.write.high is None else line.write.high
    return [write(line.address, scaled(setting, value, line.facts.per, low, high))]


def clear_energy_totals() -> Requests:
    """For good."""
    return [write(162, 1)]


def reset_three_phase_to_factory() -> Requests:
    """For good."""
    return [write(1016, 1)]


def set_gateway_black_start() -> Requests:
    return [write(5003, 1)]


def reset_gateway_to_factory() -> Requests:
    """For good."""
    return [write(5004, 1)]


def scaled(name: str, value: object, per: int, low: int, high: int) -> int:
    """As a register holds it. Raises `ValueError` for what it cannot hold exactly."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < float("inf"):
        raise ValueError(f"{name} is a number, not {value!r}")
    raw = Decimal(str(value)) * per
    if raw != raw.to_integral_value():
        raise ValueError(f"{name} is {value}; the register counts in steps of {1 / per:g}")
    if not low <= raw <= high:
        raise ValueError(f"{name} is {value}; it may be {low / per:g} to {high / per:g}")
    return int(raw)
