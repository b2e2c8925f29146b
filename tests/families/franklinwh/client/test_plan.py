"""Time-of-use plans: the block of now, and what no gateway could follow."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest

from ohmstead.families.franklinwh.client.plan import active_block, check_plan, minutes
from ohmstead.testing import warped

from .conftest import GATEWAY, Cloud, at_the_cloud


def block(start: str, end: str, wave: int = 0, dispatch: int = 6) -> dict[str, Any]:
    return {
        "id": 5, "startHourTime": start, "endHourTime": end, "waveType": wave, "name": "b", "dispatchId": dispatch,
        "gridMax": None, "rampTime": 3,
    }  # fmt: skip


def day(kind: int, *blocks: dict[str, Any]) -> dict[str, Any]:
    rates = {"eleticRateValley": 0.12, "eleticRatePeak": 0.48, "eleticSellPeak": 0.05}
    return {"id": 4, "dayName": f"day {kind}", "dayType": kind, "detailVoList": list(blocks), **rates}


@pytest.fixture
def plan() -> dict[str, Any]:
    summer = [
        day(1, block("00:00", "16:00"), block("16:00", "21:00", 2, 1), block("21:00", "24:00")),
        day(2, block("00:00", "24:00")),
    ]
    winter = [day(3, block("00:00", "24:00"))]
    return {
        "template": {"id": 2, "name": "RE"},
        "strategyList": [
            {"id": 1, "seasonName": "summer", "month": "4,5,6,7,8,9,10", "dayTypeVoList": summer},
            {"id": 3, "seasonName": "winter", "month": "11,12,1,2,3", "dayTypeVoList": winter},
        ],
        "nemType": 0,
        "onlineFlag": True,
    }


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2025-10-06 15:59", ("Off-peak", "16:00", 1, 0.12)),
        ("2025-10-06 16:00", ("On-peak", "21:00", 300, 0.48)),
        ("2025-10-05 16:00", ("Off-peak", "24:00", 480, 0.12)),
        ("2025-12-31 23:59", ("Off-peak", "24:00", 1, 0.12)),
    ],
)
def test_the_block_of_an_instant(plan: dict[str, Any], at: str, expected: tuple[object, ...]) -> None:
    found = active_block(plan, datetime.fromisoformat(at))
    assert found is not None
    assert (found.wave, found.end, found.remaining_min, found.buy_per_kwh) == expected


def test_a_plan_of_rubbish_has_no_block() -> None:
    at = datetime(2025, 10, 5)  # noqa: DTZ001  # gateway local time has no zone
    for rubbish in (
        {},
        {"strategyList": 5},
        {
            "strategyList": [
                {"month": "10", "dayTypeVoList": [{"dayType": 3, "detailVoList": [{"startHourTime": "x"}]}]}
            ]
        },
    ):
        assert active_block(rubbish, at) is None


def test_the_captured_shape_of_a_plan_passes(plan: dict[str, Any]) -> None:
    check_plan(plan)


@pytest.mark.parametrize(
    ("where", "value", "why"),
    [
        (("strategyList", 0, "month"), "5,6,7,8,9,10", "each month once"),
        (("strategyList", 0, "month"), "3,4,5,6,7,8,9,10", "each month once"),
        (("strategyList", 1, "dayTypeVoList", 0, "dayType"), 1, "weekdays"),
        (("strategyList", 0, "dayTypeVoList", 0, "detailVoList", 1, "startHourTime"), "17:00", "gap"),
        (("strategyList", 0, "dayTypeVoList", 0, "detailVoList", 1, "startHourTime"), "15:00", "overlap"),
        (("strategyList", 0, "dayTypeVoList", 0, "detailVoList", 2, "endHourTime"), "23:00", "do not reach"),
        (("strategyList", 0, "dayTypeVoList", 0, "detailVoList", 2, "endHourTime"), "25:00", "gap"),
        (("strategyList", 0, "dayTypeVoList", 0, "detailVoList", 1, "dispatchId"), 4, "no dispatch 4"),
        (("strategyList", 0, "dayTypeVoList", 0, "detailVoList", 1, "waveType"), 3, "no wave 3"),
        (("strategyList", 0, "dayTypeVoList", 0, "detailVoList", 1, "waveType"), 1, "has no rate"),
    ],
)
def test_a_plan_that_nobody_could_follow_is_refused(
    plan: dict[str, Any], where: tuple[Any, ...], value: object, why: str
) -> None:
    *way, last = where
    place: Any = plan
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(ValueError, match=why):
        check_plan(plan)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00:00", 0), ("24:00", 1440), ("24:01", None), ("9:60", None), ("nine", None), (None, None)],
)
def test_times_of_a_day(text: object, expected: int | None) -> None:
    assert minutes(text) == expected


@warped
async def test_a_plan_is_saved_without_its_ids_and_read_back(cloud: Cloud, plan: dict[str, Any]) -> None:
    kept = {"now": {"strategyList": []}}

    def save(request: Any) -> Any:
        kept["now"] = json.loads(request.body)
        return {"id": 99}

    cloud.says |= {"getTouDispatchDetail": lambda request: kept["now"], "saveTouDispatch": save}
    before = deepcopy(plan)
    async with at_the_cloud(cloud) as client:
        result = await client.set_tou_schedule(plan)
    assert (result.accepted, result.confirmed) == (True, True)
    assert plan == before
    sent = kept["now"]
    assert sent["template"] == {"id": None, "name": "RE", "gatewayId": GATEWAY}
    assert sent["nemType"] == 0
    assert "onlineFlag" not in sent
    peak = sent["strategyList"][0]["dayTypeVoList"][0]["detailVoList"][1]
    assert peak == {
        "startHourTime": "16:00",
        "endHourTime": "21:00",
        "waveType": 2,
        "name": "b",
        "dispatchId": 1,
    }


@warped
async def test_a_plan_that_was_dropped_is_found_out(cloud: Cloud, plan: dict[str, Any]) -> None:
    cloud.says |= {"getTouDispatchDetail": {"strategyList": []}, "saveTouDispatch": {"id": 99}}
    async with at_the_cloud(cloud) as client:
        result = await client.set_tou_schedule(plan)
    assert (result.confirmed, result.mismatched) == (False, ("strategyList",))


@warped
async def test_the_price_of_now_is_that_of_the_gateways_own_time(cloud: Cloud, plan: dict[str, Any]) -> None:
    cloud.says["getTouDispatchDetail"] = plan
    async with at_the_cloud(cloud) as client:  # a Sunday, 10:30 in New York
        price = await client.get_current_tou_price()
        now = (await client.get_stats()).current
    assert price is not None
    assert (price.buy_per_kwh, price.sell_per_kwh, price.wave, price.until) == (
        0.12,
        None,
        "Off-peak",
        "24:00",
    )
    assert (now.active_tou_start, now.active_tou_end, now.active_tou_remaining) == ("00:00", "24:00", "13:30")
    assert (now.active_tou_dispatch, now.active_tou_wave_type_desc) == ("self-consumption", "Off-peak")


@warped
async def test_without_a_plan_there_is_no_price(cloud: Cloud) -> None:
    cloud.says["getTouDispatchDetail"] = None
    async with at_the_cloud(cloud) as client:
        assert await client.get_current_tou_price() is None
        assert (await client.get_stats()).current.active_tou_name == ""
