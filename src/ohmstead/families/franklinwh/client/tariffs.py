"""The tariff, the block of now, and saving a plan."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ohmstead.families.franklinwh.client import fitted
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.plan import ActiveBlock, active_block, blocks, check_plan, saved
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.facts.endpoints import DEVICE_INFO, SAVE_DISPATCH, TOU_DISPATCH

log = logging.getLogger(__name__)

Record = Mapping[str, Any]  # Any: the vendor's JSON


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """What a kWh costs and earns now, in the tariff's currency."""

    buy_per_kwh: float | None
    sell_per_kwh: float | None
    wave: str
    until: str
    """HH:MM, in the gateway's own zone."""


async def get_tou_dispatch_detail(line: Line, *, fresh: bool = False) -> dict[str, Any]:  # Any: vendor's JSON
    """Tariff and plan as they came."""
    return (await line.call(TOU_DISPATCH, fresh=fresh)).record


async def get_tou_info(line: Line) -> ActiveBlock | None:
    """The plan's block of now; None without a plan. From then on `get_stats` tells it too."""
    line.state.plan = await get_tou_dispatch_detail(line)
    line.state.zone = await zone(line)
    return active_block(line.state.plan, line.clock.now().astimezone(line.state.zone))


async def get_current_tou_price(line: Line) -> Price | None:
    """None without a plan."""
    block = await get_tou_info(line)
    if block is None:
        return None
    return Price(
        buy_per_kwh=block.buy_per_kwh, sell_per_kwh=block.sell_per_kwh, wave=block.wave, until=block.end
    )


async def set_tou_schedule(line: Line, plan: Record) -> WriteResult:
    """Replace the whole plan (`template`, `strategyList`, as `get_tou_dispatch_detail` gives them). Raises `ValueError`,
    before anything is sent, for a plan with gaps.

    Saving does not switch to it: `set_mode(1)` does.
    """
    check_plan(plan)
    before = await get_tou_dispatch_detail(line, fresh=True)
    wanted = blocks(plan)
    return await write_and_confirm(
        lambda: line.call(SAVE_DISPATCH, body=saved(plan, line.serial)),
        lambda: get_tou_dispatch_detail(line, fresh=True),
        {},
        before=before,
        mismatches=lambda record: () if blocks(record) == wanted else ("strategyList",),
        limits=line.limits,
    )


async def zone(line: Line) -> tzinfo:
    """The gateway's own. UTC, and one warning, where its name is missing or unknown to this machine."""
    result = await fitted.asked(line, DEVICE_INFO)
    name = result.get("zoneInfo") if isinstance(result, dict) else None
    return _zone(str(name))


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        log.warning("the gateway's time zone %r is not known here; its times are taken as UTC", name)
        return UTC


def told(plan: Record, at: datetime) -> dict[str, object]:
    """The block of a local time as `get_stats` tells it; nothing where the plan has none."""
    block = active_block(plan, at)
    if block is None:
        return {}
    return {
        "active_tou_name": block.name,
        "active_tou_dispatch": block.dispatch,
        "active_tou_dispatch_id": block.dispatch_id,
        "active_tou_wave_type": block.wave_type,
        "active_tou_wave_type_desc": block.wave,
        "active_tou_start": block.start,
        "active_tou_end": block.end,
        "active_tou_remaining": f"{block.remaining_min // 60:d}:{block.remaining_min % 60:02d}",
    }
