"""Records that are handed through, accessories, packs, network and history."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ohmstead.families.franklinwh import ApiError, DeviceTimeout
from ohmstead.families.franklinwh.facts.endpoints import by_path
from ohmstead.testing import warped

from .conftest import GATEWAY, Cloud, at_the_cloud, in_turn, said


@pytest.mark.parametrize("number", range(25))
@warped
async def test_every_captured_answer_is_handed_through(
    cloud: Cloud, vectors: dict[str, Any], number: int
) -> None:
    sample = vectors["rest_samples"][number]
    endpoint = by_path(sample["method"], sample["path"])
    assert endpoint is not None
    name = sample["path"].rsplit("/", 1)[-1]
    cloud.says[name] = said(sample["response"], status=sample["status"])
    query = {key: value for key, value in sample["query"].items() if key not in ("gatewayId", "equipNo")}
    async with at_the_cloud(cloud) as client:
        if sample["status"] == 404:
            with pytest.raises(ApiError) as caught:
                await client.call(endpoint, query=query)
            assert caught.value.code == 404
            return
        answer = await client.call(endpoint, query=query, body=sample["request"])
    assert answer.result == sample["response"].get("result")
    assert {key: cloud.asked(name)[0].query[key] for key in sample["query"]} == sample["query"]


@pytest.mark.parametrize("number", range(7))
@warped
async def test_accessory_power_is_scaled_as_expected(
    cloud: Cloud, vectors: dict[str, Any], number: int
) -> None:
    case = vectors["accessories_power"][number]
    cloud.tunnel[353] = lambda asked: case["payload"]
    async with at_the_cloud(cloud) as client:
        for option, expected in case["expect"].items():
            for asked in (option, int(option)):
                assert rounded(await client.get_accessories_power_info(asked)) == expected, case["name"]
        for raw in (0, "0", 7, "x"):
            assert await client.get_accessories_power_info(raw) == case["payload"]
        assert await client.get_accessories_power_info() == rounded(
            await client.get_accessories_power_info(1)
        )


def rounded(value: Any) -> Any:
    match value:
        case dict():
            return {key: rounded(each) for key, each in value.items()}
        case list():
            return [rounded(each) for each in value]
        case float():
            return round(value, 6)
        case _:
            return value


@warped
async def test_a_circuit_that_the_record_does_not_know_is_not_told(cloud: Cloud) -> None:
    cloud.tunnel[353] = lambda asked: {"SW2ExpPower": "500", "Sw2Volt": None, "SW3Curr": 4}
    async with at_the_cloud(cloud) as client:
        assert await client.get_accessories_power_info(1) == {
            "smart_circuits": [
                {"id": 2, "current": 0.0, "voltage": 0.0, "power": 0.5, "energy": 0.0},
                {"id": 3, "current": 4, "voltage": 0.0, "power": 0.0, "energy": 0.0},
            ]
        }


@pytest.mark.parametrize(
    ("option", "name"), [(0, "getAccessoryList"), ("1", "getIotAccessoryList"), (2, "getEquipmentList")]
)
@warped
async def test_accessories_are_listed_by_three_calls(cloud: Cloud, option: int | str, name: str) -> None:
    cloud.says[name] = [{"accessoryType": 3}]
    async with at_the_cloud(cloud) as client:
        assert (await client.get_accessories(option))["result"] == [{"accessoryType": 3}]
        with pytest.raises(ValueError, match="options 0, 1 and 2"):
            await client.get_accessories(3)
    assert len(cloud.asked(name)) == 1


@warped
async def test_a_packs_record_is_read_in_two_parts_one_after_the_other(cloud: Cloud) -> None:
    cloud.tunnel[211] = in_turn({"batSoc": 41, "bmsState": 5}, {"batVolt": [3301, 3302], "bmsState": 7})
    async with at_the_cloud(cloud) as client:
        found = await client.get_bms_info("10050011A05X00000001")
    assert found == {"batSoc": 41, "bmsState": 7, "batVolt": [3301, 3302]}
    first, second = cloud.asked("sendMqtt")
    assert b'"dataArea":{"fhpSn":"10050011A05X00000001","type":2}' in first.body
    assert b'"dataArea":{"fhpSn":"10050011A05X00000001","type":3}' in second.body


@pytest.mark.parametrize(
    ("span", "key", "start"),
    [
        (1, "dayTime", "2025-10-05"),
        ("2", "startDate", "2025-09-29"),
        (3, "startDate", "2025-10-05"),
        (4, "startDate", "2025-10-05"),
        (5, "startDate", "2025-10-05"),
    ],
)
@warped
async def test_history_is_asked_for_by_the_key_of_its_span(
    cloud: Cloud, span: int | str, key: str, start: str
) -> None:
    cloud.says["getFhpElectricData"] = {"kwhSuArray": [8.467]}
    async with at_the_cloud(cloud) as client:
        assert (await client.get_power_details(span, date(2025, 10, 5)))["kwhSuArray"] == [8.467]
        with pytest.raises(ValueError, match="not 6"):
            await client.get_power_details(6, "2025-10-05")
    (asked,) = cloud.asked("getFhpElectricData")
    assert (asked.query["type"], asked.query[key]) == (str(span), start)
    assert {"dayTime", "startDate"} & set(asked.query) == {key}


@warped
async def test_a_wifi_scan_is_started_and_waited_for(cloud: Cloud) -> None:
    working = {"result": 1, "reason": 3}
    cloud.tunnel[335] = in_turn(
        working, working, {"result": 0, "reason": 0, "wifi_Info": [{"wifi_SSID": "home"}]}
    )
    async with at_the_cloud(cloud) as client:
        assert await client.scan_wifi_networks() == [{"wifi_SSID": "home"}]
        assert b'"wifi_ScanTime":10' in cloud.asked("sendMqtt")[0].body
        cloud.tunnel[335] = lambda asked: working
        with pytest.raises(DeviceTimeout, match="scan"):
            await client.scan_wifi_networks()


@warped
async def test_the_network_record_is_unwrapped(cloud: Cloud) -> None:
    cloud.tunnel[317] = lambda asked: {"opt": 0, "commSetPara": {"currentNetType": 3}}
    async with at_the_cloud(cloud) as client:
        assert await client.get_network_info() == {"currentNetType": 3}


@warped
async def test_the_grid_profile_in_force_is_named(cloud: Cloud) -> None:
    profiles = [{"id": 7, "name": "IEEE 1547"}, {"id": 8, "name": "Rule 21"}]
    cloud.says["getComplianceNameList"] = {"list": profiles, "currentId": "8"}
    async with at_the_cloud(cloud) as client:
        assert (await client.get_grid_profile_info())["current"] == {"id": 8, "name": "Rule 21"}


@pytest.mark.parametrize(
    "method",
    [
        "get_device_info", "get_agate_info", "get_equipment_location", "get_warranty_info", "get_entrance_info",
        "get_power_control_settings", "get_storm_settings", "get_weather", "get_tou_dispatch_detail",
        "get_gateway_tou_list",
    ],
)  # fmt: skip
@pytest.mark.parametrize("answer", [{"a": 1}, None, [], "text"])
@warped
async def test_a_record_is_a_record_whatever_comes(cloud: Cloud, method: str, answer: object) -> None:
    async with at_the_cloud(cloud) as client:
        cloud.says = dict.fromkeys(NAMES, answer)
        assert await getattr(client, method)() == (answer if isinstance(answer, dict) else {})


NAMES = (
    "getDeviceInfoV2", "obtainAgateInfo", "getEquipmentLocationDetail", "warrantyInfo", "getEntranceInfo",
    "getPowerControlSetting", "getStormSetting", "getCurrentBriefWeather", "getTouDispatchDetail",
    "getGatewayTouListV2", "obtainApowersInfo", "getPowerCapConfigList", "siteAndDeviceInfo", "selectGatewayAlarm",
    "selectDeviceRunLogList", "getStormList", "getProgressingStormList", "getHomeGatewayList",
)  # fmt: skip


@pytest.mark.parametrize(
    "method",
    [
        "get_apower_info", "get_pack_catalogue", "get_site_list", "get_gateway_alarm", "get_alarm_codes_list",
        "get_storm_list", "get_progressing_storm_list", "get_home_gateway_list",
    ],
)  # fmt: skip
@pytest.mark.parametrize("answer", [[{"a": 1}], None, {}, "text"])
@warped
async def test_a_list_is_a_list_whatever_comes(cloud: Cloud, method: str, answer: object) -> None:
    async with at_the_cloud(cloud) as client:
        cloud.says = dict.fromkeys(NAMES, answer)
        assert await getattr(client, method)() == (answer if isinstance(answer, list) else [])


@warped
async def test_any_path_can_be_fetched_and_a_write_has_to_be_called_one(cloud: Cloud) -> None:
    cloud.says |= {"unheard": {"of": 1}, "getSpanSetting": {"spanFlag": False}, "switchStorm": None}
    async with at_the_cloud(cloud) as client:
        assert (await client.fetch("GET", "hes-gateway/terminal/unheard", {"x": "ä b"})).result == {"of": 1}
        assert (await client.fetch("get", "/hes-gateway/terminal/span/getSpanSetting")).result == {
            "spanFlag": False
        }
        for path in ("unheard", "weather/switchStorm"):
            with pytest.raises(ValueError, match="is_write=True"):
                await client.fetch("POST", f"hes-gateway/terminal/{path}")
        await client.fetch("POST", "hes-gateway/terminal/weather/switchStorm", is_write=True)
    assert cloud.asked("unheard")[0].query == {"gatewayId": GATEWAY, "lang": "en_US", "x": "ä b"}


@warped
async def test_calls_are_counted(cloud: Cloud) -> None:
    async with at_the_cloud(cloud) as client:
        assert client.get_gateway_heartbeat() is None
        await client.get_stats()
        await client.get_device_info()
        counted = client.get_metrics()
        assert client.get_gateway_heartbeat() is not None
    assert (counted.total, counted.logins, counted.answered_from_cache) == (len(cloud.log), 1, 1)
    assert counted.calls["getDeviceCompositeInfo"] == 1
