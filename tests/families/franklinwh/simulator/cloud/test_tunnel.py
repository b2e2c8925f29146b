from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ohmstead.testing import warped

PARTS = {
    327: {"opt": 0, "result": 0, "lightStat": [2, 2], "timeEn": 1},
    339: {"routerStatus": 0, "netStatus": 0, "awsStatus": 0},
    341: {"wifiNetSwitch": 1, "4GNetSwitch": 1},
}


@pytest.mark.parametrize("command", list(PARTS))
@warped
async def test_a_command_is_answered_by_the_next_number_with_a_text_inside(bench: Any, command: int) -> None:
    async with bench() as cloud:
        found = await cloud.tunnel(command, {"opt": 0})

    assert found["result"]["cmdType"] == command + 1
    assert isinstance(found["result"]["dataArea"], str)
    assert found["payload"].items() >= PARTS[command].items()


@warped
async def test_the_status_command_is_answered_by_201_with_the_polled_record(bench: Any) -> None:
    async with bench() as cloud:
        found = await cloud.tunnel(203, {"opt": 1, "refreshData": 1})
        record = await cloud.runtime()

    assert found["result"]["cmdType"] == 201
    assert found["payload"] == {"opt": 1, "result": 0, **record}


@warped
async def test_power_is_read_both_ways_and_packs_in_two_halves(bench: Any) -> None:
    async with bench() as cloud:
        plain = (await cloud.tunnel(211, {"type": 1}))["payload"]
        with_opt = (await cloud.tunnel(211, {"opt": 0, "type": 1}))["payload"]
        serial = cloud.plant.identity.packs[1]
        halves = [(await cloud.tunnel(211, {"fhpSn": serial, "type": kind}))["payload"] for kind in (2, 3)]
        stranger = await cloud.tunnel(211, {"fhpSn": "nobody", "type": 2})

    assert plain == with_opt
    assert plain["gridVol1"] == pytest.approx(120.0, abs=2.0)
    assert plain["gridLineVol"] == pytest.approx(2400, abs=40)
    assert len(halves[0]["batVolt"]) == 16
    assert not set(halves[0]) & set(halves[1]) - {"type", "result", "fhpSn"}
    assert stranger["code"] == 102


@warped
async def test_australia_has_one_phase_of_230_volts_at_50_hertz(bench: Any) -> None:
    async with bench("au_v1") as cloud:
        found = (await cloud.tunnel(211, {"type": 1}))["payload"]
        record = await cloud.runtime()

    assert found["gridLineVol"] == pytest.approx(2300, abs=40)
    assert found["gridFreq"] == pytest.approx(50.0, abs=0.2)
    assert (record["v2lModeEnable"], record["v2lRunState"]) == (None, None)


@warped
async def test_metering_has_every_key_on_every_gateway(bench: Any, vectors: dict[str, Any]) -> None:
    captured = vectors["accessories_power"][0]["payload"]
    async with bench("us_bare") as cloud:
        assert (await cloud.tunnel(353, {"opt": 0}))["payload"] == captured


@warped
async def test_two_power_reads_at_once_make_one_of_them_fail(bench: Any) -> None:
    async with bench(latency="1") as cloud:
        said = await asyncio.gather(*(cloud.tunnel(211, {"type": 1}) for _ in range(2)))

    assert sorted(answer["code"] for answer in said) == [102, 200]
    assert cloud.cloud.stations[0].busiest == 1


@warped
async def test_other_commands_wait_for_their_turn(bench: Any) -> None:
    async with bench(latency="1") as cloud:
        said = await asyncio.gather(*(cloud.tunnel(311, {"opt": 0}) for _ in range(3)))

    assert [answer["code"] for answer in said] == [200] * 3
    assert cloud.cloud.state()["gateways"][0]["busiest_tunnel"] == 3


@warped
async def test_a_damaged_frame_an_unknown_command_and_a_slow_gateway_time_out(bench: Any) -> None:
    async with bench(latency="1", quirks="strict-crc") as cloud:
        began_s = asyncio.get_running_loop().time()
        assert (await cloud.tunnel(355, {"opt": 0}))["code"] == 102
        assert asyncio.get_running_loop().time() - began_s == pytest.approx(10.0, abs=0.1)
        await cloud.fault("gateway-slow", times=1)
        assert (await cloud.tunnel(311, {"opt": 0}))["code"] == 102
        spoilt = {
            "cmdType": 311,
            "equipNo": cloud.serial,
            "type": 0,
            "timeStamp": 1,
            "snno": 0,
            "len": 9,
            "crc": "00000000",
            "dataArea": {"opt": 0},
        }
        assert (await cloud.post("sendMqtt", spoilt))["code"] == 102
        assert (await cloud.post("sendMqtt", spoilt | {"crc": "871767CE"}))["code"] == 200


@pytest.mark.parametrize(
    "told", [{}, {"cmdType": "x", "dataArea": {}}, {"cmdType": 311}, {"cmdType": 311, "dataArea": 5}]
)
@warped
async def test_what_is_no_tunnel_request_is_refused(bench: Any, told: dict[str, Any]) -> None:
    async with bench() as cloud:
        assert (await cloud.post("sendMqtt", told))["code"] == 400


@warped
async def test_permissions_are_denied_by_command(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.fault("permission-denied", command=353)
        assert (await cloud.tunnel(353, {"opt": 0}))["code"] == 181
        assert (await cloud.tunnel(311, {"opt": 0}))["code"] == 200
        assert (await cloud.tunnel(387, {"opt": 0}))["code"] == 181


@warped
async def test_without_circuits_a_strict_gateway_denies_them(bench: Any) -> None:
    async with bench("us_bare", quirks="strict-permissions") as cloud:
        assert (await cloud.tunnel(311, {"opt": 0}))["code"] == 181


@warped
async def test_a_scan_takes_its_twelve_seconds(bench: Any) -> None:
    poll = {"opt": 1, "wifi_ScanTime": 0}
    async with bench(latency="1") as cloud:
        started = await cloud.tunnel(335, {"opt": 1, "wifi_ScanTime": 10})
        assert (started["payload"]["result"], started["payload"]["reason"]) == (1, 3)
        await cloud.after(12)
        found = (await cloud.tunnel(335, poll))["payload"]

    assert found["wifi_Info"][0]["wifi_SSID"] == "Sample Home"


@warped
async def test_lights_are_stored_and_returned(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.tunnel(327, {"opt": 1, "timeEn": 0, "lightStat": [1, 1]})
        found = (await cloud.tunnel(327, {"opt": 0}))["payload"]

    assert (found["timeEn"], found["lightStat"]) == (0, [1, 1])
