"""What each method returns and what each notification carries. Source: the interface's schema of version 1.0.0."""

from __future__ import annotations

from ohmstead.families.everest.schema.enums import ResponseErrorEnum
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.objects import (
    ChargerInfoObj,
    ErrorObj,
    EVSEInfoObj,
    EVSEStatusObj,
    HardwareCapabilitiesObj,
    MeterDataObj,
)


class HelloResObj(Object, frozen=True, kw_only=True):
    authentication_required: bool
    authenticated: bool | None = None
    api_version: str
    everest_version: str
    charger_info: ChargerInfoObj


class ChargePointGetEVSEInfosResObj(Object, frozen=True, kw_only=True):
    infos: tuple[EVSEInfoObj, ...]
    error: ResponseErrorEnum


class ChargePointGetActiveErrorsResObj(Object, frozen=True, kw_only=True):
    active_errors: tuple[ErrorObj, ...]
    error: ResponseErrorEnum


class EVSEGetInfoResObj(Object, frozen=True, kw_only=True):
    info: EVSEInfoObj
    error: ResponseErrorEnum


class EVSEGetStatusResObj(Object, frozen=True, kw_only=True):
    status: EVSEStatusObj
    error: ResponseErrorEnum


class EVSEGetHardwareCapabilitiesResObj(Object, frozen=True, kw_only=True):
    hardware_capabilities: HardwareCapabilitiesObj
    error: ResponseErrorEnum


class EVSEGetMeterDataResObj(Object, frozen=True, kw_only=True):
    meter_data: MeterDataObj
    error: ResponseErrorEnum


class ErrorResObj(Object, frozen=True, kw_only=True):
    error: ResponseErrorEnum


class ChargePointActiveErrorsChangedObj(Object, frozen=True, kw_only=True):
    active_errors: tuple[ErrorObj, ...]


class EVSEHardwareCapabilitiesChangedObj(Object, frozen=True, kw_only=True):
    evse_index: int
    hardware_capabilities: HardwareCapabilitiesObj


class EVSEStatusChangedObj(Object, frozen=True, kw_only=True):
    evse_index: int
    evse_status: EVSEStatusObj


class EVSEMeterDataChangedObj(Object, frozen=True, kw_only=True):
    evse_index: int
    meter_data: MeterDataObj
