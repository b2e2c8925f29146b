"""Reads that hand a record through, under the documented names."""

from __future__ import annotations

from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.facts import endpoints as to
from ohmstead.families.franklinwh.facts.endpoints import Endpoint
from ohmstead.families.franklinwh.wire.reading import whole

Record = dict[str, Any]  # Any: the vendor's JSON

SITES: Final = {"pageNum": 1, "pageSize": 20}


async def get_device_composite_info(line: Line, *, refresh: bool = True) -> Record:
    """The whole answer; `refresh` asks the gateway, otherwise the cloud tells what it remembers."""
    return dict((await line.call(to.COMPOSITE_INFO, query={"refreshFlag": int(refresh)})).raw)


async def get_home_gateway_list(line: Line) -> list[Record]:
    return await _list(line, to.GATEWAY_LIST)


async def get_device_info(line: Line) -> Record:
    return await _record(line, to.DEVICE_INFO)


async def get_agate_info(line: Line) -> Record:
    return await _record(line, to.AGATE_INFO)


async def get_apower_info(line: Line) -> list[Record]:
    return await _list(line, to.PACKS)


async def get_equipment_location(line: Line) -> Record:
    return await _record(line, to.LOCATION)


async def get_warranty_info(line: Line) -> Record:
    return await _record(line, to.WARRANTY)


async def get_pack_catalogue(line: Line) -> list[Record]:
    return await _list(line, to.PACK_CATALOGUE)


async def get_site_list(line: Line) -> list[Record]:
    return await _list(line, to.SITES, SITES)


async def get_grid_profile_info(line: Line) -> Record:
    """The grid profiles, and as `current` the one in force."""
    found = await _record(line, to.GRID_PROFILES)
    profiles = found.get("list")
    current = whole(found.get("currentId"))
    chosen = (
        profile
        for profile in (profiles if isinstance(profiles, list) else [])
        if isinstance(profile, dict) and current is not None and whole(profile.get("id")) == current
    )
    return found | {"current": next(chosen, None)}


async def get_benefit_info(line: Line, span: int, day: str) -> Record:
    """Savings and flows of a day (1), week (2), month (3), year (4) or of all time (5)."""
    return await _record(line, to.BENEFIT, {"type": span, "dayTime": day})


async def _record(line: Line, endpoint: Endpoint, query: Record | None = None) -> Record:
    return (await line.call(endpoint, query=query or {})).record


async def _list(line: Line, endpoint: Endpoint, query: Record | None = None) -> list[Record]:
    return (await line.call(endpoint, query=query or {})).records
