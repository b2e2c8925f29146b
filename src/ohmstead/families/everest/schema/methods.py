"""Everything that can be called and everything that is announced. Client, server, documents and checks read this table.

The order of a method's parameters is that of positional calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ohmstead.families.everest.schema import extensions as ours
from ohmstead.families.everest.schema import results
from ohmstead.families.everest.schema.enums import ResponseErrorEnum
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.parameters import Parameter, boolean, integer, number, other

Errors = Mapping[ResponseErrorEnum, str]
NO_ERRORS: Final[Errors] = {}
NO_RESULTS: Final[Mapping[str, type[Object]]] = {}


class Method(msgspec.Struct, frozen=True, kw_only=True):
    """`extension` is what a client must have been granted to call it; without it, it does not exist for that client.

    `extra` may be sent by name to any server: the reference ignores it. `result_for` are the results of clients that
    were granted the extension of that name, or greeted with parameters ("").
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    result: type[Object]
    scope: ours.ScopeEnum | None
    errors: Errors = {}
    extension: str = ""
    extra: tuple[Parameter, ...] = ()
    result_for: Mapping[str, type[Object]] = {}


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """`extension` is what a client must have been granted to be told of it, and `params_for` is what clients that were
    granted the extension of that name are told.
    """

    name: str
    params: type[Object]
    extension: str = ""
    params_for: Mapping[str, type[Object]] = {}


EVSE: Final = integer("evse_index")
CONNECTOR: Final = integer("connector_index")
ALLOWED: Final = boolean("charging_allowed")
CURRENT: Final = number("max_current", "A")
POWER: Final = number("max_power", "W")
PHASES: Final = integer("phase_count")
STRICT: Final = boolean("strict", is_optional=True)
VALID_FOR: Final = number("valid_for_s", "s", is_optional=True)
TOKEN: Final = other("token", "string")
EVSES: Final = other("evse_indexes", "[integer]")

NO_EVSE: Final[Errors] = {
    ResponseErrorEnum.ERROR_INVALID_EVSE_INDEX: "no EVSE with that index (0 and negative included)"
}
NO_SINK: Final[Errors] = {
    ResponseErrorEnum.ERROR_INVALID_EVSE_INDEX: "unknown index, or no energy sink for it"
}
NO_DATA: Final[Errors] = {ResponseErrorEnum.ERROR_NO_DATA_AVAILABLE: "nothing reported yet"}
NOT_APPLIED: Final = ResponseErrorEnum.ERROR_VALUES_NOT_APPLIED
OUT_OF_RANGE: Final = ResponseErrorEnum.ERROR_OUT_OF_RANGE
NOT_SUPPORTED: Final = ResponseErrorEnum.ERROR_OPERATION_NOT_SUPPORTED
INVALID: Final = ResponseErrorEnum.ERROR_INVALID_PARAMETER
COMBINED: Final[Errors] = {
    **NO_EVSE,
    **NO_DATA,
    OUT_OF_RANGE: "strict only: above what is possible, nothing changed",
    NOT_APPLIED: "accepted but not (fully) in force; see applied",
    NOT_SUPPORTED: "the charger cannot do it",
}


def _read(
    name: str,
    result: type[Object],
    *parameters: Parameter,
    errors: Errors = NO_ERRORS,
    extension: str = "",
    result_for: Mapping[str, type[Object]] = NO_RESULTS,
) -> Method:
    return Method(
        name=name,
        parameters=parameters,
        result=result,
        scope=ours.ScopeEnum.READ,
        errors=errors,
        extension=extension,
        extra=(TOKEN,),
        result_for=result_for,
    )


def _set(name: str, *parameters: Parameter, errors: Errors) -> Method:
    return Method(
        name=name,
        parameters=(EVSE, *parameters),
        result=results.ErrorResObj,
        scope=ours.ScopeEnum.CONTROL,
        errors=errors,
        extra=(STRICT, VALID_FOR, TOKEN),
        result_for={"details": ours.AppliedResObj},
    )


def _combined(name: str, *parameters: Parameter, errors: Errors) -> Method:
    return Method(
        name=name,
        parameters=(EVSE, ALLOWED, *parameters),
        result=ours.SetResultObj,
        scope=ours.ScopeEnum.CONTROL,
        errors=errors,
        extension="combined",
        extra=(STRICT, VALID_FOR, TOKEN),
    )


HELLO: Final = Method(
    name="API.Hello",
    result=results.HelloResObj,
    scope=None,
    extra=(TOKEN, other("extensions", "[string]"), other("client", "string")),
    result_for={"": ours.ExtendedHelloResObj},
)
GET_EVSE_INFOS: Final = _read(
    "ChargePoint.GetEVSEInfos",
    results.ChargePointGetEVSEInfosResObj,
    errors={ResponseErrorEnum.ERROR_NO_DATA_AVAILABLE: "no EVSE has complete information yet"},
)
GET_ACTIVE_ERRORS: Final = _read(
    "ChargePoint.GetActiveErrors",
    results.ChargePointGetActiveErrorsResObj,
    result_for={"details": ours.DetailedErrorsResObj},
)
GET_INFO: Final = _read("EVSE.GetInfo", results.EVSEGetInfoResObj, EVSE, errors={**NO_EVSE, **NO_DATA})
GET_STATUS: Final = _read("EVSE.GetStatus", results.EVSEGetStatusResObj, EVSE, errors={**NO_EVSE, **NO_DATA})
GET_HARDWARE_CAPABILITIES: Final = _read(
    "EVSE.GetHardwareCapabilities",
    results.EVSEGetHardwareCapabilitiesResObj,
    EVSE,
    errors={**NO_EVSE, **NO_DATA},
)
GET_METER_DATA: Final = _read(
    "EVSE.GetMeterData", results.EVSEGetMeterDataResObj, EVSE, errors={**NO_EVSE, **NO_DATA}
)
SET_CHARGING_ALLOWED: Final = _set(
    "EVSE.SetChargingAllowed", ALLOWED, errors={**NO_EVSE, NOT_APPLIED: "pause or resume refused"}
)
SET_AC_CHARGING_CURRENT: Final = _set(
    "EVSE.SetACChargingCurrent",
    CURRENT,
    errors={**NO_SINK, NOT_APPLIED: "limit not in force within 5 s (clamped by another source)"},
)
SET_AC_CHARGING_PHASE_COUNT: Final = _set(
    "EVSE.SetACChargingPhaseCount",
    PHASES,
    errors={
        **NO_SINK,
        NOT_SUPPORTED: "hardware cannot switch phases",
        OUT_OF_RANGE: "outside min/max phase count",
        INVALID: "not 1 or 3",
    },
)
SET_DC_CHARGING_POWER: Final = _set("EVSE.SetDCChargingPower", POWER, errors=NO_SINK)
ENABLE_CONNECTOR: Final = Method(
    name="EVSE.EnableConnector",
    parameters=(EVSE, CONNECTOR, boolean("enable"), integer("priority")),
    result=results.ErrorResObj,
    scope=ours.ScopeEnum.ADMIN,
    errors={
        **NO_EVSE,
        ResponseErrorEnum.ERROR_INVALID_CONNECTOR_INDEX: "connector not listed (reference: also 0)",
        NOT_APPLIED: "another source with higher priority decides otherwise",
    },
    extra=(integer("connector_id", is_optional=True, alias_of="connector_index"), TOKEN),
)

SET_AC_CHARGING: Final = _combined(
    "EVSE.SetACCharging",
    CURRENT,
    integer("phase_count", is_optional=True),
    errors={**COMBINED, INVALID: "phase_count not 1 or 3"},
)
SET_DC_CHARGING: Final = _combined("EVSE.SetDCCharging", POWER, errors=COMBINED)
GET_CONNECTOR_STATUS: Final = _read(
    "EVSE.GetConnectorStatus",
    ours.EVSEGetConnectorStatusResObj,
    EVSE,
    CONNECTOR,
    errors={
        **NO_EVSE,
        ResponseErrorEnum.ERROR_INVALID_CONNECTOR_INDEX: "not in available_connectors (0 too)",
        **NO_DATA,
    },
    extension="connectors",
)
GET_LIMITS: Final = _read(
    "EVSE.GetLimits", ours.EVSEGetLimitsResObj, EVSE, errors={**NO_EVSE, **NO_DATA}, extension="limits"
)
SUBSCRIBE: Final = _read(
    "API.Subscribe",
    ours.APISubscribeResObj,
    other("topics", "[SubscriptionTopicEnum]", is_optional=False),
    EVSES,
    integer("min_interval_ms", is_optional=True),
    errors={INVALID: "unknown topic or negative interval", **NO_EVSE},
    extension="subscribe",
)
GET_SNAPSHOT: Final = _read(
    "API.GetSnapshot",
    ours.APIGetSnapshotResObj,
    EVSES,
    errors=NO_EVSE,
    extension="snapshot",
    result_for={"details": ours.DetailedSnapshotResObj},
)

METHODS: Final[Mapping[str, Method]] = {
    method.name: method
    for method in (
        HELLO,
        GET_EVSE_INFOS,
        GET_ACTIVE_ERRORS,
        GET_INFO,
        GET_STATUS,
        GET_HARDWARE_CAPABILITIES,
        GET_METER_DATA,
        SET_CHARGING_ALLOWED,
        SET_AC_CHARGING_CURRENT,
        SET_AC_CHARGING_PHASE_COUNT,
        SET_DC_CHARGING_POWER,
        ENABLE_CONNECTOR,
    )
}
"""What every server has."""

OUR_METHODS: Final[Mapping[str, Method]] = {
    method.name: method
    for method in (
        SET_AC_CHARGING,
        SET_DC_CHARGING,
        GET_CONNECTOR_STATUS,
        GET_LIMITS,
        SUBSCRIBE,
        GET_SNAPSHOT,
    )
}
"""What only our server has, for clients that were granted the extension."""

NOTIFICATIONS: Final[Mapping[str, Notification]] = {
    notification.name: notification
    for notification in (
        Notification(
            name="ChargePoint.ActiveErrorsChanged",
            params=results.ChargePointActiveErrorsChangedObj,
            params_for={"details": ours.DetailedErrorsChangedObj},
        ),
        Notification(
            name="EVSE.HardwareCapabilitiesChanged", params=results.EVSEHardwareCapabilitiesChangedObj
        ),
        Notification(name="EVSE.StatusChanged", params=results.EVSEStatusChangedObj),
        Notification(name="EVSE.MeterDataChanged", params=results.EVSEMeterDataChangedObj),
        Notification(
            name="EVSE.ConnectorStatusChanged",
            params=ours.EVSEConnectorStatusChangedObj,
            extension="connectors",
        ),
    )
}
