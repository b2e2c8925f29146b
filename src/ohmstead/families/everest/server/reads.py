"""The methods that read. A result that is no success holds defaults, which a client must not show."""

from __future__ import annotations

from typing import Final

from ohmstead.families.everest.schema.enums import ChargeProtocolEnum, EVSEStateEnum
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.objects import (
    EVSEInfoObj,
    EVSEStatusObj,
    HardwareCapabilitiesObj,
    MeterDataObj,
    PhaseEnergies,
)
from ohmstead.families.everest.schema.results import (
    ChargePointGetActiveErrorsResObj,
    ChargePointGetEVSEInfosResObj,
    EVSEGetHardwareCapabilitiesResObj,
    EVSEGetInfoResObj,
    EVSEGetMeterDataResObj,
    EVSEGetStatusResObj,
    HelloResObj,
)
from ohmstead.families.everest.server.charge_point import ChargePoint

API_VERSION: Final = "1.0.0"
NO_INFO: Final = EVSEInfoObj(index=0, id="", available_connectors=(), supported_energy_transfer_modes=())
NO_STATUS: Final = EVSEStatusObj(
    charged_energy_wh=0.0,
    discharged_energy_wh=0.0,
    charging_duration_s=0,
    charging_allowed=False,
    available=False,
    active_connector_index=0,
    error_present=False,
    charge_protocol=ChargeProtocolEnum.UNKNOWN,
    state=EVSEStateEnum.UNKNOWN,
)
NO_HARDWARE: Final = HardwareCapabilitiesObj(
    max_current_A_export=0.0,
    max_current_A_import=0.0,
    max_phase_count_export=0,
    max_phase_count_import=0,
    min_current_A_export=0.0,
    min_current_A_import=0.0,
    min_phase_count_export=0,
    min_phase_count_import=0,
    phase_switch_during_charging=False,
)
NO_METER: Final = MeterDataObj(energy_Wh_import=PhaseEnergies(total=0.0), timestamp="")


async def hello(point: ChargePoint) -> HelloResObj:
    return HelloResObj(
        authentication_required=False,
        api_version=API_VERSION,
        everest_version=point.everest_version,
        charger_info=point.charger_info,
    )


async def evse_infos(point: ChargePoint) -> ChargePointGetEVSEInfosResObj:
    infos = tuple(evse.info for evse in point.evses.values() if evse.info is not None)
    return ChargePointGetEVSEInfosResObj(
        infos=infos, error=Error.NO_ERROR if infos else Error.ERROR_NO_DATA_AVAILABLE
    )


async def active_errors(point: ChargePoint) -> ChargePointGetActiveErrorsResObj:
    return ChargePointGetActiveErrorsResObj(active_errors=point.active_errors, error=Error.NO_ERROR)


async def info(point: ChargePoint, evse_index: int) -> EVSEGetInfoResObj:
    evse = point.evses.get(evse_index)
    found = evse.info if evse is not None else None
    return EVSEGetInfoResObj(info=found or NO_INFO, error=_error(evse, found))


async def status(point: ChargePoint, evse_index: int) -> EVSEGetStatusResObj:
    evse = point.evses.get(evse_index)
    found = evse.status if evse is not None else None
    return EVSEGetStatusResObj(status=found or NO_STATUS, error=_error(evse, found))


async def hardware_capabilities(point: ChargePoint, evse_index: int) -> EVSEGetHardwareCapabilitiesResObj:
    evse = point.evses.get(evse_index)
    found = evse.hardware if evse is not None else None
    return EVSEGetHardwareCapabilitiesResObj(
        hardware_capabilities=found or NO_HARDWARE, error=_error(evse, found)
    )


async def meter_data(point: ChargePoint, evse_index: int) -> EVSEGetMeterDataResObj:
    evse = point.evses.get(evse_index)
    found = evse.meter if evse is not None else None
    return EVSEGetMeterDataResObj(meter_data=found or NO_METER, error=_error(evse, found))


def _error(evse: object | None, found: object | None) -> Error:
    if evse is None:
        return Error.ERROR_INVALID_EVSE_INDEX
    return Error.NO_ERROR if found is not None else Error.ERROR_NO_DATA_AVAILABLE
