"""The methods of our own mode that change something: each is a wish, which the EVSE's control judges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from ohmstead.families.everest.schema import extensions as ours
from ohmstead.families.everest.schema import results
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.server.backend import Effect, Wish
from ohmstead.families.everest.server.desk import Desk, connector_indexes

LONGEST_WISH_S: Final = 86_400.0
STRONGEST, WEAKEST = 0, 10_000
ALL_CONNECTORS: Final = 0


async def set_current(desk: Desk, evse_index: int, max_current: float, **terms: object) -> Object:
    return await _set(desk, evse_index, "max_current", terms, max_current_a=max_current)


async def set_power(desk: Desk, evse_index: int, max_power: float, **terms: object) -> Object:
    return await _set(desk, evse_index, "max_power", terms, needs_status=False, max_power_w=max_power)


async def set_phase_count(desk: Desk, evse_index: int, phase_count: int, **terms: object) -> Object:
    return await _set(desk, evse_index, "phase_count", terms, needs_status=False, phase_count=phase_count)


async def set_allowed(desk: Desk, evse_index: int, charging_allowed: bool, **terms: object) -> Object:  # noqa: FBT001 - the wish itself
    return await _set(desk, evse_index, "charging_allowed", terms, charging_allowed=charging_allowed)


async def set_ac_charging(
    desk: Desk,
    evse_index: int,
    charging_allowed: bool,  # noqa: FBT001 - the wish itself
    max_current: float,
    phase_count: int | None = None,
    **terms: object,
) -> Object:
    return await _set_together(
        desk,
        evse_index,
        terms,
        is_dc=False,
        charging_allowed=charging_allowed,
        max_current_a=max_current,
        phase_count=phase_count,
    )


async def set_dc_charging(
    desk: Desk,
    evse_index: int,
    charging_allowed: bool,  # noqa: FBT001 - the wish itself
    max_power: float,
    **terms: object,
) -> Object:
    return await _set_together(
        desk, evse_index, terms, is_dc=True, charging_allowed=charging_allowed, max_power_w=max_power
    )


async def _set(
    desk: Desk,
    evse_index: int,
    part: str,
    terms: Mapping[str, object],
    *,
    needs_status: bool = True,
    **wish: object,
) -> Object:
    effect = await _wished(desk, evse_index, terms, wish, needs_status=needs_status)
    if "details" in desk.client.extensions:
        return ours.AppliedResObj(error=effect.error, applied=getattr(effect, part))
    return results.ErrorResObj(error=effect.error)


async def _set_together(
    desk: Desk, evse_index: int, terms: Mapping[str, object], *, is_dc: bool, **wish: object
) -> Object:
    evse = desk.point.evses.get(evse_index)
    if evse is not None and evse.info is None:
        return ours.SetResultObj(error=Error.ERROR_NO_DATA_AVAILABLE)
    if evse is not None and evse.is_dc is not is_dc:
        return ours.SetResultObj(error=Error.ERROR_OPERATION_NOT_SUPPORTED)
    effect = await _wished(desk, evse_index, terms, wish)
    if "details" not in desk.client.extensions or effect.charging_allowed is None:
        return ours.SetResultObj(error=effect.error)
    parts = msgspec.structs.asdict(effect)
    return ours.SetResultObj(error=parts.pop("error"), applied=ours.CombinedAppliedObj(**parts))


async def _wished(
    desk: Desk,
    evse_index: int,
    terms: Mapping[str, object],
    parts: Mapping[str, object],
    *,
    needs_status: bool = True,
) -> Effect:
    evse = desk.point.evses.get(evse_index)
    valid_for_s = terms.get("valid_for_s")
    if evse is None:
        return Effect(error=Error.ERROR_INVALID_EVSE_INDEX)
    if isinstance(valid_for_s, float) and not 0 < valid_for_s <= LONGEST_WISH_S:
        return Effect(error=Error.ERROR_INVALID_PARAMETER)
    if needs_status and evse.status is None:
        return Effect(error=Error.ERROR_NO_DATA_AVAILABLE)
    told = {"is_strict": bool(terms.get("strict")), "valid_for_s": valid_for_s, "origin": desk.client.origin}
    return await desk.control(evse).wish(msgspec.convert({**parts, **told}, Wish))


async def enable_connector(
    desk: Desk,
    evse_index: int,
    connector_index: int,
    enable: bool,  # noqa: FBT001 - the wish itself
    priority: int,
) -> Object:
    evse = desk.point.evses.get(evse_index)
    if evse is None:
        error = Error.ERROR_INVALID_EVSE_INDEX
    elif connector_index != ALL_CONNECTORS and connector_index not in connector_indexes(evse):
        error = Error.ERROR_INVALID_CONNECTOR_INDEX
    elif not STRONGEST <= priority <= WEAKEST:
        error = Error.ERROR_OUT_OF_RANGE
    else:
        error = await desk.control(evse).enable(connector_index, enable, priority)
    return results.ErrorResObj(error=error)
