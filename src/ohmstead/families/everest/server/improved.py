"""The methods as our own mode carries them out, and among them those that only we offer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

import ohmstead
from ohmstead.families.everest.schema import extensions as ours
from ohmstead.families.everest.schema import methods, results
from ohmstead.families.everest.schema.enums import EVSEStateEnum
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.stamps import stamp
from ohmstead.families.everest.server import reads, setting
from ohmstead.families.everest.server.attending import Subscription
from ohmstead.families.everest.server.desk import Desk, connector_indexes
from ohmstead.families.everest.server.evse import Evse

NO_CONNECTOR: Final = ours.ConnectorStatusObj(
    index=0,
    available=False,
    connected=False,
    active=False,
    state=EVSEStateEnum.UNKNOWN,
    error_present=False,
)


Carry = Callable[..., Awaitable[Object]]


async def hello(
    desk: Desk, token: str | None = None, extensions: tuple[str, ...] | None = None, client: str | None = None
) -> Object:
    """Who greets with parameters has opted in, and hears what it was granted."""
    plain = results.HelloResObj(
        authentication_required=desk.settings.authentication,
        authenticated=desk.client.access.is_authenticated if desk.settings.authentication else None,
        api_version=reads.API_VERSION,
        everest_version=desk.point.everest_version or f"Ohmstead {ohmstead.__version__}",
        charger_info=desk.point.charger_info,
    )
    if token is None and extensions is None and client is None:
        return plain
    asking = desk.client
    asking.name = (client or "")[:64]
    asking.grant(frozenset(extensions or ()) & frozenset(ours.EXTENSIONS))
    if token is not None:
        asking.access.greeted(token)
    return ours.ExtendedHelloResObj(
        **(msgspec.structs.asdict(plain) | {"authenticated": asking.access.is_authenticated}),
        user=asking.access.user,
        permission_scopes=tuple(ours.ScopeEnum(scope) for scope in asking.access.scopes),
        extensions=tuple(name for name in ours.EXTENSIONS if name in asking.extensions),
        session_id=asking.session_id,
    )


def _read(carry: Carry) -> Carry:
    async def read(desk: Desk, **arguments: object) -> Object:
        return await carry(desk.point, **arguments)

    return read


async def active_errors(desk: Desk) -> Object:
    if "details" in desk.client.extensions:
        return ours.DetailedErrorsResObj(active_errors=desk.point.detailed_errors, error=Error.NO_ERROR)
    return await reads.active_errors(desk.point)


async def connector_status(desk: Desk, evse_index: int, connector_index: int) -> Object:
    evse = desk.point.evses.get(evse_index)
    found = evse.connectors.seen.get(connector_index) if evse is not None else None
    if evse is None:
        error = Error.ERROR_INVALID_EVSE_INDEX
    elif evse.info is None:
        error = Error.ERROR_NO_DATA_AVAILABLE
    elif connector_index not in connector_indexes(evse):
        error = Error.ERROR_INVALID_CONNECTOR_INDEX
    else:
        error = Error.NO_ERROR if found is not None else Error.ERROR_NO_DATA_AVAILABLE
    is_known = error is Error.NO_ERROR and found is not None
    return ours.EVSEGetConnectorStatusResObj(
        connector_status=found if is_known and found is not None else NO_CONNECTOR, error=error
    )


async def limits(desk: Desk, evse_index: int) -> Object:
    evse = desk.point.evses.get(evse_index)
    if evse is None:
        return ours.EVSEGetLimitsResObj(limits=(), error=Error.ERROR_INVALID_EVSE_INDEX)
    if evse.status is None:
        return ours.EVSEGetLimitsResObj(limits=(), error=Error.ERROR_NO_DATA_AVAILABLE)
    return ours.EVSEGetLimitsResObj(limits=tuple(desk.control(evse).limits()), error=Error.NO_ERROR)


async def subscribe(
    desk: Desk,
    topics: tuple[str, ...],
    evse_indexes: tuple[int, ...] | None = None,
    min_interval_ms: int = 0,
) -> Object:
    """In place of what the client subscribed to before. What is wrong changes nothing."""
    wanted = tuple(dict.fromkeys(ours.SubscriptionTopicEnum(topic) for topic in topics))
    is_unknown = any(not topic.is_known for topic in wanted) or (
        ours.SubscriptionTopicEnum.CONNECTOR_STATUS in wanted and "connectors" not in desk.client.extensions
    )
    error = Error.NO_ERROR
    if is_unknown or min_interval_ms < 0:
        error = Error.ERROR_INVALID_PARAMETER
    elif any(index not in desk.point.evses for index in evse_indexes or ()):
        error = Error.ERROR_INVALID_EVSE_INDEX
    else:
        desk.client.subscribe(
            Subscription(topics=frozenset(wanted), evse_indexes=evse_indexes, min_interval_ms=min_interval_ms)
        )
    now = desk.client.subscription
    return ours.APISubscribeResObj(
        topics=tuple(topic for topic in ours.SubscriptionTopicEnum if topic in now.topics),
        evse_indexes=now.evse_indexes,
        min_interval_ms=now.min_interval_ms,
        error=error,
    )


async def snapshot(desk: Desk, evse_indexes: tuple[int, ...] | None = None) -> Object:
    """Everything at one instant: nothing can change while it is put together."""
    is_known = all(index in desk.point.evses for index in evse_indexes or ())
    wanted = desk.point.evses if evse_indexes is None else dict.fromkeys(evse_indexes)
    picture = ours.APIGetSnapshotResObj(
        taken_at=stamp(desk.clock.now()),
        evses=tuple(_pictured(desk, desk.point.evses[index]) for index in wanted) if is_known else (),
        active_errors=desk.point.active_errors,
        error=Error.NO_ERROR if is_known else Error.ERROR_INVALID_EVSE_INDEX,
    )
    if "details" not in desk.client.extensions:
        return picture
    members = msgspec.structs.asdict(picture) | {"active_errors": desk.point.detailed_errors}
    return ours.DetailedSnapshotResObj(**members)


def _pictured(desk: Desk, evse: Evse) -> ours.SnapshotEvseObj:
    has_connectors = "connectors" in desk.client.extensions and evse.connectors.seen
    return ours.SnapshotEvseObj(
        evse_index=evse.index,
        info=evse.info,
        status=evse.status,
        hardware_capabilities=evse.hardware,
        meter_data=evse.meter,
        connectors=tuple(evse.connectors.seen.values()) if has_connectors else None,
    )


IMPROVED: Final[Mapping[str, Carry]] = {
    methods.HELLO.name: hello,
    methods.GET_EVSE_INFOS.name: _read(reads.evse_infos),
    methods.GET_ACTIVE_ERRORS.name: active_errors,
    methods.GET_INFO.name: _read(reads.info),
    methods.GET_STATUS.name: _read(reads.status),
    methods.GET_HARDWARE_CAPABILITIES.name: _read(reads.hardware_capabilities),
    methods.GET_METER_DATA.name: _read(reads.meter_data),
    methods.SET_CHARGING_ALLOWED.name: setting.set_allowed,
    methods.SET_AC_CHARGING_CURRENT.name: setting.set_current,
    methods.SET_AC_CHARGING_PHASE_COUNT.name: setting.set_phase_count,
    methods.SET_DC_CHARGING_POWER.name: setting.set_power,
    methods.ENABLE_CONNECTOR.name: setting.enable_connector,
    methods.SET_AC_CHARGING.name: setting.set_ac_charging,
    methods.SET_DC_CHARGING.name: setting.set_dc_charging,
    methods.GET_CONNECTOR_STATUS.name: connector_status,
    methods.GET_LIMITS.name: limits,
    methods.SUBSCRIBE.name: subscribe,
    methods.GET_SNAPSHOT.name: snapshot,
}
