"""Modes and reserves, against the captured list of an account."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from ohmstead.families.franklinwh import NotSupported, WorkMode
from ohmstead.kit.link.http_serving import HttpRequest
from ohmstead.testing import warped

from .conftest import GATEWAY, LIVE, Cloud, at_the_cloud, refused


@pytest.fixture
def account(cloud: Cloud, vectors: dict[str, Any]) -> Cloud:
    """With the captured modes, which writes change."""
    listed = next(s for s in vectors["rest_samples"] if s["path"].endswith("getGatewayTouListV2"))
    record = deepcopy(listed["response"]["result"])

    def update(request: HttpRequest) -> Any:
        query = request.query
        entry = next(e for e in record["list"] if e["workMode"] == int(query["workMode"]))
        if "soc" in query:
            entry["soc"] = float(query["soc"])
        if "currendId" in query:
            record["currendId"] = int(query["currendId"])
        return {"tariffSettingFlag": True}

    cloud.says |= {
        "getGatewayTouListV2": lambda request: record,
        "updateTouModeV2": update,
        "updateSocV2": update,
        "getStormSetting": {"enableStorm": 1},
    }
    return cloud


def sent(cloud: Cloud, name: str) -> dict[str, str]:
    (request,) = cloud.asked(name)
    assert request.body == b""
    return {key: value for key, value in request.query.items() if key != "lang"}


@warped
async def test_the_active_mode_is_found_by_its_programme(account: Cloud) -> None:
    async with at_the_cloud(account) as client:
        mode = await client.get_mode()
        reserves = await client.get_all_mode_soc()
    assert mode.info is not None
    assert (mode.work_mode, mode.effective_mode, mode.info.editable) == (3, "Emergency Backup", False)
    assert (mode.backup_flag, mode.next_work_mode, mode.timer_end) == (2, 1, "2025-10-06 10:20")
    assert reserves == {1: 27.0, 2: 25.0, 3: 100.0}


@warped
async def test_off_grid_the_programme_is_none_of_the_list(cloud: Cloud) -> None:
    cloud.says["getGatewayTouListV2"] = {
        "currendId": 26,
        "list": [{"id": 1, "workMode": 2}, "junk", {"id": None}],
    }
    async with at_the_cloud(cloud) as client:
        mode = await client.get_mode()
        assert (mode.work_mode, mode.effective_mode, mode.info) == (2, "Self-Consumption", None)
        cloud.says["getDeviceCompositeInfo"] = LIVE | {"runtimeData": {"mode": 9}}
        assert (await client.get_mode()).effective_mode == "VPP mode"


@warped
async def test_time_of_use_is_switched_to_as_the_app_does(account: Cloud, vectors: dict[str, Any]) -> None:
    async with at_the_cloud(account) as client:
        result = await client.set_mode(WorkMode.TIME_OF_USE, 28)
    assert sent(account, "updateTouModeV2") == vectors["mode_writes"][3]["query"]
    assert (result.accepted, result.confirmed, result.mismatched) == (True, True, ())
    assert (result.before, result.after) == ({"work_mode": 3, "soc": 100.0}, {"work_mode": 1, "soc": 28.0})


@warped
async def test_a_timed_backup_is_asked_for_as_the_app_does(account: Cloud, vectors: dict[str, Any]) -> None:
    async with at_the_cloud(account) as client:
        result = await client.set_mode(3, next_mode=1, duration_min=1440)
    assert sent(account, "updateTouModeV2") == vectors["mode_writes"][0]["query"]
    assert result.confirmed


@warped
async def test_a_lasting_backup_is_asked_for_as_the_app_does(account: Cloud, vectors: dict[str, Any]) -> None:
    async with at_the_cloud(account) as client:
        await client.set_mode(3, backup_forever=True)
    assert sent(account, "updateTouModeV2") == vectors["mode_writes"][1]["query"]


@warped
async def test_a_reserve_changes_without_switching(account: Cloud, vectors: dict[str, Any]) -> None:
    async with at_the_cloud(account) as client:
        result = await client.update_soc(28, 1)
    assert sent(account, "updateSocV2") == vectors["mode_writes"][2]["query"]
    assert (result.before, result.after) == ({"work_mode": 1, "soc": 27.0}, {"work_mode": 1, "soc": 28.0})


@warped
async def test_a_mode_for_an_absent_gateway_is_queued(account: Cloud) -> None:
    account.says["updateTouModeV2"] = refused(176)
    async with at_the_cloud(account) as client:
        result = await client.set_mode(2)
    assert (result.queued, result.confirmed) == (True, None)


@pytest.mark.parametrize(
    ("arguments", "options", "why"),
    [
        ((4,), {}, "a mode is 1"),
        ((1, 101), {}, "0 to 100 %"),
        ((1,), {"duration_min": 60}, "only emergency backup"),
        ((3, 50), {}, "keeps 100 %"),
        ((3,), {"duration_min": 29}, "30 to 4320 min"),
        ((3,), {"duration_min": 4321}, "30 to 4320 min"),
        ((3,), {"next_mode": 3}, "another mode"),
        ((3,), {"backup_forever": True, "duration_min": 60}, "either lasts"),
        ((3,), {"backup_forever": False}, "needs duration_min"),
    ],
)
@warped
async def test_what_does_not_go_together_is_refused_before_anything_is_sent(
    account: Cloud, arguments: tuple[Any, ...], options: dict[str, Any], why: str
) -> None:
    async with at_the_cloud(account) as client:
        with pytest.raises(ValueError, match=why):
            await client.set_mode(*arguments, **options)
    assert account.log == []


@pytest.mark.parametrize("soc", [4, 27.5, float("nan")])
@warped
async def test_a_reserve_outside_the_modes_limits_is_not_written(account: Cloud, soc: float) -> None:
    async with at_the_cloud(account) as client:
        with pytest.raises(ValueError, match="reserve"):
            await client.update_soc(soc, 1)
        with pytest.raises(ValueError, match="keeps 100 %"):
            await client.update_soc(50, 3)
    assert account.asked("updateSocV2") == []


@warped
async def test_an_account_without_a_mode_says_so(cloud: Cloud) -> None:
    cloud.says["getGatewayTouListV2"] = {"currendId": 1, "list": [{"id": 1, "workMode": 2}]}
    async with at_the_cloud(cloud) as client:
        with pytest.raises(NotSupported, match="Time-Of-Use"):
            await client.set_mode(1)


@warped
async def test_where_the_storm_hedge_cannot_be_read_the_list_says_it(account: Cloud) -> None:
    account.says["getStormSetting"] = refused(181)
    async with at_the_cloud(account) as client:
        await client.set_mode(2)
    assert sent(account, "updateTouModeV2")["stromEn"] == "1"
    assert account.asked("getGatewayTouListV2")[0].query["gatewayId"] == GATEWAY
