"""hoymiles-wifi 0.6.0 cannot tell our simulators from the vendor's devices. Each of its commands, in what it printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

pytestmark = pytest.mark.compat

Played = Mapping[str, Any]  # Any: the conftest's scenes

BOTH = pytest.mark.parametrize("scene", ["clear", "encrypted"])
PAGED = pytest.mark.parametrize("scene", ["several packets", "several packets encrypted"])


def serial(number: str) -> str:
    return f"{int(number):012X}"


@BOTH
def test_it_learns_whether_the_dtu_encrypts(played: Played, scene: str) -> None:
    found = played[scene]["is-encrypted"]
    assert found["is_encrypted"] is (scene == "encrypted")
    assert len(found.get("enc_rand", "")) == (32 if scene == "encrypted" else 0)


@BOTH
def test_it_reads_who_is_there(played: Played, scene: str) -> None:
    state = played[scene].before
    found = played[scene]["app-information-data"]
    assert found["dtuSerialNumber"] == state["dtu"]
    assert (found["deviceNumber"], found["pvNumber"]) == (1, 2)
    assert serial(found["pvInfo"][0]["pvSerialNumber"]) == state["inverters"][0]["serial"]
    assert serial(found["meterInfo"][0]["meterSerialNumber"]) == state["meter"]
    assert played[scene]["get-information-data"]["dtuSn"] == state["dtu"]


@BOTH
def test_it_reads_versions_and_models(played: Played, scene: str) -> None:
    state = played[scene].before
    versions = played[scene]["get-version-info"]
    assert versions["dtu_sw_version"] == ("V01.01.01" if scene == "encrypted" else "V01.00.08")
    assert versions["inverter_sw_version"] == "V01.00.08"
    assert played[scene]["identify-dtu"] == {state["dtu"]: "DTUBI"}
    inverter = state["inverters"][0]["serial"].lower()
    assert played[scene]["identify-inverters"] == {inverter: "HMS-800W/1000W-2T"}
    assert list(played[scene]["identify-meters"]) == [state["meter"].lower()]


@BOTH
def test_it_reads_the_heartbeat(played: Played, scene: str) -> None:
    found = played[scene]["heartbeat"]
    assert found["dtuSerialNumber"] == played[scene].before["dtu"]
    assert (found["offset"], found["csq"]) == (3600, -62)


@BOTH
def test_it_reads_live_data_in_both_forms(played: Played, scene: str) -> None:
    found = played[scene]["get-real-data-new"]
    (inverter,) = found["sgsData"]
    assert int(found["dtuPower"]) == inverter["activePower"] > 5000
    assert [port["portNumber"] for port in found["pvData"]] == [1, 2]
    assert len(found["meterData"]) == 1
    older = played[scene]["get-real-data"]
    assert (older.get("deviceSn") or older.get("dtuSn")) == played[scene].before["dtu"]


@BOTH
def test_it_switches_the_performance_mode_on_and_prepares_alarms(played: Played, scene: str) -> None:
    assert played[scene]["enable-performance-data-mode"]["action"] == 33
    found = played[scene]["get-alarm-list"]
    assert (found["action"], found.get("errCode", 0)) == (50, 0)


@BOTH
def test_it_reads_the_configuration_and_the_network(played: Played, scene: str) -> None:
    found = played[scene]["get-config"]
    assert found["dtuSn"] == played[scene].before["dtu"]
    assert found["serverSendTime"] == 5
    assert found.get("limitPowerMypower", 0) == (0 if scene == "encrypted" else 1000)
    assert played[scene]["network-info"]["dtuSn"] == played[scene].before["dtu"]


@BOTH
def test_it_reads_the_curve_of_the_day_from_several_packets(played: Played, scene: str) -> None:
    found = played[scene]["app-get-hist-power"]
    assert found["ap"] >= 3
    assert len(found["powerArray"]) > 300
    assert max(found["powerArray"]) > 6000
    assert found["stepTime"] == 120


@BOTH
def test_it_limits_and_switches(played: Played, scene: str) -> None:
    state = played[scene].after
    assert played[scene]["set-power-limit"]["action"] == 8
    assert state["flash_writes"] == 1
    assert state["inverters"][0]["limit_pct"] == 30.0
    temporary = played[scene]["set-power-limit-temporary"]
    assert temporary.get("errCode", 0) == (0 if scene == "encrypted" else 7)
    assert state["inverters"][0]["temporary_w"] == (200.0 if scene == "encrypted" else None)
    assert played[scene]["turn-off-inverter"]["action"] == 7
    assert played[scene]["turn-on-inverter"]["action"] == 6
    assert state["inverters"][0]["is_on"]


@BOTH
def test_it_sends_new_firmware_and_new_wifi(played: Played, scene: str) -> None:
    assert played[scene]["firmware-update"]["action"] == 2
    stored = played[scene]["set-wifi"]
    assert stored["offset"] == 3600
    assert "errorCode" not in stored
    assert played[scene].after["wifi_ssid"] == "Elsewhere"


@pytest.mark.parametrize("scene", ["restart", "restart encrypted"])
def test_it_restarts_the_dtu(played: Played, scene: str) -> None:
    assert played[scene]["restart-dtu"]["action"] == 1
    assert played[scene].after["is_away"]


@PAGED
def test_it_reads_live_data_of_several_packets(played: Played, scene: str) -> None:
    inverters = played[scene].before["inverters"]
    found = played[scene]["get-real-data-new"]
    assert found["ap"] == 2
    assert [serial(entry["serialNumber"]) for entry in found["sgsData"]] == [i["serial"] for i in inverters]
    assert len(found["pvData"]) == 10
    assert len(played[scene]["app-information-data"]["pvInfo"]) == len(inverters)
    assert played[scene]["get-real-data"]


def test_it_reads_a_dtu_of_the_first_firmware(played: Played) -> None:
    found = played["old"]["get-real-data"]
    assert found["dtuSn"] == played["old"].before["dtu"]
    assert [port["pvPort"] for port in found["pvData"]] == [1, 2]
    assert all(port["gridP"] > 5000 for port in found["pvData"])


def test_it_reads_three_phases(played: Played) -> None:
    (inverter,) = played["three-phase"]["get-real-data-new"]["tgsData"]
    assert inverter["voltagePhaseA"] == pytest.approx(2300, abs=100)
    assert inverter["voltageLineAB"] == pytest.approx(4000, abs=200)
    (model,) = played["three-phase"]["identify-inverters"].values()
    assert model.startswith("HMT")


def test_it_reads_a_storage_gateway(played: Played) -> None:
    scene = played["storage"]
    assert scene["get-gateway-info"]["serialNumber"] == scene.before["gateway"]
    assert scene["get-gateway-network-info"]["csq"] == -55
    (inverter,) = scene["get-energy-storage-registry"]["inverters"]
    assert inverter["serialNumber"] == scene.before["inverter"]
    assert inverter["modelName"] == "HYT-5.0HV-EUG1"
    (data,) = scene["get-energy-storage-data"]
    assert data["serialNumber"] == scene.before["inverter"]
    assert len(data["pvPanels"]) == 2
    assert 45 <= data["powerFlow"]["stateOfCharge"] <= 60


@pytest.mark.parametrize(
    ("scene", "modes", "last"),
    [
        ("working modes", (1, 2, 5), "forced_charge"),
        ("more working modes", (3, 7, 8), "time_of_use"),
        ("other working modes", (4, 6), "forced_discharge"),
    ],
)
def test_it_sets_every_working_mode(played: Played, scene: str, modes: tuple[int, ...], last: str) -> None:
    for number in modes:
        stored = played[scene][f"mode {number}"]
        assert stored["serialNumber"] == played[scene].before["inverter"]
        assert "errCode" not in stored
    assert played[scene].after["mode"] == last
    assert played[scene].after["reserve_soc_pct"] == 20


def test_no_answer_of_ours_was_anything_it_could_not_read(played: Played) -> None:
    for name, scene in played.items():
        assert all(answer.code == 0 for answer in scene.answers.values()), name
        assert (scene.after["damaged_bytes"], scene.after["unanswered"], scene.after["kicks"]) == (0, 0, 0), (
            name
        )


def test_every_command_there_is_was_called(played: Played) -> None:
    called = {answer.command for scene in played.values() for answer in scene.answers.values()}
    assert len(called) == 27
