from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ohmstead.kit.link.http import http
from ohmstead.testing import warped


@warped
async def test_a_live_answer_is_fresh_and_in_the_captured_shape(bench: Any, vectors: dict[str, Any]) -> None:
    captured = vectors["get_stats"][2]["payload"]["result"]
    async with bench() as cloud:
        found = (await cloud.get("getDeviceCompositeInfo", refreshFlag=1))["result"]

    assert set(found) == set(captured)
    assert set(found["runtimeData"]) == set(captured["runtimeData"])
    assert set(found["solarHaveVo"]) == set(captured["solarHaveVo"])
    record = found["runtimeData"]
    assert (record["report_type"], record["timestamp"], record["elecnet_state"]) == (1, 0, 0)


@warped
async def test_a_stored_answer_in_the_middle_of_live_ones_is_older_and_in_other_units(bench: Any) -> None:
    async with bench() as cloud:
        for _ in range(8):
            await cloud.after(600)
            before = await cloud.runtime()
        await cloud.fault("stored-answer", times=1)
        stored = await cloud.runtime()
        after = await cloud.runtime()

    assert (before["report_type"], stored["report_type"], after["report_type"]) == (1, 2, 1)
    assert stored["kwh_load"] < before["kwh_load"] <= after["kwh_load"]
    assert stored["soc"] != before["soc"] == after["soc"]
    assert 0 < stored["timestamp"] <= cloud.world.at.timestamp() - 600
    assert (stored["elecnet_state"], stored["p_gen"]) == (1, 0.01)
    assert stored["soChBat"] > 100.0 > before["soChBat"] > 0.1


@warped
async def test_asked_for_nothing_fresh_the_database_answers(bench: Any) -> None:
    async with bench() as cloud:
        found = await cloud.get("getDeviceCompositeInfo", refreshFlag=0)

    assert found["result"]["runtimeData"]["report_type"] == 2


@warped
async def test_a_silent_gateway_gives_its_last_copy_after_five_seconds(bench: Any) -> None:
    async with bench(latency="1") as cloud:
        said = await cloud.runtime()
        await cloud.fault("gateway-slow", times=1)
        began_s = asyncio.get_running_loop().time()
        copy = await cloud.runtime()
        took_s = asyncio.get_running_loop().time() - began_s

    assert took_s == pytest.approx(5.0, abs=0.1)
    assert (copy["report_type"], copy["soc"]) == (1, said["soc"])
    assert copy["timestamp"] == int(cloud.world.at.timestamp()) - 5


@warped
async def test_offline_the_list_says_so_reads_are_refused_and_mode_writes_wait(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.act("offline")
        assert (await cloud.get("getHomeGatewayList"))["result"][0]["status"] == 0
        assert (await cloud.runtime())["report_type"] == 2
        for refused in (await cloud.get("selectOffgrid"), await cloud.get("selectIotGenerator")):
            assert (refused["code"], refused["message"]) == (136, "Current gateway offline")
        assert (await cloud.tunnel(311, {"opt": 0}))["code"] == 136
        off = await cloud.post("updateOffgrid", {"offgridSet": 1, "offgridSoc": 5})
        assert off["code"] == 136
        queued = await cloud.post("tou/updateSocV2", workMode=2, electricityType=1, soc=44)
        assert (queued["code"], queued["success"]) == (176, True)
        assert cloud.plant.settings.reserve_pct == 20.0
        await cloud.act("online")
        assert cloud.plant.settings.reserve_pct == 44.0


@warped
async def test_what_waited_is_done_when_an_outage_of_the_link_has_passed(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.fault("gateway-offline", **{"for": 60})
        assert (await cloud.post("tou/updateSocV2", workMode=2, electricityType=1, soc=44))["code"] == 176
        await cloud.after(61)
        told = (await cloud.post("tou/getGatewayTouListV2"))["result"]
        assert told["list"][1]["soc"] == 44.0


@warped
async def test_a_stored_answer_knows_the_mode_of_its_time(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.post("tou/updateTouModeV2", currendId=111729, oldIndex=3, workMode=1, electricityType=1)
        stored = (await cloud.get("getDeviceCompositeInfo", refreshFlag=0))["result"]
        live = (await cloud.get("getDeviceCompositeInfo", refreshFlag=1))["result"]

    assert (stored["currentWorkMode"], live["currentWorkMode"]) == (2, 1)


@warped
async def test_calls_take_as_long_as_was_measured(bench: Any) -> None:
    spans = {
        "getDeviceInfoV2": (0.11, 0.20),
        "getDeviceCompositeInfo": (0.6, 0.7),
        "selectIotGenerator": (1.13, 1.4),
    }
    async with bench(latency="1") as cloud:
        for path, (least_s, most_s) in spans.items():
            began_s = asyncio.get_running_loop().time()
            await cloud.get(path)
            assert least_s <= asyncio.get_running_loop().time() - began_s <= most_s, path
        began_s = asyncio.get_running_loop().time()
        await cloud.post("tou/updateTouModeV2", workMode=3, currendId=31106, oldIndex=1, electricityType=1)
        assert 4.7 <= asyncio.get_running_loop().time() - began_s <= 4.8


@warped
async def test_rate_limits_come_both_ways(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.fault("rate-limit", times=1, retry_after=7)
        by_http = await cloud.raw("GET", "getDeviceInfoV2")
        await cloud.fault("rate-limit", times=1, how="body")
        by_body = await cloud.get("getDeviceInfoV2")

    assert (by_http.status, by_http.headers["retry-after"]) == (429, "7")
    assert by_body["code"] == 429


@pytest.mark.parametrize("code", [502, 503, 504])
@warped
async def test_the_content_network_answers_in_html(bench: Any, code: int) -> None:
    async with bench() as cloud:
        await cloud.fault("cdn-error", code=code, times=1)
        answer = await cloud.raw("GET", "getDeviceInfoV2")

    assert answer.status == code
    assert answer.body.startswith(b"<html>")


@warped
async def test_payloads_can_be_empty_cut_or_missing(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.fault("empty-payload", times=1)
        assert (await cloud.get("getDeviceCompositeInfo"))["result"] is None
        await cloud.fault("empty-body", times=1)
        assert (await cloud.raw("GET", "getDeviceInfoV2")).body == b""
        whole = await cloud.raw("GET", "getDeviceInfoV2")
        await cloud.fault("truncate-json", times=1)
        cut = await cloud.raw("GET", "getDeviceInfoV2")
        assert whole.body.startswith(cut.body)
        assert len(cut.body) == len(whole.body) // 2


@warped
async def test_history_answers_a_day_by_day_time_only(bench: Any) -> None:
    path = "/api-energy/electric/getFhpElectricData"
    async with bench() as cloud:
        await cloud.after(3600)
        today = await cloud.get(path, type=1, dayTime="2026-06-20")
        wrong = await cloud.get(path, type=1, startDate="2026-06-20")
        record = await cloud.runtime()

    assert (today["code"], today["msg"]) == (200, "Success")
    assert today["result"]["kwhLoadArray"] == [record["kwh_load"]]
    assert wrong["result"]["kwhLoadArray"] == []


@warped
async def test_a_gateway_that_is_only_somewhat_slow_is_waited_for(bench: Any) -> None:
    async with bench(latency="1") as cloud:
        for ask in (cloud.runtime, lambda: cloud.tunnel(311, {"opt": 0})):
            await cloud.fault("gateway-slow", times=1, s=4)
            began_s = asyncio.get_running_loop().time()
            await ask()
            assert 4.5 < asyncio.get_running_loop().time() - began_s < 5.5
        assert (await cloud.runtime())["timestamp"] == 0


@warped
async def test_polled_powers_can_be_blurred(bench: Any) -> None:
    async with bench(noise="20") as cloud:
        for _ in range(20):
            record = await cloud.runtime()
            sources = sum(record[name] for name in ("p_sun", "p_gen", "p_fhp", "p_uti"))
            assert record["p_load"] == pytest.approx(sources, abs=0.1)
        assert record["p_load"] != pytest.approx(sources, abs=1e-9)


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        ("html", b"<html>"),
        ("null", b"null"),
        ("list", b"[1,2,3]"),
        ("encoding", b"\xff\xfe"),
        ("deep", b"[[[["),
        ("huge", b"7777"),
        ("nan", b":NaN"),
        ("infinite", b":Infinity"),
        ("impossible", b":1e40"),
        ("wrong-type", b':"much"'),
        ("unknown-field", b"fluxCapacitor"),
    ],
)
@warped
async def test_bodies_can_be_spoilt_each_in_its_way(bench: Any, fault: str, part: bytes) -> None:
    async with bench() as cloud:
        await cloud.fault(fault, times=1)
        async with http(cloud.cloud.url.rstrip("/"), limit_bytes=10_000_000) as session:
            path = f"/hes-gateway/terminal/getDeviceCompositeInfo?gatewayId={cloud.serial}"
            spoilt = await session.get(path, headers={"loginToken": cloud.token})
        assert spoilt.status == 200
        assert part in spoilt.body
        assert (await cloud.runtime())["report_type"] == 1
