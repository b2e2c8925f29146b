"""What `get_stats` makes of captured answers, and how it tells live ones from stored ones."""

from __future__ import annotations

import logging
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.families.franklinwh import GatewayOffline, Stats
from ohmstead.testing import elapse, warped

from .conftest import LIVE, START, Cloud, at_the_cloud, in_turn, refused, said

WH = {"gridChBat": 1054.0, "soOutGrid": 40.0, "soChBat": 7389.0, "batOutGrid": 165.0}


def seen(stats: Stats, expected: dict[str, Any]) -> dict[str, Any]:
    """As much of the stats as is expected, floats as a person would write them."""

    def plain(value: Any) -> Any:
        return round(value, 6) if isinstance(value, float) else value

    return {
        part: {name: plain(getattr(getattr(stats, part), name)) for name in expected[part]}
        for part in ("current", "totals")
        if part in expected
    }


def runtime(**changes: Any) -> dict[str, Any]:
    record = deepcopy(LIVE)
    record["runtimeData"] |= changes
    return record


@pytest.mark.parametrize("number", range(9))
@warped
async def test_each_captured_answer_reads_as_expected(
    cloud: Cloud, vectors: dict[str, Any], number: int
) -> None:
    case = vectors["get_stats"][number]
    expected = case["expect"]
    cloud.says["getDeviceCompositeInfo"] = said(case["payload"])
    if case["offgrid"]:
        cloud.says["selectOffgrid"] = case["offgrid"].get("result", case["offgrid"])
    if expected["current"].get("v2l_enabled"):
        cloud.tunnel[353] = lambda asked: {"opt": 0}
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats(keep_stored=True)

    wanted = {part: expected[part] for part in ("current", "totals") if part in expected}
    assert seen(stats, wanted) == wanted, case["name"]
    assert stats.is_stale is expected.get("is_stale", False)
    assert stats.stale_reason == (expected.get("stale_reason") or "")
    assert stats.raw == case["payload"]["result"]
    assert dict(stats.bad) == {}


@warped
async def test_a_stored_answer_among_live_ones_moves_nothing(
    cloud: Cloud, vector: Callable[[str, str], Any]
) -> None:
    stored = said(vector("get_stats", "us_stored_answer")["payload"])
    cloud.says["getDeviceCompositeInfo"] = in_turn(deepcopy(LIVE), stored, runtime(soc=42.1, kwh_load=5.7))
    async with at_the_cloud(cloud) as client:
        first = await client.get_stats()
        await elapse(10)
        held = await client.get_stats()
        await elapse(10)
        last = await client.get_stats()

    assert [s.current.battery_soc for s in (first, held, last)] == [41.93, 41.93, 42.1]
    assert [s.totals.home_use for s in (first, held, last)] == [5.569, 5.569, 5.7]
    assert [s.is_stale for s in (first, held, last)] == [False, True, False]
    assert held.stale_reason == "stored_answer"
    assert held.sample_time == first.sample_time
    assert held.sample_time is not None
    assert (held.sample_time - START).total_seconds() < 1


@warped
async def test_a_copy_of_a_live_answer_is_stale_too(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = runtime(timestamp=1759674094)
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
    assert (stats.is_stale, stats.stale_reason) == (True, "stored_answer")
    assert stats.sample_time == datetime(2025, 10, 5, 14, 21, 34, tzinfo=UTC)
    assert stats.current.grid_charging_battery == 1.054, "a copy keeps its kWh"


@warped
async def test_flows_of_unmarked_answers_are_told_by_their_size(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = in_turn(
        runtime(report_type=None, kwh_uti_in=1.859, **WH), runtime(report_type=None, gridChBat=8.0)
    )
    async with at_the_cloud(cloud) as client:
        stored, live = await client.get_stats(), await client.get_stats()
    assert stored.current.grid_charging_battery == 1.054
    assert stored.current.solar_charging_battery == 7.389
    assert stored.is_stale
    assert live.current.grid_charging_battery == 8.0
    assert not live.is_stale


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (said({"code": 200, "result": None}), "empty_payload"),
        (said({"code": 200, "result": {"runtimeData": None}}), "empty_payload"),
        (said({"code": 429, "message": "Too many requests"}), "rate_limited"),
        (said({}, status=429), "rate_limited"),
    ],
    ids=["null", "no data", "429 in the body", "429"],
)
@warped
async def test_without_data_the_last_ones_are_told_again(cloud: Cloud, answer: object, reason: str) -> None:
    cloud.says["getDeviceCompositeInfo"] = in_turn(deepcopy(LIVE), answer)
    async with at_the_cloud(cloud) as client:
        first, again = await client.get_stats(), await client.get_stats()
        assert (again.current, again.totals) == (first.current, first.totals)
        assert (again.is_stale, again.stale_reason) == (True, reason)
    cloud.says["getDeviceCompositeInfo"] = answer
    async with at_the_cloud(cloud) as client:
        none = await client.get_stats()
    assert (none.current.battery_soc, none.is_stale, none.stale_reason) == (0.0, True, reason)


@warped
async def test_an_offline_gateway_is_not_hidden_behind_old_data(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = in_turn(deepcopy(LIVE), refused(136, "Current gateway offline"))
    async with at_the_cloud(cloud) as client:
        await client.get_stats()
        with pytest.raises(GatewayOffline):
            await client.get_stats()
        held = await client.get_stats(hide_offline=True)
    assert (held.is_stale, held.stale_reason, held.current.battery_soc) == (True, "gateway_offline", 41.93)


@warped
async def test_without_relays_the_grid_counts_as_connected(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = runtime(main_sw=None)
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
    assert stats.current.grid_relay1 == 1
    assert stats.current.grid_connection_state == "Connected"
    assert "current.grid_relay1" in stats.missing


@warped
async def test_a_generator_that_runtime_says_nothing_of_is_looked_up(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = runtime(genEn=None)
    cloud.says["getDeviceInfoV2"]["genEn"] = 1
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
    assert stats.current.generator_enabled == 1


@warped
async def test_metering_is_read_only_where_something_is_fitted(cloud: Cloud) -> None:
    cloud.tunnel[353] = lambda asked: {
        "CarSWPower": 2800,
        "CarSWExpEnergy": 14200,
        "CarSWImpEnergy": 178,
        "SW1ExpPower": 612,
        "SW1ExpEnergy": 37.25,
    }
    async with at_the_cloud(cloud) as client:
        assert (await client.get_stats()).current.v2l_use == 0.0
        assert cloud.asked("sendMqtt") == []
    cloud.says["getAccessoryList"] = [{"accessoryType": 4}]
    async with at_the_cloud(cloud) as client:
        stats = await client.get_stats()
        await client.get_stats()
    assert len(cloud.asked("sendMqtt")) == 1
    assert (stats.current.v2l_use, stats.current.switch_1_load) == (2.8, 0.612)
    assert stats.totals.switch_1_use == 37.25, "a fraction on the wire is converted already"
    assert (stats.current.v2l_export, stats.current.v2l_import) == (14.2, 0.178)
    assert (stats.totals.v2l_export, stats.totals.v2l_import) == (14.2, 0.178)
    assert stats.current.switch_3_load == 2.8, "no licence: CarSW is the third circuit"


@warped
async def test_electrical_values_stay_until_they_are_read_again(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.tunnel[211] = in_turn({"gridLineVol": 2440, "gridFreq": 59.99, "evRelayStat": 1}, refused(136))
    async with at_the_cloud(cloud) as client:
        before = await client.get_stats()
        read = await client.get_stats(include_electrical=True)
        await elapse(30)
        later = await client.get_stats()
        with caplog.at_level(logging.WARNING):
            failed = await client.get_stats(include_electrical=True)

    assert (before.current.v2l_relay, before.current.electrical_time) == (0, None)
    for stats in (read, later, failed):
        assert (stats.current.grid_line_voltage, stats.current.v2l_relay) == (244.0, 1)
        assert stats.current.electrical_time == read.current.electrical_time
    assert "the last ones stay" in caplog.text
    assert len(cloud.asked("sendMqtt")) == 2


@pytest.mark.parametrize("number", range(13))
@warped
async def test_the_grid_state_follows_the_table(cloud: Cloud, vectors: dict[str, Any], number: int) -> None:
    case = vectors["grid_state_truth_table"][number]
    cloud.says["getEntranceInfo"] = {"gridFlag": not case["not_grid_tied"]}
    record = runtime(main_sw=[case["main_sw0"], 0, 1], offgridreason=case["offgridreason"])
    record["solarHaveVo"] = {"offGridFlag": case["offGridFlag"]}
    cloud.says["getDeviceCompositeInfo"] = record
    state = case["offgridState"]
    cloud.says["selectOffgrid"] = refused(102) if state is None else {"offgridState": state}
    async with at_the_cloud(cloud) as client:
        assert (await client.get_stats()).current.grid_connection_state == case["expect"], case


@warped
async def test_a_poll_costs_one_request_and_a_few_every_five_minutes(cloud: Cloud) -> None:
    async with at_the_cloud(cloud) as client:
        for _ in range(20):
            await client.get_stats()
            await elapse(30)
    assert len(cloud.asked("getDeviceCompositeInfo")) == 20
    assert len(cloud.log) == 20 + 1 + 2 + 2, "a login, two looks at accessories, entrance and device once"


@warped
async def test_names_of_older_days_are_still_answered(cloud: Cloud) -> None:
    cloud.says["getDeviceCompositeInfo"] = runtime(t_amb=21.6, run_status=9)
    async with at_the_cloud(cloud) as client:
        now = (await client.get_stats()).current
    assert now.agate_ambient_temparture == now.agate_ambient_temperature == 21.6
    assert now.run_status_dec == now.run_status_desc == now.effective_mode == "VPP mode"
