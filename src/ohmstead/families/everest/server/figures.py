"""Figures that follow from others, as our own mode sends them. Pure functions; an unknown figure is 0.0 where the schema
wants one, and absent elsewhere.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families.everest.schema.enums import EVSEStateEnum as State
from ohmstead.families.everest.schema.extensions import ConnectorStatusObj
from ohmstead.families.everest.schema.objects import (
    ACChargeParametersObj,
    DCChargeParametersObj,
    DCChargeStatusObj,
    DisplayParametersObj,
    EVSEStatusObj,
    HardwareCapabilitiesObj,
)

LEAST_A: Final = 6.0
"""No AC charging with less, by IEC 61851."""
ACHIEVED: Final = 0.99
"""Of a limit, and it counts as reached."""
NOT_CONNECTED: Final = frozenset({State.UNKNOWN, State.UNPLUGGED, State.DISABLED, State.RESERVED})


class Mains(msgspec.Struct, frozen=True, kw_only=True):
    """`voltage_v` is phase to neutral."""

    voltage_v: float | None = None
    frequency_hz: float | None = None


def ac_parameters(
    enforced_a: float,
    phases: int,
    hardware: HardwareCapabilitiesObj | None,
    mains: Mains,
    *,
    is_bidirectional: bool,
) -> ACChargeParametersObj:
    """Powers of discharging stand there only while a session runs both ways."""
    voltage_v = mains.voltage_v or 0.0
    least_w = least_a(hardware) * voltage_v * (hardware.min_phase_count_import if hardware else 1)
    figures = ACChargeParametersObj(
        evse_nominal_voltage=mains.voltage_v,
        evse_max_current=enforced_a,
        evse_max_phase_count=hardware.max_phase_count_import if hardware else 0,
        evse_maximum_charge_power=enforced_a * voltage_v * phases,
        evse_minimum_charge_power=least_w,
        evse_nominal_frequency=mains.frequency_hz or 0.0,
    )
    if hardware is None or mains.voltage_v is None or not is_bidirectional:
        return figures
    return msgspec.structs.replace(
        figures,
        evse_maximum_discharge_power=hardware.max_current_A_export
        * voltage_v
        * hardware.max_phase_count_export,
        evse_minimum_discharge_power=hardware.min_current_A_export
        * voltage_v
        * hardware.min_phase_count_export,
    )


def least_a(hardware: HardwareCapabilitiesObj | None) -> float:
    """The smallest current with which an EVSE charges."""
    return (hardware.min_current_A_import if hardware else 0.0) or LEAST_A


def dc_parameters(figures: DCChargeParametersObj, *, is_bidirectional: bool) -> DCChargeParametersObj:
    if is_bidirectional:
        return figures
    return msgspec.structs.replace(
        figures,
        evse_maximum_discharge_current=None,
        evse_maximum_discharge_power=None,
        evse_minimum_discharge_current=None,
        evse_minimum_discharge_power=None,
    )


def dc_status(figures: DCChargeParametersObj, current_a: float, voltage_v: float) -> DCChargeStatusObj:
    """A current below 0 is given back, and has the limits of discharging."""

    def is_achieved(value: float, limit: float | None) -> bool:
        return limit is not None and limit > 0 and abs(value) >= limit * ACHIEVED

    gives = current_a < 0
    most_w = figures.evse_maximum_discharge_power if gives else figures.evse_maximum_charge_power
    most_a = figures.evse_maximum_discharge_current if gives else figures.evse_maximum_charge_current
    return DCChargeStatusObj(
        evse_present_current=current_a,
        evse_present_voltage=voltage_v,
        evse_power_limit_achieved=is_achieved(current_a * voltage_v, most_w),
        evse_current_limit_achieved=is_achieved(current_a, most_a),
        evse_voltage_limit_achieved=is_achieved(voltage_v, figures.evse_maximum_voltage),
    )


def reference_display(shown: DisplayParametersObj) -> DisplayParametersObj | None:
    """What the reference passes on of it."""
    left_s = shown.remaining_time_to_maximum_soc
    kept = DisplayParametersObj(
        present_soc=shown.present_soc,
        remaining_time_to_maximum_soc=left_s if left_s is not None and left_s > 0 else None,
        battery_energy_capacity=shown.battery_energy_capacity,
    )
    return kept if kept != DisplayParametersObj() else None


def connector_status(status: EVSEStatusObj, index: int) -> ConnectorStatusObj:
    """What follows for one connector from the status of its EVSE, where nothing was reported of it alone."""
    is_active = index == status.active_connector_index
    idle = State.UNPLUGGED if status.available else State.DISABLED
    return ConnectorStatusObj(
        index=index,
        available=status.available,
        connected=is_active and status.state not in NOT_CONNECTED,
        active=is_active and status.state not in NOT_CONNECTED,
        state=status.state if is_active else idle,
        error_present=status.error_present,
    )
