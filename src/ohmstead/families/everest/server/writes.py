"""The methods that change something, as the reference carries them out, in the order of its checks."""

from __future__ import annotations

from typing import Final

import msgspec

from ohmstead.families.everest.schema.enums import EVSEStateEnum
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.objects import HardwareCapabilitiesObj
from ohmstead.families.everest.schema.results import ErrorResObj
from ohmstead.families.everest.server.backend import Limit
from ohmstead.families.everest.server.charge_point import ChargePoint
from ohmstead.families.everest.server.evse import Evse

ENFORCED_WITHIN_S: Final = 5.0
UNLIMITED: Final = Limit(import_a=999.9, export_a=0.0)
"""What is sent when charging is allowed again and nobody has asked for a limit."""
PHASE_COUNTS: Final = (1, 3)


async def charging_current(point: ChargePoint, evse_index: int, max_current: float) -> ErrorResObj:
    evse = point.evses.get(evse_index)
    if evse is None:
        return ErrorResObj(error=Error.ERROR_INVALID_EVSE_INDEX)
    point.configured = current_limit(max_current)
    if evse.status is None:
        return ErrorResObj(error=Error.ERROR_NO_DATA_AVAILABLE)
    if not evse.status.charging_allowed:
        return ErrorResObj(error=Error.NO_ERROR)
    if evse.sink is None:
        return ErrorResObj(error=Error.ERROR_INVALID_EVSE_INDEX)
    is_enforced = evse.enforcement.is_now(max_current)
    await evse.sink.limit(msgspec.structs.replace(point.configured, phase_count=evse.active_phase_count))
    if is_enforced or await evse.enforcement.coming(max_current, ENFORCED_WITHIN_S):
        return ErrorResObj(error=Error.NO_ERROR)
    return ErrorResObj(error=Error.ERROR_VALUES_NOT_APPLIED)


def current_limit(max_current: float) -> Limit:
    """What is not positive limits what is given back."""
    if max_current > 0:
        return Limit(import_a=max_current, export_a=0.0)
    return Limit(import_a=0.0, export_a=-max_current)


async def phase_count(point: ChargePoint, evse_index: int, phase_count: int) -> ErrorResObj:
    evse = point.evses.get(evse_index)
    if evse is None:
        return ErrorResObj(error=Error.ERROR_INVALID_EVSE_INDEX)
    if evse.hardware is None:
        return ErrorResObj(error=Error.ERROR_NO_DATA_AVAILABLE)
    if phase_count == evse.active_phase_count:
        return ErrorResObj(error=Error.NO_ERROR)
    error = _phase_count_error(evse.hardware, phase_count)
    if error is not Error.NO_ERROR:
        return ErrorResObj(error=error)
    if evse.sink is None:
        return ErrorResObj(error=Error.ERROR_INVALID_EVSE_INDEX)
    await evse.sink.limit(msgspec.structs.replace(point.configured or UNLIMITED, phase_count=phase_count))
    return ErrorResObj(error=Error.NO_ERROR)


def _phase_count_error(hardware: HardwareCapabilitiesObj, phase_count: int) -> Error:
    if not hardware.phase_switch_during_charging:
        return Error.ERROR_OPERATION_NOT_SUPPORTED
    # The figures for giving back: the reference's own choice.
    if not hardware.min_phase_count_export <= phase_count <= hardware.max_phase_count_export:
        return Error.ERROR_OUT_OF_RANGE
    return Error.NO_ERROR if phase_count in PHASE_COUNTS else Error.ERROR_INVALID_PARAMETER


async def charging_power(point: ChargePoint, evse_index: int, max_power: float) -> ErrorResObj:
    """Sent and not verified; acts on AC as well."""
    evse = point.evses.get(evse_index)
    if evse is None or evse.sink is None:
        return ErrorResObj(error=Error.ERROR_INVALID_EVSE_INDEX)
    point.configured = Limit(total_power_w=max_power)
    await evse.sink.limit(point.configured)
    return ErrorResObj(error=Error.NO_ERROR)


async def charging_allowed(point: ChargePoint, evse_index: int, charging_allowed: bool) -> ErrorResObj:  # noqa: FBT001 - the wish itself
    evse = point.evses.get(evse_index)
    if evse is None:
        return ErrorResObj(error=Error.ERROR_INVALID_EVSE_INDEX)
    if evse.status is None:
        return ErrorResObj(error=Error.ERROR_NO_DATA_AVAILABLE)
    if charging_allowed == evse.status.charging_allowed:
        return ErrorResObj(error=Error.NO_ERROR)
    return ErrorResObj(error=await (_allow(point, evse) if charging_allowed else _disallow(evse)))


async def _disallow(evse: Evse) -> Error:
    if evse.status is not None and evse.status.state is EVSEStateEnum.CHARGING:
        if evse.manager is None or not await evse.manager.pause():
            return Error.ERROR_VALUES_NOT_APPLIED
    elif evse.sink is None:
        return Error.NO_ERROR  # and nothing has changed
    else:
        await evse.sink.limit(Limit(total_power_w=0.0, phase_count=evse.active_phase_count))
    evse.change(charging_allowed=False)
    return Error.NO_ERROR


async def _allow(point: ChargePoint, evse: Evse) -> Error:
    if evse.sink is None:
        return Error.ERROR_INVALID_EVSE_INDEX
    limit = point.configured or UNLIMITED
    await evse.sink.limit(msgspec.structs.replace(limit, phase_count=evse.active_phase_count))
    is_paused = evse.status is not None and evse.status.state is EVSEStateEnum.CHARGING_PAUSED_EVSE
    if is_paused and (evse.manager is None or not await evse.manager.resume()):
        return Error.ERROR_VALUES_NOT_APPLIED
    evse.change(charging_allowed=True)
    return Error.NO_ERROR


async def connector_enabled(
    point: ChargePoint,
    evse_index: int,
    connector_index: int,
    enable: bool,  # noqa: FBT001 - the wish itself
    priority: int,
) -> ErrorResObj:
    evse = point.evses.get(evse_index)
    if evse is None:
        return ErrorResObj(error=Error.ERROR_INVALID_EVSE_INDEX)
    connectors = evse.info.available_connectors if evse.info is not None else ()
    if connector_index not in [connector.index for connector in connectors]:
        return ErrorResObj(error=Error.ERROR_INVALID_CONNECTOR_INDEX)
    is_done = evse.manager is not None and await evse.manager.enable(connector_index, enable, priority)
    return ErrorResObj(error=Error.NO_ERROR if is_done else Error.ERROR_VALUES_NOT_APPLIED)
