"""An EVSE's words turned into ours: its reading, what standard interfaces ask of it, and every member it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from ohmstead.families.everest.client import EvseView
from ohmstead.families.everest.schema.documents import schema
from ohmstead.families.everest.schema.enums import (
    ChargeProtocolEnum,
    ConnectorTypeEnum,
    EVSEStateEnum,
    Severity,
)
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.modes import is_dc
from ohmstead.families.everest.schema.objects import ChargerInfoObj, ErrorObj, EVSEStatusObj, MeterDataObj
from ohmstead.model import (
    ChargePointFacts,
    ChargeProtocol,
    ChargerReading,
    ChargerState,
    Connector,
    Detail,
    DeviceId,
)

STATES: Final[Mapping[EVSEStateEnum, ChargerState]] = {
    EVSEStateEnum.UNKNOWN: ChargerState.UNKNOWN,
    EVSEStateEnum.UNPLUGGED: ChargerState.EMPTY,
    EVSEStateEnum.DISABLED: ChargerState.UNAVAILABLE,
    EVSEStateEnum.PREPARING: ChargerState.CONNECTED,
    EVSEStateEnum.RESERVED: ChargerState.UNAVAILABLE,
    EVSEStateEnum.AUTH_REQUIRED: ChargerState.UNAUTHORISED,
    EVSEStateEnum.CHARGING_PAUSED_EV: ChargerState.PAUSED_BY_VEHICLE,
    EVSEStateEnum.CHARGING_PAUSED_EVSE: ChargerState.PAUSED_BY_CHARGER,
    EVSEStateEnum.CHARGING: ChargerState.CHARGING,
    EVSEStateEnum.AUTH_TIMEOUT: ChargerState.UNAUTHORISED,
    EVSEStateEnum.FINISHED: ChargerState.FINISHED,
    EVSEStateEnum.FINISHED_EVSE: ChargerState.FINISHED,
    EVSEStateEnum.FINISHED_EV: ChargerState.FINISHED,
    EVSEStateEnum.SWITCHING_PHASES: ChargerState.PAUSED_BY_CHARGER,
}
CONNECTORS: Final[Mapping[ConnectorTypeEnum, Connector]] = {
    ConnectorTypeEnum.C_TYPE1: Connector.TYPE_1,
    ConnectorTypeEnum.C_TYPE2: Connector.TYPE_2,
    ConnectorTypeEnum.S_TYPE2: Connector.TYPE_2,
    ConnectorTypeEnum.C_CCS1: Connector.CCS_1,
    ConnectorTypeEnum.C_CCS2: Connector.CCS_2,
    ConnectorTypeEnum.C_TESLA: Connector.NACS,
}
PROTOCOLS: Final[Mapping[ChargeProtocolEnum, ChargeProtocol]] = {
    ChargeProtocolEnum.IEC61851: ChargeProtocol.IEC_61851,
    ChargeProtocolEnum.DIN70121: ChargeProtocol.DIN_70121,
    ChargeProtocolEnum.ISO15118: ChargeProtocol.ISO_15118_2,
    ChargeProtocolEnum.ISO15118_20: ChargeProtocol.ISO_15118_20,
}
CHARGED: Final = frozenset(
    {ChargerState.CHARGING, ChargerState.PAUSED_BY_VEHICLE, ChargerState.PAUSED_BY_CHARGER}
)
SECRET: Final = frozenset({"id", "serial", "serial_number", "meter_id"})
UNKNOWN: Final = "unknown"
"""What a charge point says of itself where it has nothing to say."""


def errors_of(index: int, errors: Iterable[ErrorObj]) -> tuple[ErrorObj, ...]:
    return tuple(error for error in errors if error.origin.evse_index == index)


def reading(
    device: DeviceId, at: datetime, view: EvseView, status: EVSEStatusObj, errors: Iterable[ErrorObj]
) -> ChargerReading:
    meter, display = view.meter_data, status.display_parameters
    return ChargerReading(
        device=device,
        at=at,
        power_w=meter.power_W.total if meter is not None and meter.power_W is not None else None,
        state=state(status, errors),
        limit_a=limit_a(status),
        phases=active_phases(status),
        energy_wh=meter.energy_Wh_import.total if meter is not None else None,
        session_energy_wh=status.charged_energy_wh,
        vehicle_soc_pct=display.present_soc if display is not None else None,
    )


def state(status: EVSEStatusObj, errors: Iterable[ErrorObj]) -> ChargerState:
    """A severe error of an EVSE that does not charge is what keeps it from charging."""
    found = STATES.get(status.state, ChargerState.UNKNOWN)
    is_severe = any(error.severity is Severity.HIGH for error in errors)
    return ChargerState.FAULTED if is_severe and found is not ChargerState.CHARGING else found


def limit_a(status: EVSEStatusObj) -> float | None:
    """In force now; 0 while charging is not allowed."""
    if not status.charging_allowed:
        return 0.0
    return status.ac_charge_param.evse_max_current if status.ac_charge_param is not None else None


def active_phases(status: EVSEStatusObj) -> int | None:
    return status.ac_charge_status.evse_active_phase_count if status.ac_charge_status is not None else None


def facts(view: EvseView, status: EVSEStatusObj, errors: Iterable[ErrorObj]) -> ChargePointFacts:
    info, hardware, meter = view.info, view.hardware_capabilities, view.meter_data
    plugs = info.available_connectors if info is not None else ()
    types = {plug.index: CONNECTORS.get(plug.type, Connector.UNKNOWN) for plug in plugs}
    found = STATES.get(status.state, ChargerState.UNKNOWN)
    return ChargePointFacts(
        identifier=info.id if info is not None else "",
        connector=types.get(status.active_connector_index, Connector.UNKNOWN),
        protocol=PROTOCOLS.get(status.charge_protocol, ChargeProtocol.UNKNOWN),
        is_dc=info is not None and is_dc(info.supported_energy_transfer_modes),
        phases=hardware.max_phase_count_import if hardware is not None else None,
        switches_phases=hardware is not None and hardware.phase_switch_during_charging,
        least_a=hardware.min_current_A_import if hardware is not None else 6.0,
        most_a=hardware.max_current_A_import if hardware is not None else None,
        has_charged=found in CHARGED or status.charged_energy_wh > 0,
        voltages_v=_phases(meter.voltage_V) if meter is not None else (),
        currents_a=_phases(meter.current_A) if meter is not None else (),
        neutral_a=meter.current_A.N if meter is not None and meter.current_A is not None else None,
        frequency_hz=_frequency_hz(meter),
        alerts=tuple(error.type for error in errors),
    )


def _phases(by_phase: Any) -> tuple[float | None, ...]:  # Any: one of the objects with L1 to L3
    return (by_phase.L1, by_phase.L2, by_phase.L3) if by_phase is not None else ()


def _frequency_hz(meter: MeterDataObj | None) -> float | None:
    return meter.frequency_Hz.L1 if meter is not None and meter.frequency_Hz is not None else None


def said(text: str) -> str:
    """A text of the charge point about itself; empty where it says nothing."""
    return "" if text == UNKNOWN else text


def details(view: EvseView, charger: ChargerInfoObj | None, errors: Iterable[ErrorObj]) -> tuple[Detail, ...]:
    """Every member that is there, named by its place."""
    parts: dict[str, Object | None] = {
        "charger": charger,
        "info": view.info,
        "status": view.status,
        "hardware": view.hardware_capabilities,
        "meter": view.meter_data,
        **{f"error{number}": error for number, error in enumerate(errors, 1)},
    }
    found: list[Detail] = []
    for name, part in parts.items():
        if part is not None:
            found.extend(_members(name, msgspec.to_builtins(part), schema(type(part))))
    return tuple(found)


def _members(place: str, value: object, told: Mapping[str, Any]) -> Iterator[Detail]:  # Any: a JSON Schema
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _members(f"{place}.{name}", member, told["properties"][name])
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value, 1):
            yield from _members(f"{place}.{number}", item, told["items"])
    else:
        name = place.rpartition(".")[2]
        unit = str(told.get("unit", ""))
        label = place.replace(".", " ").replace("_", " ")
        shown = value if isinstance(value, float | int | str | bool) else None
        yield Detail(
            key=place, label=label, value=shown, unit=unit if len(unit) < 4 else "", secret=name in SECRET
        )
