"""Limits to and from the grid, in kW: -1 is unlimited, 0 not allowed, from 0.1 on a cap."""

from __future__ import annotations

import math
from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.facts.codes import ExportMode
from ohmstead.families.franklinwh.facts.endpoints import (
    ENTRANCE_INFO,
    POWER_CONTROL,
    SET_POWER_CONTROL,
    SET_POWER_CONTROL_V2,
)

UNLIMITED: Final = -1.0
FORBIDDEN: Final = 0.0
SMALLEST_KW: Final = 0.1
LARGEST_KW: Final = 1000.0


async def get_power_control_settings(
    line: Line, *, fresh: bool = False
) -> dict[str, Any]:  # Any: the vendor's JSON
    return (await line.call(POWER_CONTROL, fresh=fresh)).record


async def get_entrance_info(line: Line) -> dict[str, Any]:  # Any: the vendor's JSON
    """Feature flags of the site, and its limits."""
    return (await line.call(ENTRANCE_INFO)).record


async def set_power_control_settings(line: Line, discharge_kw: float, charge_kw: float) -> WriteResult:
    """What the battery may give to the grid, and take from it. Raises `ValueError` before anything is sent."""
    wanted = battery_limits(discharge_kw, charge_kw)
    before = await get_power_control_settings(line, fresh=True)
    return await write_and_confirm(
        lambda: line.call(SET_POWER_CONTROL, body=wanted | {"gatewayId": line.serial}),
        lambda: get_power_control_settings(line, fresh=True),
        wanted,
        before=before,
        limits=line.limits,
    )


async def set_export_settings(line: Line, mode: int, limit_kw: float | None = None) -> WriteResult:
    """What may be exported: 1 solar only, 2 solar and battery, 3 nothing; at most `limit_kw`, unlimited without one.

    The whole record is sent back, with the change in it. Raises `ValueError` before anything is sent.
    """
    wanted = export_limits(mode, limit_kw)
    before = await get_power_control_settings(line, fresh=True)
    kept = {key: value for key, value in before.items() if value is not None}
    body = kept | {"gatewayId": line.serial, "lang": "EN_US"} | wanted
    return await write_and_confirm(
        lambda: line.call(SET_POWER_CONTROL_V2, body=body),
        lambda: get_power_control_settings(line, fresh=True),
        wanted,
        before=before,
        limits=line.limits,
    )


def battery_limits(discharge_kw: float, charge_kw: float) -> dict[str, object]:
    """Raises `ValueError`."""
    return {
        "globalGridDischargeMax": _limit(discharge_kw, "discharge to the grid"),
        "globalGridChargeMax": _limit(charge_kw, "charge from the grid"),
    }


def export_limits(mode: int, limit_kw: float | None) -> dict[str, object]:
    """The three values that a preset changes. Raises `ValueError`."""
    try:
        wanted = ExportMode(mode)
    except ValueError:
        raise ValueError(
            f"export is 1 (solar only), 2 (solar and battery) or 3 (none), not {mode!r}"
        ) from None
    if wanted is ExportMode.NONE:
        if limit_kw is not None:
            raise ValueError("without export there is no limit to it")
        feed_kw = discharge_kw = FORBIDDEN
    else:
        feed_kw = UNLIMITED if limit_kw is None else _limit(limit_kw, "export")
        discharge_kw = UNLIMITED if wanted is ExportMode.SOLAR_AND_BATTERY else FORBIDDEN
    return {
        "gridFeedMaxFlag": int(wanted),
        "gridFeedMax": feed_kw,
        "globalGridDischargeMax": discharge_kw,
    }


def _limit(limit_kw: float, what: str) -> float:
    allowed = limit_kw in {UNLIMITED, FORBIDDEN} or SMALLEST_KW <= limit_kw <= LARGEST_KW
    if isinstance(limit_kw, bool) or not math.isfinite(limit_kw) or not allowed:
        raise ValueError(
            f"the limit of {what} is -1 (unlimited), 0 (not allowed) or {SMALLEST_KW} to {LARGEST_KW:g} kW, "
            f"not {limit_kw!r}"
        )
    return float(limit_kw)
