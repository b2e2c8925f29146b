"""Power control, storm, off grid and lights: what is sent, and what is refused before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.testing import warped

from .conftest import GATEWAY, Cloud, at_the_cloud


def stored(cloud: Cloud, read: str, record: dict[str, Any], *writes: str) -> None:
    """The writes change the record that is read."""

    def write(request: Any) -> Any:
        body = json.loads(request.body)
        record.update({RENAMED.get(key, key): value for key, value in body.items()})
        return None

    cloud.says |= {read: lambda request: record} | dict.fromkeys(writes, write)


RENAMED = {"stormEn": "enableStorm", "stormNoticeEn": "noticeEnable", "advanceTime": "advanceNoticeTime"}


def body(cloud: Cloud, name: str) -> dict[str, Any]:
    (request,) = cloud.asked(name)
    found: dict[str, Any] = json.loads(request.body)
    return found


@warped
async def test_limits_of_the_battery_are_written_and_read_back(cloud: Cloud) -> None:
    stored(cloud, "getPowerControlSetting", {"globalGridDischargeMax": 0.0}, "setPowerControl")
    async with at_the_cloud(cloud) as client:
        result = await client.set_power_control_settings(-1, 2.5)
    assert body(cloud, "setPowerControl") == {
        "gatewayId": GATEWAY,
        "globalGridDischargeMax": -1.0,
        "globalGridChargeMax": 2.5,
    }
    assert result.confirmed
    assert result.before == {"globalGridDischargeMax": 0.0}


@pytest.mark.parametrize(
    ("mode", "limit", "expected"),
    [
        (1, None, {"gridFeedMaxFlag": 1, "gridFeedMax": -1.0, "globalGridDischargeMax": 0.0}),
        (2, 5.0, {"gridFeedMaxFlag": 2, "gridFeedMax": 5.0, "globalGridDischargeMax": -1.0}),
        (3, None, {"gridFeedMaxFlag": 3, "gridFeedMax": 0.0, "globalGridDischargeMax": 0.0}),
    ],
)
@warped
async def test_export_sends_the_whole_record_with_its_change(
    cloud: Cloud, mode: int, limit: float | None, expected: dict[str, float]
) -> None:
    stored(cloud, "getPowerControlSetting", {"gridMax": -1.0, "bonusEnable": None}, "setPowerControlV2")
    async with at_the_cloud(cloud) as client:
        result = await client.set_export_settings(mode, limit)
    assert (
        body(cloud, "setPowerControlV2")
        == {"gatewayId": GATEWAY, "lang": "EN_US", "gridMax": -1.0} | expected
    )
    assert result.confirmed


@warped
async def test_a_storm_is_prepared_for_step_by_step(cloud: Cloud) -> None:
    record = {"enableStorm": 0, "advanceBackupTime": 180, "noticeEnable": 0}
    stored(cloud, "getStormSetting", record, "switchStorm", "setAdvanceBackupTime", "setStormNotice")
    async with at_the_cloud(cloud) as client:
        result = await client.set_storm_settings(enable=True, advance_backup_min=120, advance_notice_min=15)
    assert body(cloud, "switchStorm") == {"equipNo": GATEWAY, "stormEn": 1}
    assert body(cloud, "setAdvanceBackupTime") == {"equipNo": GATEWAY, "advanceBackupTime": 120}
    assert body(cloud, "setStormNotice") == {"equipNo": GATEWAY, "stormNoticeEn": 1, "advanceTime": 15}
    assert result.confirmed
    assert cloud.asked("getStormSetting")[0].query["equipNo"] == GATEWAY


@warped
async def test_leaving_the_grid_sends_what_the_app_sends(cloud: Cloud, vectors: dict[str, Any]) -> None:
    cloud.says |= {"updateOffgrid": None, "selectOffgrid": {"offgridSet": 1, "offgridState": 1}}
    sample = next(s for s in vectors["rest_samples"] if s["path"].endswith("updateOffgrid"))
    async with at_the_cloud(cloud) as client:
        assert (await client.set_grid_status(1)).confirmed
        assert (await client.get_grid_status())["result"] == {"offgridSet": 1, "offgridState": 1}
    assert body(cloud, "updateOffgrid") == sample["request"]


@warped
async def test_lights_are_written_over_what_they_are(cloud: Cloud) -> None:
    lights: dict[str, Any] = {"opt": 0, "result": 0, "lightStat": [2, 2], "timeEn": 1}

    def told(asked: Any) -> dict[str, Any]:
        lights.update({key: value for key, value in asked.payload.items() if key != "opt"})
        return lights

    cloud.tunnel[327] = told
    async with at_the_cloud(cloud) as client:
        assert await client.led_light_settings("0") == lights
        result = await client.led_light_settings(1, {"lightStat": [1, 2]})
    assert isinstance(result, WriteResult)
    assert (result.confirmed, lights["lightStat"]) == (True, [1, 2])
    assert b'"dataArea":{"opt":1,"lightStat":[1,2],"timeEn":1}' in cloud.asked("sendMqtt")[2].body


@pytest.mark.parametrize(
    ("method", "arguments", "options"),
    [
        ("set_power_control_settings", (0.05, 0), {}),
        ("set_power_control_settings", (0, float("nan")), {}),
        ("set_power_control_settings", (True, 0), {}),
        ("set_power_control_settings", (0, 10_000), {}),
        ("set_export_settings", (0,), {}),
        ("set_export_settings", (3, 1.0), {}),
        ("set_export_settings", (1, -2), {}),
        ("set_storm_settings", (), {}),
        ("set_storm_settings", (), {"advance_backup_min": 29}),
        ("set_storm_settings", (), {"advance_notice_min": 31}),
        ("set_storm_settings", (), {"notice": False, "advance_notice_min": 10}),
        ("set_grid_status", (2,), {}),
        ("set_grid_status", (1, 4), {}),
        ("set_grid_status", (1, 5.5), {}),
        ("set_generator_mode", (0,), {}),
        ("set_generator_mode", (3,), {}),
        ("set_generator_mode", ("1",), {}),
        ("set_generator_mode", (True,), {}),
        ("set_tou_schedule", ({"strategyList": []},), {}),
        ("led_light_settings", (1,), {}),
        ("led_light_settings", (1, {"colour": 1}), {}),
        ("led_light_settings", (2, {"bright": 1}), {}),
    ],
)
@warped
async def test_what_cannot_be_is_refused_before_anything_is_sent(
    cloud: Cloud, method: str, arguments: tuple[Any, ...], options: dict[str, Any]
) -> None:
    async with at_the_cloud(cloud, gateway_id=None) as client:
        with pytest.raises(ValueError, match=r"\w"):
            await getattr(client, method)(*arguments, **options)
    assert cloud.log == []
