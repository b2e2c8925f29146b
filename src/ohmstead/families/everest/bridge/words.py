"""Our words for a charger turned into those of the interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ohmstead.families.everest.schema.enums import (
    ChargeProtocolEnum,
    ConnectorTypeEnum,
    EnergyTransferModeEnum,
    EVSEStateEnum,
)
from ohmstead.families.everest.schema.objects import (
    ConnectorInfoObj,
    EVSEInfoObj,
    HardwareCapabilitiesObj,
    MeterDataObj,
    PhaseCurrents,
    PhaseEnergies,
    PhaseFrequencies,
    PhasePowers,
    PhaseVoltages,
)
from ohmstead.families.everest.schema.stamps import stamp
from ohmstead.model import ChargePointFacts, ChargeProtocol, Charger, ChargerState, Connector

CONNECTOR: Final = 1
"""Each charger has one."""
STATES: Final[Mapping[ChargerState, EVSEStateEnum]] = {
    ChargerState.EMPTY: EVSEStateEnum.UNPLUGGED,
    ChargerState.CONNECTED: EVSEStateEnum.PREPARING,
    ChargerState.UNAUTHORISED: EVSEStateEnum.AUTH_REQUIRED,
    ChargerState.CHARGING: EVSEStateEnum.CHARGING,
    ChargerState.PAUSED_BY_VEHICLE: EVSEStateEnum.CHARGING_PAUSED_EV,
    ChargerState.PAUSED_BY_CHARGER: EVSEStateEnum.CHARGING_PAUSED_EVSE,
    ChargerState.FINISHED: EVSEStateEnum.FINISHED_EV,
    ChargerState.FAULTED: EVSEStateEnum.PREPARING,
    ChargerState.UNAVAILABLE: EVSEStateEnum.DISABLED,
    ChargerState.UNKNOWN: EVSEStateEnum.UNKNOWN,
}
CONNECTORS: Final[Mapping[Connector, ConnectorTypeEnum]] = {
    Connector.TYPE_1: ConnectorTypeEnum.C_TYPE1,
    Connector.TYPE_2: ConnectorTypeEnum.C_TYPE2,
    Connector.CCS_1: ConnectorTypeEnum.C_CCS1,
    Connector.CCS_2: ConnectorTypeEnum.C_CCS2,
    Connector.NACS: ConnectorTypeEnum.C_TESLA,
    Connector.UNKNOWN: ConnectorTypeEnum.UNKNOWN,
}
PROTOCOLS: Final[Mapping[ChargeProtocol, ChargeProtocolEnum]] = {
    ChargeProtocol.IEC_61851: ChargeProtocolEnum.IEC61851,
    ChargeProtocol.DIN_70121: ChargeProtocolEnum.DIN70121,
    ChargeProtocol.ISO_15118_2: ChargeProtocolEnum.ISO15118,
    ChargeProtocol.ISO_15118_20: ChargeProtocolEnum.ISO15118_20,
    ChargeProtocol.VENDOR: ChargeProtocolEnum.UNKNOWN,
    ChargeProtocol.UNKNOWN: ChargeProtocolEnum.UNKNOWN,
}
MODES: Final[Mapping[int, EnergyTransferModeEnum]] = {
    1: EnergyTransferModeEnum.AC_SINGLE_PHASE_CORE,
    2: EnergyTransferModeEnum.AC_TWO_PHASE,
    3: EnergyTransferModeEnum.AC_THREE_PHASE_CORE,
}
THREE_PHASES: Final = EnergyTransferModeEnum.AC_THREE_PHASE_CORE
NOMINAL_V: Final = (120.0, 230.0, 240.0, 277.0)
NEAR: Final = 0.1
PHASES: Final = ("L1", "L2", "L3")


def info(charger: Charger, index: int) -> EVSEInfoObj:
    facts = charger.facts
    mode = EnergyTransferModeEnum.DC_EXTENDED if facts.is_dc else MODES.get(facts.phases or 1, THREE_PHASES)
    return EVSEInfoObj(
        index=index,
        id=facts.identifier or charger.serial or charger.id,
        description=charger.name or None,
        available_connectors=(ConnectorInfoObj(index=CONNECTOR, type=CONNECTORS[facts.connector]),),
        supported_energy_transfer_modes=(mode,),
    )


def hardware(facts: ChargePointFacts) -> HardwareCapabilitiesObj:
    """What is not known is 0."""
    phases = facts.phases or 0
    return HardwareCapabilitiesObj(
        max_current_A_export=0.0,
        max_current_A_import=facts.most_a or 0.0,
        max_phase_count_export=0,
        max_phase_count_import=phases,
        min_current_A_export=0.0,
        min_current_A_import=facts.least_a,
        min_phase_count_export=0,
        min_phase_count_import=1 if facts.switches_phases else phases,
        phase_switch_during_charging=facts.switches_phases,
    )


def meter(charger: Charger) -> MeterDataObj | None:
    """None while the charger has told no energy."""
    reading, facts = charger.reading, charger.facts
    if reading.energy_wh is None:
        return None
    currents = _by_phase(facts.currents_a)
    return MeterDataObj(
        timestamp=stamp(reading.at),
        energy_Wh_import=PhaseEnergies(total=reading.energy_wh),
        power_W=PhasePowers(total=reading.power_w) if reading.power_w is not None else None,
        voltage_V=PhaseVoltages(**_by_phase(facts.voltages_v)) if facts.voltages_v else None,
        current_A=PhaseCurrents(**currents, N=facts.neutral_a) if facts.currents_a else None,
        frequency_Hz=PhaseFrequencies(L1=facts.frequency_hz) if facts.frequency_hz is not None else None,
        serial_number=charger.serial or None,
        meter_id=charger.serial or None,
    )


def nominal_v(facts: ChargePointFacts) -> float | None:
    """The mains' voltage that the measured one must be of; None where none fits."""
    live = [volts for volts in facts.voltages_v if volts is not None]
    if not live:
        return None
    return next((nominal for nominal in NOMINAL_V if abs(live[0] - nominal) <= NEAR * nominal), None)


def nominal_hz(facts: ChargePointFacts) -> float | None:
    return None if facts.frequency_hz is None else float(round(facts.frequency_hz / 10) * 10)


def _by_phase(values: Sequence[float | None]) -> dict[str, float | None]:
    return dict(zip(PHASES, values, strict=False))
