from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from ohmstead.families.franklinwh.facts.codes import ExportMode, WorkMode
from ohmstead.families.franklinwh.simulator.plant import tariff
from ohmstead.families.franklinwh.simulator.plant.law import Decision, Situation, decide
from ohmstead.families.franklinwh.simulator.plant.settings import Limits, Settings

MOST_W = 10_000.0


def situation(demand_w: float, solar_w: float, soc_pct: float = 50.0, dispatch: int = 6) -> Situation:
    return Situation(demand_w, solar_w, soc_pct, MOST_W, MOST_W, dispatch)


def limits(**told: Any) -> Limits:
    return Limits(**({"feed_flag": ExportMode.SOLAR_AND_BATTERY, "grid_discharge_kw": -1.0} | told))


@pytest.mark.parametrize(
    ("dispatch", "demand_w", "solar_w", "battery_w"),
    [
        (1, 1500.0, 400.0, 1100.0),
        (1, 400.0, 1500.0, 0.0),
        (2, 1500.0, 400.0, 0.0),
        (3, 400.0, 1500.0, -1100.0),
        (3, 1500.0, 400.0, 0.0),
        (6, 1500.0, 400.0, 1100.0),
        (6, 400.0, 1500.0, -1100.0),
        (7, 1500.0, 400.0, MOST_W),
        (8, 1500.0, 400.0, -MOST_W),
    ],
)
def test_each_block_of_a_tariff_does_what_it_says(
    dispatch: int, demand_w: float, solar_w: float, battery_w: float
) -> None:
    told = Settings(work_mode=WorkMode.TIME_OF_USE, limits=limits())

    assert decide(told, situation(demand_w, solar_w, dispatch=dispatch)) == Decision(battery_w, solar_w)


def test_self_consumption_stops_at_the_reserve_and_backup_fills_from_anything() -> None:
    told = Settings(limits=limits())
    assert decide(told, situation(1500.0, 0.0, soc_pct=20.0)).battery_w == 0.0
    assert decide(told, situation(1500.0, 0.0, soc_pct=20.1)).battery_w == 1500.0
    told.work_mode = WorkMode.EMERGENCY_BACKUP
    assert decide(told, situation(1500.0, 0.0, soc_pct=90.0)).battery_w == -MOST_W


def test_a_storm_fills_the_packs_where_the_hedge_is_on() -> None:
    told = Settings(limits=limits())
    told.storm.is_here = True
    assert decide(told, situation(1500.0, 0.0)).battery_w == -MOST_W
    told.storm.is_enabled = False
    assert decide(told, situation(1500.0, 0.0)).battery_w == 1500.0


@pytest.mark.parametrize(
    ("told", "dispatch", "expected"),
    [
        ({"grid_charge_kw": 0.0}, 8, Decision(0.0, 400.0)),
        ({"grid_charge_kw": 2.5}, 8, Decision(-2500.0, 400.0)),
        ({"import_kw": 3.0}, 8, Decision(-1900.0, 400.0)),
        ({"grid_discharge_kw": 2.0}, 7, Decision(3100.0, 400.0)),
        ({"feed_flag": ExportMode.SOLAR_ONLY}, 7, Decision(1100.0, 400.0)),
        ({"feed_flag": ExportMode.NONE}, 7, Decision(1100.0, 400.0)),
    ],
)
def test_power_control_limits_the_packs(told: dict[str, Any], dispatch: int, expected: Decision) -> None:
    settings = Settings(work_mode=WorkMode.TIME_OF_USE, limits=limits(**told))

    assert decide(settings, situation(1500.0, 400.0, dispatch=dispatch)) == expected


def test_power_control_limits_what_the_sun_feeds_into_the_street() -> None:
    idle = Settings(work_mode=WorkMode.TIME_OF_USE, limits=limits(feed_kw=1.0))
    assert decide(idle, situation(500.0, 4000.0, dispatch=2)) == Decision(0.0, 1500.0)
    idle.limits.feed_flag = ExportMode.NONE
    assert decide(idle, situation(500.0, 4000.0, dispatch=2)) == Decision(0.0, 500.0)


def document() -> dict[str, Any]:
    return tariff.default_document("10060005A02X00000001", country=2, province=67)


@pytest.mark.parametrize(
    ("local", "dispatch"),
    [
        (datetime(2026, 7, 4, 13, 59), 6),  # noqa: DTZ001 - wall-clock time
        (datetime(2026, 7, 4, 14, 0), 1),  # noqa: DTZ001
        (datetime(2026, 7, 4, 23, 59), 6),  # noqa: DTZ001
        (datetime(2026, 1, 5, 4, 0), 8),  # noqa: DTZ001
        (datetime(2026, 1, 5, 12, 0), 3),  # noqa: DTZ001
    ],
)
def test_the_plan_says_what_to_do_by_season_and_hour(local: datetime, dispatch: int) -> None:
    assert tariff.block_at(tariff.compiled(document()), local).dispatch == dispatch


def test_weekends_may_differ_and_silence_means_self_consumption() -> None:
    told = document()
    told["strategyList"][0]["dayTypeVoList"][0]["dayType"] = tariff.WEEKDAY
    plan = tariff.compiled(told)

    assert tariff.block_at(plan, datetime(2026, 7, 3, 15, 0)).dispatch == 1  # noqa: DTZ001
    assert tariff.block_at(plan, datetime(2026, 7, 4, 15, 0)).dispatch == 6  # noqa: DTZ001


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"strategyList": None},
        {"strategyList": [{"month": "13x", "dayTypeVoList": []}]},
        {"strategyList": [{"month": "1", "dayTypeVoList": [{"dayType": 3, "detailVoList": [{}]}]}]},
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(tariff.Unusable):
        tariff.compiled(broken)
