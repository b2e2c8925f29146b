"""The objects that results and notifications are made of, with the wire's names.

Source: the interface's schema of version 1.0.0, checked against recorded traffic. A member with the default None may be
absent; None is never sent for it.
"""
# ruff: noqa: N815 - the wire's names

from __future__ import annotations

from ohmstead.families.everest.schema.enums import (
    ChargeProtocolEnum,
    ConnectorTypeEnum,
    EnergyTransferModeEnum,
    EVSEStateEnum,
    Severity,
)
from ohmstead.families.everest.schema.members import (
    Amperes,
    Hertz,
    Name,
    Object,
    Stamp,
    Volts,
    WattHours,
    Watts,
    WholePercent,
    WholeSeconds,
)


class ImplementationIdentifier(Object, frozen=True, kw_only=True):
    """Which part of the charger an error comes from; `evse_index` 0 is the charger itself."""

    module_id: Name
    implementation_id: str
    evse_index: int | None = None
    connector_index: int | None = None


class ChargerInfoObj(Object, frozen=True, kw_only=True):
    """Texts are "unknown" where the charger has no source for them."""

    vendor: str
    model: str
    serial: str
    friendly_name: str | None = None
    manufacturer: str | None = None
    manufacturer_url: str | None = None
    model_url: str | None = None
    model_no: str | None = None
    revision: str | None = None
    board_revision: str | None = None
    firmware_version: str


class ErrorObj(Object, frozen=True, kw_only=True):
    """The reference never sends `sub_type`."""

    type: Name
    sub_type: str | None = None
    description: Name
    message: Name
    severity: Severity
    origin: ImplementationIdentifier
    timestamp: Stamp
    uuid: Name


class ConnectorInfoObj(Object, frozen=True, kw_only=True):
    """One plug or socket of an EVSE."""

    index: int
    type: ConnectorTypeEnum
    description: str | None = None


class ACChargeParametersObj(Object, frozen=True, kw_only=True):
    """Beside the current and the phases, the reference sends 0.0 for what is mandatory and leaves the rest out."""

    evse_nominal_voltage: Volts | None = None
    evse_max_current: Amperes
    evse_max_phase_count: int
    evse_maximum_charge_power: Watts
    evse_minimum_charge_power: Watts
    evse_nominal_frequency: Hertz
    evse_maximum_discharge_power: Watts | None = None
    evse_minimum_discharge_power: Watts | None = None


class DCChargeParametersObj(Object, frozen=True, kw_only=True):
    """Never sent by the reference."""

    evse_maximum_charge_current: Amperes
    evse_maximum_charge_power: Watts
    evse_maximum_voltage: Volts
    evse_minimum_charge_current: Amperes
    evse_minimum_charge_power: Watts
    evse_minimum_voltage: Volts
    evse_energy_to_be_delivered: WattHours | None = None
    evse_maximum_discharge_current: Amperes | None = None
    evse_maximum_discharge_power: Watts | None = None
    evse_minimum_discharge_current: Amperes | None = None
    evse_minimum_discharge_power: Watts | None = None


class ACChargeStatusObj(Object, frozen=True, kw_only=True):
    evse_active_phase_count: int


class DCChargeStatusObj(Object, frozen=True, kw_only=True):
    """Never sent by the reference."""

    evse_present_current: Amperes
    evse_present_voltage: Volts
    evse_power_limit_achieved: bool
    evse_current_limit_achieved: bool
    evse_voltage_limit_achieved: bool


class DisplayParametersObj(Object, frozen=True, kw_only=True):
    """What the car says of itself. For showing only: nothing may be decided by it."""

    start_soc: WholePercent | None = None
    present_soc: WholePercent | None = None
    minimum_soc: WholePercent | None = None
    target_soc: WholePercent | None = None
    maximum_soc: WholePercent | None = None
    remaining_time_to_minimum_soc: WholeSeconds | None = None
    remaining_time_to_target_soc: WholeSeconds | None = None
    remaining_time_to_maximum_soc: WholeSeconds | None = None
    charging_complete: bool | None = None
    battery_energy_capacity: WattHours | None = None
    inlet_hot: bool | None = None


class HardwareCapabilitiesObj(Object, frozen=True, kw_only=True):
    max_current_A_export: Amperes
    max_current_A_import: Amperes
    max_phase_count_export: int
    max_phase_count_import: int
    min_current_A_export: Amperes
    min_current_A_import: Amperes
    min_phase_count_export: int
    min_phase_count_import: int
    phase_switch_during_charging: bool


class EVSEInfoObj(Object, frozen=True, kw_only=True):
    """`index` is 1 or more; `id` is such as DE*ABC*E0001*1."""

    index: int
    id: str
    description: str | None = None
    available_connectors: tuple[ConnectorInfoObj, ...]
    supported_energy_transfer_modes: tuple[EnergyTransferModeEnum, ...]


class EVSEStatusObj(Object, frozen=True, kw_only=True):
    """Always complete. Energies and duration count from the start of the transaction."""

    charged_energy_wh: WattHours
    discharged_energy_wh: WattHours
    charging_duration_s: WholeSeconds
    charging_allowed: bool
    available: bool
    active_connector_index: int
    error_present: bool
    charge_protocol: ChargeProtocolEnum
    ac_charge_param: ACChargeParametersObj | None = None
    dc_charge_param: DCChargeParametersObj | None = None
    ac_charge_status: ACChargeStatusObj | None = None
    dc_charge_status: DCChargeStatusObj | None = None
    display_parameters: DisplayParametersObj | None = None
    state: EVSEStateEnum


class PhaseCurrents(Object, frozen=True, kw_only=True):
    L1: Amperes | None = None
    L2: Amperes | None = None
    L3: Amperes | None = None
    N: Amperes | None = None


class PhaseEnergies(Object, frozen=True, kw_only=True):
    L1: WattHours | None = None
    L2: WattHours | None = None
    L3: WattHours | None = None
    total: WattHours


class PhaseFrequencies(Object, frozen=True, kw_only=True):
    L1: Hertz
    L2: Hertz | None = None
    L3: Hertz | None = None


class PhasePowers(Object, frozen=True, kw_only=True):
    L1: Watts | None = None
    L2: Watts | None = None
    L3: Watts | None = None
    total: Watts


class PhaseVoltages(Object, frozen=True, kw_only=True):
    L1: Volts | None = None
    L2: Volts | None = None
    L3: Volts | None = None


class MeterDataObj(Object, frozen=True, kw_only=True):
    """One reading, merged by the server: what a reading lacks keeps its old value."""

    current_A: PhaseCurrents | None = None
    energy_Wh_import: PhaseEnergies
    energy_Wh_export: PhaseEnergies | None = None
    frequency_Hz: PhaseFrequencies | None = None
    meter_id: str | None = None
    serial_number: str | None = None
    phase_seq_error: bool | None = None
    power_W: PhasePowers | None = None
    timestamp: Stamp
    voltage_V: PhaseVoltages | None = None
