from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh.facts.codes import WorkMode
from ohmstead.model import ConnectionLost
from ohmstead.testing import warped

BACKUP = {"currendId": 31106, "oldIndex": 1, "workMode": 3, "electricityType": 1}


@warped
async def test_a_mode_is_switched_by_its_query_and_is_on_its_way_for_three_seconds(bench: Any) -> None:
    async with bench() as cloud:
        said = await cloud.post(
            "tou/updateTouModeV2",
            currendId=111729,
            soc=28,
            oldIndex=3,
            workMode=1,
            stromEn=1,
            electricityType=3,
        )
        assert (said["code"], said["result"]) == (200, {"tariffSettingFlag": True})
        told = (await cloud.post("tou/getGatewayTouListV2", showType=1))["result"]
        assert (told["currendId"], told["touSendStatus"], told["list"][0]["soc"]) == (111729, 2, 28.0)
        await cloud.after(4)
        assert (await cloud.post("tou/getGatewayTouListV2", showType=1))["result"]["touSendStatus"] is None
        record = await cloud.runtime()
        assert (record["mode"], record["name"]) == (111729, "Residential Time of Use")


@warped
async def test_a_timed_backup_ends_at_its_time(bench: Any) -> None:
    async with bench() as cloud:
        timed = BACKUP | {"backupForeverFlag": 2, "nextWorkMode": 1, "durationMinute": 60}
        await cloud.post("tou/updateTouModeV2", **timed)
        told = (await cloud.post("tou/getGatewayTouListV2"))["result"]
        assert (told["timerEndTime"], told["timerEndTimeZero"]) == ("2026-06-20 13:00", "2026-06-20 17:00")
        assert told["backupForeverFlag"] == 2
        await cloud.after(3590)
        assert cloud.plant.settings.work_mode is WorkMode.EMERGENCY_BACKUP
        await cloud.after(80)
        assert cloud.plant.settings.work_mode is WorkMode.TIME_OF_USE


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("tou/updateTouModeV2", {key: BACKUP[key] for key in BACKUP if key != "currendId"}),
        ("tou/updateTouModeV2", {key: BACKUP[key] for key in BACKUP if key != "electricityType"}),
        ("tou/updateTouModeV2", BACKUP | {"workMode": 7}),
        ("tou/updateTouModeV2", BACKUP | {"backupForeverFlag": 2, "durationMinute": 29}),
        ("tou/updateSocV2", {"workMode": 2, "electricityType": 1, "soc": 4}),
        ("tou/updateSocV2", {"workMode": 2, "electricityType": 1, "soc": "nan"}),
        ("tou/updateSocV2", {"workMode": 3, "electricityType": 1, "soc": 50}),
        ("updateOffgrid", {"offgridSet": 1, "offgridSoc": 99}),
        ("weather/setAdvanceBackupTime", {"advanceBackupTime": 10}),
        ("tou/setPowerControl", {"globalGridChargeMax": -2}),
    ],
)
@warped
async def test_what_makes_no_sense_is_refused_and_changes_nothing(
    bench: Any, path: str, told: dict[str, Any]
) -> None:
    async with bench() as cloud:
        before = str(cloud.plant.settings)
        assert (await cloud.post(path, **told))["code"] == 400
        assert str(cloud.plant.settings) == before
        assert cloud.plant.islanding.is_connected


@warped
async def test_the_oldest_client_switches_by_form(bench: Any) -> None:
    async with bench(quirks="legacy-ids") as cloud:
        form = f"currendId=9324&gatewayId={cloud.serial}&lang=EN_US&oldIndex=1&soc=100&stromEn=1&workMode=3"
        await cloud.raw("POST", "tou/updateTouMode", form.encode())
        circuits = await cloud.tunnel(311, {"opt": 0, "order": cloud.serial})

    assert circuits["payload"]["runingMode"] == 9324


@warped
async def test_the_generator_keeps_the_mode_it_is_told_and_answers_the_whole_record(bench: Any) -> None:
    async with bench() as cloud:
        told = {"gatewayId": cloud.serial, "manuSw": 2, "opt": 1}
        said = (await cloud.post("updateIotGenerator", told))["result"]
        read = (await cloud.get("selectIotGenerator"))["result"]

    assert (said["manuSw"], said["opt"], said["status"]) == (2, 1, 0)
    assert (read["manuSw"], read["opt"]) == (2, 0)
    assert not cloud.plant.genset.is_automatic


@warped
async def test_a_push_button_stops_a_running_generator_and_reads_nothing(bench: Any) -> None:
    async with bench(quirks="momentary", delay_scale="0") as cloud:
        await cloud.act("outage")
        await cloud.after(60)
        assert (await cloud.get("selectIotGenerator"))["result"]["genStat"] == 1
        said = await cloud.post("updateIotGenerator", {"manuSw": 2, "opt": 1})

    assert (said["result"]["manuSw"], said["result"]["genStat"]) == (0, 2)


@warped
async def test_a_gateway_without_a_generator_answers_defaults(bench: Any, vectors: dict[str, Any]) -> None:
    captured = vectors["generator"]["read"][0]["payload"]["result"]
    async with bench("us_bare", quirks="strict-wire") as cloud:
        found = (await cloud.get("selectIotGenerator"))["result"]

    assert found == captured | {"genAsSmartLoadEnable": 0}


@warped
async def test_the_vehicle_port_closes_off_grid_only_and_by_both_ways(bench: Any) -> None:
    on = {"opt": 1, "Sw3Mode": 1, "Sw3ProLoad": 0, "Sw3MsgType": 1}
    async with bench() as cloud:
        assert (await cloud.tunnel(311, on))["payload"]["result"] == 1
        assert (await cloud.tunnel(311, {"opt": 0}))["payload"]["Sw3Mode"] == 0
        await cloud.act("off_grid")
        await cloud.after(30)
        said = (await cloud.tunnel(311, on))["payload"]
        assert (said["result"], said["Sw3Mode"]) == (0, 1)
        await cloud.after(5)
        read = (await cloud.tunnel(311, {"opt": 0}))["payload"]
        assert (read["v2lModeEnable"], read["v2lRunState"], read["modeChoose"]) == (1, 2, 3)
        await cloud.post("updateIotGenerator", {"v2LModeCtrl": 0, "opt": 1})
        assert not cloud.plant.port.is_on
        await cloud.post("updateIotGenerator", {"v2LModeCtrl": 1, "opt": 1})
        assert cloud.plant.port.is_on


@warped
async def test_a_switch_under_the_wrong_kind_of_message_is_acknowledged_and_dropped(bench: Any) -> None:
    async with bench("us_v1_circuits") as cloud:
        for kind in (0, 2):
            said = await cloud.tunnel(311, {"opt": 1, "Sw2Mode": 1, "Sw2MsgType": kind})
            assert (said["payload"]["result"], said["payload"]["Sw2Mode"]) == (0, 0)
        await cloud.tunnel(311, {"opt": 1, "Sw2Mode": 1, "Sw2MsgType": 1})
        await cloud.after(3)
        assert (await cloud.runtime())["pro_load"] == [1, 1, 0]


@pytest.mark.parametrize(("quirks", "watts"), [("", 0), ("three-circuits", 900)])
@warped
async def test_without_a_port_the_third_circuit_is_plain_or_nothing(
    bench: Any, quirks: str, watts: int
) -> None:
    async with bench("us_v1_circuits", quirks=quirks) as cloud:
        said = await cloud.tunnel(311, {"opt": 1, "Sw3Mode": 1, "Sw3MsgType": 1})
        assert said["payload"]["result"] == 0
        await cloud.after(10)
        assert (await cloud.tunnel(353, {"opt": 0}))["payload"]["CarSWPower"] == watts


@warped
async def test_a_strict_gateway_wants_the_whole_record(bench: Any) -> None:
    async with bench(quirks="strict-partial") as cloud:
        part = await cloud.tunnel(311, {"opt": 1, "Sw1Mode": 0, "Sw1MsgType": 1})
        assert (part["payload"]["result"], part["payload"]["reason"]) == (1, -2)
        whole = (await cloud.tunnel(311, {"opt": 0}))["payload"]
        del whole["modeChoose"], whole["result"]
        done = await cloud.tunnel(311, whole | {"opt": 1, "Sw1Mode": 0, "Sw1MsgType": 1})
        assert (done["payload"]["result"], done["payload"]["Sw1Mode"]) == (0, 0)


@warped
async def test_newer_circuits_have_commands_of_their_own(bench: Any) -> None:
    async with bench("us_v2", quirks="circuits-v2") as cloud:
        whole = (await cloud.tunnel(387, {"opt": 0}))["payload"]
        assert [entry["openAction"] for entry in whole["smartSwitch"]] == [2, 1, 1]
        whole["smartSwitch"][1]["openAction"] = 2
        await cloud.tunnel(387, whole | {"opt": 1})
        await cloud.after(60)
        powers = (await cloud.tunnel(389, {"opt": 0}))["payload"]["smartSwitchData"]

    assert [entry["power"] for entry in powers] == [350, 600, 0]


@pytest.mark.parametrize(
    ("kind", "path", "told"),
    [
        ("mode", "tou/updateTouModeV2", BACKUP),
        ("reserve", "tou/updateSocV2", {"workMode": 2, "electricityType": 1, "soc": 50}),
        ("off-grid", "updateOffgrid", {"offgridSet": 1, "offgridSoc": 5}),
        ("power", "tou/setPowerControl", {"globalGridChargeMax": 2}),
        ("storm", "weather/switchStorm", {"stormEn": 0}),
    ],
)
@warped
async def test_a_discarded_write_says_yes_and_does_nothing(
    bench: Any, kind: str, path: str, told: dict[str, Any]
) -> None:
    async with bench() as cloud:
        before = str(cloud.plant.settings)
        await cloud.fault("silent-discard", write=kind)
        assert (await cloud.post(path, **told))["code"] == 200
        assert str(cloud.plant.settings) == before
        assert not cloud.plant.islanding.is_requested


@warped
async def test_power_control_and_storm_are_stored_and_returned(bench: Any) -> None:
    async with bench() as cloud:
        told = (await cloud.get("tou/getPowerControlSetting"))["result"]
        whole = {key: value for key, value in told.items() if value is not None}
        changed = whole | {"gatewayId": cloud.serial, "gridFeedMaxFlag": 2, "gridFeedMax": 4.5}
        await cloud.post("tou/setPowerControlV2", changed)
        await cloud.post(
            "weather/setStormNotice", {"equipNo": cloud.serial, "stormNoticeEn": 1, "advanceTime": 20}
        )
        power = (await cloud.get("tou/getPowerControlSetting"))["result"]
        storm = (await cloud.get("weather/getStormSetting", equipNo=cloud.serial))["result"]

    assert (power["gridFeedMaxFlag"], power["gridFeedMax"]) == (2, 4.5)
    assert (storm["noticeEnable"], storm["advanceNoticeTime"]) == (1, 20)


@warped
async def test_a_saved_plan_is_followed_and_gets_its_ids(bench: Any) -> None:
    block = {
        "startHourTime": "00:00",
        "endHourTime": "24:00",
        "waveType": 0,
        "name": "all day",
        "dispatchId": 8,
    }
    day = {"id": None, "dayType": 3, "detailVoList": [block]}
    season = {"id": None, "month": "1,2,3,4,5,6,7,8,9,10,11,12", "dayTypeVoList": [day]}
    async with bench(mode="tou", soc="50") as cloud:
        plan = {"template": {"id": None, "gatewayId": cloud.serial}, "strategyList": [season], "nemType": 0}
        said = await cloud.post("tou/saveTouDispatch", plan)
        assert said["result"]["id"] > 0
        await cloud.after(60)
        assert (await cloud.runtime())["p_fhp"] == -10.0
        read = (await cloud.get("tou/getTouDispatchDetail"))["result"]
        assert read["strategyList"][0]["dayTypeVoList"][0]["detailVoList"][0]["id"] > 0
        assert (await cloud.post("tou/saveTouDispatch", {"template": plan["template"]}))["code"] == 400


@warped
async def test_a_late_write_is_done_after_it_was_acknowledged(bench: Any) -> None:
    async with bench("us_v1_circuits") as cloud:
        await cloud.fault("late-write", times=2, s=30)
        said = await cloud.post("tou/updateSocV2", workMode=2, electricityType=1, soc=50)
        switched = await cloud.tunnel(311, {"opt": 1, "Sw2Mode": 1, "Sw2MsgType": 1})
        assert (said["code"], switched["payload"]["result"]) == (200, 0)
        await cloud.after(20)
        told = (await cloud.post("tou/getGatewayTouListV2"))["result"]
        assert (told["list"][1]["soc"], cloud.plant.circuits.all[1].mode) == (20.0, 0)
        await cloud.after(15)
        told = (await cloud.post("tou/getGatewayTouListV2"))["result"]
        assert (told["list"][1]["soc"], cloud.plant.circuits.all[1].mode) == (50.0, 1)


@warped
async def test_a_write_whose_answer_is_lost_is_done_once(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.fault("drop-connection", path="updateSocV2")
        with pytest.raises(ConnectionLost):
            await cloud.post("tou/updateSocV2", workMode=2, electricityType=1, soc=50)
        assert cloud.plant.settings.reserve_pct == 50.0
        assert cloud.cloud.log[-1].path.endswith("updateSocV2")


@warped
async def test_a_wrong_clock_shows_and_moves_no_midnight(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.act("clock", offset_s=-86_400)
        assert (await cloud.get("getDeviceInfoV2"))["result"]["deviceTime"] == "2026-06-19 12:00:00"
        assert cloud.plant.ledger.today.isoformat() == "2026-06-20"
