"""What is fitted and licensed, as far as reading needs to know: from calls that are kept for minutes. Where such a call
fails, what it said last stands; a poll never fails because of one.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.facts.codes import AccessoryKind
from ohmstead.families.franklinwh.facts.endpoints import (
    ACCESSORIES,
    DEVICE_INFO,
    ENTRANCE_INFO,
    Endpoint,
)
from ohmstead.families.franklinwh.wire.reading import whole
from ohmstead.model import OhmsteadError

log = logging.getLogger(__name__)

METERED: Final = frozenset({AccessoryKind.GENERATOR, AccessoryKind.CIRCUITS})
REST: Final = timedelta(minutes=1)
"""A call that fails is not repeated with every poll."""

Record = Mapping[str, Any]  # Any: the vendor's JSON


class Fitted(msgspec.Struct, frozen=True):
    has_metering: bool
    """Circuits, generator or vehicle port are there: without them metering is noise."""
    is_car_port_a_circuit: bool
    """Circuit 3 is metered as CarSW where circuits are fitted and vehicle-to-load is not licensed."""


async def fitted(line: Line, runtime: Record) -> Fitted:
    is_licensed = whole(runtime.get("v2lModeEnable")) == 1
    kinds = await accessory_kinds(line)
    return Fitted(
        has_metering=is_licensed or not METERED.isdisjoint(kinds),
        is_car_port_a_circuit=AccessoryKind.CIRCUITS in kinds and not is_licensed,
    )


async def accessory_kinds(line: Line) -> frozenset[int]:
    found = await asked(line, ACCESSORIES)
    if isinstance(found, list) and found is not line.state.accessory_list:
        kinds = (whole(item.get("accessoryType")) for item in found if isinstance(item, dict))
        line.state.accessory_kinds = frozenset(kind for kind in kinds if kind is not None)
        line.state.accessory_list = found
    return line.state.accessory_kinds


async def generator_enabled(line: Line) -> int:
    found = await asked(line, DEVICE_INFO)
    return (whole(found.get("genEn")) or 0) if isinstance(found, dict) else 0


async def is_not_grid_tied(line: Line) -> bool:
    """Whether the site has no utility service. Read once; until it could be read, it has one."""
    if line.state.is_not_grid_tied is None:
        entrance = await asked(line, ENTRANCE_INFO)
        device = await asked(line, DEVICE_INFO)
        if isinstance(entrance, dict) or isinstance(device, dict):
            line.state.is_not_grid_tied = (
                isinstance(entrance, dict) and entrance.get("gridFlag") in (False, 0)
            ) or (isinstance(device, dict) and whole(device.get("offGirdFlag")) == 1)
    return line.state.is_not_grid_tied or False


async def asked(line: Line, endpoint: Endpoint) -> Any:  # Any: the vendor's JSON
    """The result of a call that nothing may fail because of; None while it cannot be had."""
    now = line.clock.now()
    if line.state.is_resting(endpoint.name, now):
        return None
    try:
        return (await line.call(endpoint)).result
    except OhmsteadError as error:
        log.warning("%s could not be read: %s", endpoint.name, error)
        line.state.rest(endpoint.name, now + REST)
        return None
