"""A time-of-use plan: seasons with months, day types, blocks of a day. Pure; times are the gateway's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts.tariffs import DISPATCHES, SETTABLE_WAVES, WAVES
from ohmstead.families.franklinwh.wire.reading import whole

Record = Mapping[str, Any]  # Any: the vendor's JSON

DAY_MIN: Final = 24 * 60
WEEKDAY, WEEKEND, EVERY_DAY = 1, 2, 3
BLOCK_FIELDS: Final = ("startHourTime", "endHourTime", "waveType", "name", "dispatchId")
"""What a block is saved with, beside a limit of its own."""


class ActiveBlock(msgspec.Struct, frozen=True, kw_only=True):
    """The block of an instant. Rates per kWh, in the tariff's currency; None where it has none."""

    season: str
    day_type: int
    name: str
    start: str
    end: str
    remaining_min: int
    wave_type: int | None
    dispatch_id: int | None
    buy_per_kwh: float | None
    sell_per_kwh: float | None

    @property
    def wave(self) -> str:
        found = WAVES.get(self.wave_type) if self.wave_type is not None else None
        return found.name if found else f"Unknown ({self.wave_type})"

    @property
    def dispatch(self) -> str:
        found = DISPATCHES.get(self.dispatch_id) if self.dispatch_id is not None else None
        return found.action if found else f"Unknown ({self.dispatch_id})"


def active_block(detail: Record, at: datetime) -> ActiveBlock | None:
    """The block at a local time; None where the plan has none for it."""
    minute = at.hour * 60 + at.minute
    for season in _records(detail.get("strategyList")):
        if at.month not in months(season):
            continue
        for day in _records(season.get("dayTypeVoList")):
            if not _applies(whole(day.get("dayType")), at):
                continue
            for block in _records(day.get("detailVoList")):
                start, end = minutes(block.get("startHourTime")), minutes(block.get("endHourTime"))
                if start is not None and end is not None and start <= minute < end:
                    return _block(season, day, block, end - minute)
    return None


def months(season: Record) -> tuple[int, ...]:
    parts = str(season.get("month") or "").split(",")
    return tuple(int(part) for part in parts if part.strip().isdecimal())


def minutes(text: object) -> int | None:
    """Minutes of `HH:MM`, 24:00 allowed; None for what is no time."""
    hour, colon, minute = str(text).partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and hour.isascii() and minute.isascii()):
        return None
    total = int(hour[:3]) * 60 + int(minute[:3])
    return total if int(minute[:3]) < 60 and total <= DAY_MIN else None


def check_plan(plan: Record) -> None:
    """Raises `ValueError` for a plan that the cloud would take and no gateway could follow: months missing or twice, days
    with gaps or overlaps, dispatches or waves that do not exist, waves without a rate.
    """
    seasons = _records(plan.get("strategyList"))
    named = sorted(month for season in seasons for month in months(season))
    if named != list(range(1, 13)):
        raise ValueError(f"the seasons name each month once; these name {named}")
    for season in seasons:
        days = _records(season.get("dayTypeVoList"))
        kinds = sorted(whole(day.get("dayType")) or 0 for day in days)
        if kinds not in ([WEEKDAY, WEEKEND], [EVERY_DAY]):
            raise ValueError(
                f"{season.get('seasonName')}: a season has weekdays (1) and weekends (2), or every day (3); not {kinds}"
            )
        for day in days:
            _check_day(day, f"{season.get('seasonName')}, {day.get('dayName')}")


def saved(plan: Record, gateway: str) -> dict[str, Any]:  # Any: the vendor's JSON
    """The body that saves a plan: ids are the cloud's to give, blocks carry what a plan decides."""
    template = dict(plan.get("template") or {}) | {"id": None, "gatewayId": gateway}
    seasons = [
        dict(season)
        | {
            "id": None,
            "templateId": None,
            "dayTypeVoList": [
                dict(day)
                | {"id": None, "detailVoList": [_saved(block) for block in _records(day.get("detailVoList"))]}
                for day in _records(season.get("dayTypeVoList"))
            ],
        }
        for season in _records(plan.get("strategyList"))
    ]
    rest = {key: value for key, value in plan.items() if key in {"nemType", "ptoDate"}}
    return {"template": template, "strategyList": seasons, **rest}


def blocks(plan: Record) -> list[tuple[object, ...]]:
    """What a plan decides, in a form that can be compared."""
    return [
        (
            months(season),
            whole(day.get("dayType")),
            *(block.get(key) for key in BLOCK_FIELDS if key != "name"),
        )
        for season in _records(plan.get("strategyList"))
        for day in _records(season.get("dayTypeVoList"))
        for block in _records(day.get("detailVoList"))
    ]


def _check_day(day: Record, where: str) -> None:
    reached = 0
    for block in _records(day.get("detailVoList")):
        start, end = minutes(block.get("startHourTime")), minutes(block.get("endHourTime"))
        if start != reached or end is None or end <= start:
            raise ValueError(
                f"{where}: a block from {block.get('startHourTime')} to {block.get('endHourTime')} leaves a gap or "
                "overlaps; blocks follow each other from 00:00 to 24:00"
            )
        reached = end
        _check_block(day, block, where)
    if reached != DAY_MIN:
        raise ValueError(f"{where}: the blocks do not reach 24:00")


def _check_block(day: Record, block: Record, where: str) -> None:
    dispatch, wave = whole(block.get("dispatchId")), whole(block.get("waveType"))
    if dispatch not in DISPATCHES:
        raise ValueError(
            f"{where}: there is no dispatch {block.get('dispatchId')!r}, only {sorted(DISPATCHES)}"
        )
    if wave is None or wave not in SETTABLE_WAVES:
        raise ValueError(
            f"{where}: there is no wave {block.get('waveType')!r}, only {sorted(SETTABLE_WAVES)}"
        )
    if day.get(WAVES[wave].buy) is None:
        raise ValueError(f"{where}: {WAVES[wave].name} has no rate; give {WAVES[wave].buy}")


def _block(season: Record, day: Record, block: Record, remaining_min: int) -> ActiveBlock:
    wave = whole(block.get("waveType"))
    rates = WAVES.get(wave) if wave is not None else None
    return ActiveBlock(
        season=str(season.get("seasonName") or ""),
        day_type=whole(day.get("dayType")) or EVERY_DAY,
        name=str(block.get("name") or ""),
        start=str(block.get("startHourTime")),
        end=str(block.get("endHourTime")),
        remaining_min=remaining_min,
        wave_type=wave,
        dispatch_id=whole(block.get("dispatchId")),
        buy_per_kwh=_rate(day.get(rates.buy)) if rates else None,
        sell_per_kwh=_rate(day.get(rates.sell)) if rates else None,
    )


def _saved(block: Record) -> dict[str, Any]:  # Any: the vendor's JSON
    kept = {key: block.get(key) for key in BLOCK_FIELDS}
    return kept | ({"gridMax": block["gridMax"]} if block.get("gridMax") is not None else {})


def _applies(kind: int | None, at: datetime) -> bool:
    return kind in {EVERY_DAY, WEEKEND if at.weekday() >= 5 else WEEKDAY}


def _rate(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _records(value: object) -> list[Record]:
    return (
        [item for item in value if isinstance(item, Mapping)]
        if isinstance(value, Iterable) and not isinstance(value, str)
        else []
    )
