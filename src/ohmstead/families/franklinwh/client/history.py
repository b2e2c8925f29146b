"""The past: energy in buckets, power every five minutes. Days are the gateway's own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.facts.endpoints import ALARM_CODES, ALARMS, ENERGY_DATA, POWER_BY_DAY
from ohmstead.families.franklinwh.facts.endpoints.history import DAY_KEY, SPAN_KEY, SPANS
from ohmstead.families.franklinwh.wire.reading import whole

DAY: Final = 1
WEEK: Final = 2


async def get_power_details(
    line: Line,
    type: int | str,  # noqa: A002  # the vendor's and the documented name
    day: date | str,
) -> dict[str, Any]:  # Any: the vendor's JSON
    """Energy in kWh per bucket: `type` 1 one day, 2 its week from Monday on, 3 its month, 4 its year, 5 all. Raises `ValueError`."""
    span = whole(type)
    if span is None or span not in SPANS:
        raise ValueError(f"history comes by 1 day, 2 week, 3 month, 4 year or 5 total, not {type!r}")
    start = _first_day(_day(day), span)
    key = DAY_KEY if span == DAY else SPAN_KEY
    return (await line.call(ENERGY_DATA, query={"type": span, key: start.isoformat()})).record


async def get_power_by_day(line: Line, day: date | str) -> dict[str, Any]:  # Any: the vendor's JSON
    """Flows in kW and the charge, every five minutes of a day."""
    return (await line.call(POWER_BY_DAY, query={DAY_KEY: _day(day).isoformat()})).record


async def get_gateway_alarm(line: Line) -> list[dict[str, Any]]:  # Any: the vendor's JSON
    """Alarms that are active now."""
    return (await line.call(ALARMS, query={"lang": "EN_US"})).records


async def get_alarm_codes_list(line: Line) -> list[dict[str, Any]]:  # Any: the vendor's JSON
    """The vendor's dictionary of alarm codes, some of it in Chinese too."""
    return (await line.call(ALARM_CODES)).records


def _day(day: date | str) -> date:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _first_day(day: date, span: int) -> date:
    """With another day of the week than its Monday the arrays come back empty."""
    return day - timedelta(days=day.weekday()) if span == WEEK else day
