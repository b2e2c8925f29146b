"""The tariff and its plan: a document in the vendor's words, as it was saved, and what it says for a moment.

The document is the truth; `compiled` reads it once into a table of blocks by month and kind of day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts.tariffs import DISPATCHES, WAVES
from ohmstead.families.franklinwh.simulator.plant.law import SELF_CONSUMPTION

Json = dict[str, Any]  # Any: JSON
DAY_MIN: Final = 24 * 60
WEEKDAY: Final = 1
WEEKEND: Final = 2
EVERY_DAY: Final = 3
RATES: Final = {0: 0.11, 1: 0.18, 2: 0.36, 4: 0.07}
SELL_SHARE: Final = 0.4
SUMMER: Final = (("00:00", "14:00", 0, 6), ("14:00", "20:00", 2, 1), ("20:00", "24:00", 0, 6))
WINTER: Final = (
    ("00:00", "05:00", 4, 8),
    ("05:00", "16:00", 0, 3),
    ("16:00", "21:00", 2, 1),
    ("21:00", "24:00", 1, 6),
)


class Block(msgspec.Struct, frozen=True):
    start_min: int
    end_min: int
    dispatch: int
    wave: int


Plan = Mapping[tuple[int, int], tuple[Block, ...]]
"""By month and kind of day (weekday or weekend)."""


class Unusable(ValueError):
    """A plan that cannot be followed."""


def default_document(gateway: str, *, country: int, province: int) -> Json:
    seasons = [
        _season(501, "Summer", "5,6,7,8,9,10", SUMMER),
        _season(502, "Winter", "1,2,3,4,11,12", WINTER),
    ]
    return {
        "template": {
            "id": 7001,
            "gatewayId": gateway,
            "electricCompany": "Sample Power",
            "eleCompanyFullName": "Sample Power Company",
            "eletricCompanyId": 301,
            "name": "Residential Time of Use",
            "electricityType": 1,
            "workMode": 1,
            "countryId": country,
            "countryEn": "United States" if country == 2 else "Australia",
            "provinceId": province,
            "provinceEn": "New York" if country == 2 else "New South Wales",
            "derSchdule": "Sample schedule",
            "gridType": 0,
            "updateTime": "2025-09-01 10:00:00",
        },
        "strategyList": seasons,
        "nemType": 0,
    }


def _season(number: int, name: str, months: str, blocks: Sequence[tuple[str, str, int, int]]) -> Json:
    details = [
        {
            "id": 100 * number + index,
            "name": WAVES[wave].name,
            "strategyId": number,
            "startHourTime": start,
            "endHourTime": end,
            "waveType": wave,
            "dispatchId": dispatch,
            "solarPriority": DISPATCHES[dispatch].solar_order,
            "loadPriority": DISPATCHES[dispatch].load_order,
            "gridMax": -1.0,
            "gridChargeMax": -1.0,
            "gridDischargeMax": -1.0,
        }
        for index, (start, end, wave, dispatch) in enumerate(blocks, start=1)
    ]
    rates = {WAVES[wave].buy: rate for wave, rate in RATES.items()}
    sales = {WAVES[wave].sell: round(SELL_SHARE * rate, 4) for wave, rate in RATES.items()}
    day = {
        "id": 10 * number,
        "dayName": "everyDay",
        "dayType": EVERY_DAY,
        **rates,
        **sales,
        WAVES[3].buy: None,
        WAVES[3].sell: None,
        "eleticRateGridFee": 0.0,
        "ladderRate": None,
        "detailVoList": details,
    }
    return {
        "id": number,
        "seasonName": name,
        "month": months,
        "templateId": 7001,
        "fromType": 0,
        "dayTypeVoList": [day],
    }


def compiled(document: Mapping[str, Any]) -> Plan:
    """Raises `Unusable` for a plan that misses something or makes no sense."""
    plan: dict[tuple[int, int], tuple[Block, ...]] = {}
    try:
        for season in document["strategyList"]:
            months = [int(month) for month in str(season["month"]).split(",")]
            for day in season["dayTypeVoList"]:
                blocks = tuple(_block(found) for found in day["detailVoList"])
                kinds = (WEEKDAY, WEEKEND) if day["dayType"] == EVERY_DAY else (int(day["dayType"]),)
                plan |= {(month, kind): blocks for month in months for kind in kinds}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Unusable(f"the plan lacks or mistakes {error}") from error
    return plan


def saved(document: Json, gateway: str) -> Json:
    """What is kept of a written plan: itself, with the ids that a new one gets."""
    kept = deepcopy(document)
    kept.setdefault("nemType", 0)
    template = kept.setdefault("template", {})
    template["id"] = template.get("id") or 7002
    template["gatewayId"] = gateway
    for number, season in enumerate(kept["strategyList"], start=601):
        season["id"] = season.get("id") or number
        season["templateId"] = template["id"]
        for day in season["dayTypeVoList"]:
            day["id"] = day.get("id") or 10 * number
            for index, block in enumerate(day["detailVoList"], start=1):
                block["id"] = block.get("id") or 100 * number + index
    return kept


def block_at(plan: Plan, local: datetime) -> Block:
    """What the plan says for a moment of local time; self-consumption where it is silent."""
    kind = WEEKEND if local.weekday() >= 5 else WEEKDAY
    minute = 60 * local.hour + local.minute
    for block in plan.get((local.month, kind), ()):
        if block.start_min <= minute < block.end_min:
            return block
    return Block(0, DAY_MIN, SELF_CONSUMPTION, 0)


def _block(found: Mapping[str, Any]) -> Block:
    dispatch = int(found.get("dispatchId") or SELF_CONSUMPTION)
    if dispatch not in DISPATCHES:
        raise ValueError(f"dispatch {dispatch}")
    return Block(
        _minute(found["startHourTime"]), _minute(found["endHourTime"]), dispatch, int(found["waveType"])
    )


def _minute(text: str) -> int:
    hour, minute = text.split(":")[:2]
    return 60 * int(hour) + int(minute)
