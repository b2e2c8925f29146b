"""What our server offers beyond the reference, to clients that ask for it by name in their greeting."""

from __future__ import annotations

from typing import Final

from ohmstead.families.everest.schema.enums import EVSEStateEnum, ResponseErrorEnum
from ohmstead.families.everest.schema.members import Object, Stamp
from ohmstead.families.everest.schema.objects import (
    ChargerInfoObj,
    ErrorObj,
    EVSEInfoObj,
    EVSEStatusObj,
    HardwareCapabilitiesObj,
    MeterDataObj,
)
from ohmstead.families.everest.schema.text import Text

EXTENSIONS: Final = ("connectors", "details", "combined", "limits", "subscribe", "snapshot")


class SubscriptionTopicEnum(Text):
    """What can be subscribed to: the names of the notifications."""

    STATUS = "EVSE.StatusChanged"
    METER_DATA = "EVSE.MeterDataChanged"
    HARDWARE_CAPABILITIES = "EVSE.HardwareCapabilitiesChanged"
    CONNECTOR_STATUS = "EVSE.ConnectorStatusChanged"
    ACTIVE_ERRORS = "ChargePoint.ActiveErrorsChanged"


class ScopeEnum(Text):
    """What a token allows."""

    READ = "read"
    CONTROL = "control"
    ADMIN = "admin"


class LimitedByEnum(Text):
    """Who decided that less was applied than asked for.

    The house's own list is `model.LimitedBy`, and a test holds the two together. It is said again because these names are
    promised to other programs, whatever the house calls things, and because a text that is none of them is kept.
    """

    HARDWARE = "hardware"
    FUSE = "fuse"
    INSTALLER_LIMIT = "installer_limit"
    NETWORK_LIMIT = "network_limit"
    LOAD_MANAGEMENT = "load_management"
    MINIMUM_CURRENT = "minimum_current"
    SCHEDULE = "schedule"
    VEHICLE = "vehicle"
    PHASE_COUNT = "phase_count"
    ACCESS_WINDOW = "access_window"
    WEAR_BUDGET = "wear_budget"
    NOT_SUPPORTED = "not_supported"
    OTHER = "other"


class UnitEnum(Text):
    """Of a requested and an applied value."""

    A = "A"
    W = "W"
    PHASES = "phases"
    BOOL = "bool"


class ExtendedHelloResObj(Object, frozen=True, kw_only=True):
    authentication_required: bool
    api_version: str
    everest_version: str
    charger_info: ChargerInfoObj
    authenticated: bool
    user: str
    permission_scopes: tuple[ScopeEnum, ...]
    extensions: tuple[str, ...]
    session_id: str


class AppliedObj(Object, frozen=True, kw_only=True):
    value: float | bool | None
    unit: UnitEnum
    requested: float | bool
    limited_by: LimitedByEnum | None = None


class SetResultObj(Object, frozen=True, kw_only=True):
    error: ResponseErrorEnum
    applied: CombinedAppliedObj | None = None


class CombinedAppliedObj(Object, frozen=True, kw_only=True):
    charging_allowed: AppliedObj
    max_current: AppliedObj | None = None
    max_power: AppliedObj | None = None
    phase_count: AppliedObj | None = None


class AppliedResObj(Object, frozen=True, kw_only=True):
    """The result of a Set method for clients that asked for `details`."""

    error: ResponseErrorEnum
    applied: AppliedObj | None = None


class ConnectorStatusObj(Object, frozen=True, kw_only=True):
    index: int
    available: bool
    connected: bool
    active: bool
    state: EVSEStateEnum
    error_present: bool


class EVSEGetConnectorStatusResObj(Object, frozen=True, kw_only=True):
    connector_status: ConnectorStatusObj
    error: ResponseErrorEnum


class EVSEConnectorStatusChangedObj(Object, frozen=True, kw_only=True):
    evse_index: int
    connector_index: int
    connector_status: ConnectorStatusObj


class DetailedErrorObj(ErrorObj, frozen=True, kw_only=True):
    """With what the interface's schema has no place for: only for clients that asked for `details`."""

    vendor_id: str | None = None


class DetailedErrorsResObj(Object, frozen=True, kw_only=True):
    active_errors: tuple[DetailedErrorObj, ...]
    error: ResponseErrorEnum


class DetailedErrorsChangedObj(Object, frozen=True, kw_only=True):
    active_errors: tuple[DetailedErrorObj, ...]


class LimitObj(Object, frozen=True, kw_only=True):
    source: str
    value: float
    unit: UnitEnum
    phases: int | None = None
    valid_until: Stamp | None
    active: bool


class EVSEGetLimitsResObj(Object, frozen=True, kw_only=True):
    limits: tuple[LimitObj, ...]
    error: ResponseErrorEnum


class APISubscribeResObj(Object, frozen=True, kw_only=True):
    topics: tuple[SubscriptionTopicEnum, ...]
    evse_indexes: tuple[int, ...] | None
    min_interval_ms: int
    error: ResponseErrorEnum


class SnapshotEvseObj(Object, frozen=True, kw_only=True):
    evse_index: int
    info: EVSEInfoObj | None = None
    status: EVSEStatusObj | None = None
    hardware_capabilities: HardwareCapabilitiesObj | None = None
    meter_data: MeterDataObj | None = None
    connectors: tuple[ConnectorStatusObj, ...] | None = None


class APIGetSnapshotResObj(Object, frozen=True, kw_only=True):
    taken_at: Stamp
    evses: tuple[SnapshotEvseObj, ...]
    active_errors: tuple[ErrorObj, ...]
    error: ResponseErrorEnum


class DetailedSnapshotResObj(APIGetSnapshotResObj, frozen=True, kw_only=True):
    active_errors: tuple[DetailedErrorObj, ...]
