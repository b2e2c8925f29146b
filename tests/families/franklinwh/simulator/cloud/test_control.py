from __future__ import annotations

import json
from typing import Any

import pytest

from ohmstead.families.franklinwh.simulator.actions import ACTIONS
from ohmstead.families.franklinwh.simulator.cloud.faults import KINDS
from ohmstead.model import ConfigError, ConnectionLost, Fault
from ohmstead.testing import warped

WITHOUT_PARAMETERS = {
    "charge": {"soc_pct": 50},
    "sun": {"factor": 0.5},
    "circuit": {"number": 1},
    "fuel": {"fuel_l": 5},
    "clock": {"offset_s": 3600},
    "alarm": {"code": "3001"},
    "fault": {"name": "empty-body"},
}


@pytest.mark.parametrize("action", list(ACTIONS))
@warped
async def test_every_action_can_be_done(bench: Any, action: str) -> None:
    async with bench() as cloud:
        state = await cloud.act(action, **WITHOUT_PARAMETERS.get(action, {}))

    assert state["model"] == "us_v1_full"


@warped
async def test_every_fault_is_taken_by_its_name(bench: Any) -> None:
    async with bench(faults=tuple(Fault(name, {"times": "0"}) for name in KINDS)) as cloud:
        assert (await cloud.get("getDeviceInfoV2"))["code"] == 200


@pytest.mark.parametrize(
    "fault",
    [Fault("earthquake"), Fault("rate-limit", {"color": "red"}), Fault("cdn-error", {"code": "many"})],
)
@warped
async def test_a_fault_that_makes_no_sense_is_refused(bench: Any, fault: Fault) -> None:
    with pytest.raises(ConfigError):
        async with bench(faults=(fault,)):
            pass


@pytest.mark.parametrize(
    "extras",
    [
        {"latency": "slow"},
        {"quirks": "haste"},
        {"mode": "party"},
        {"soc": "101"},
        {"token_days": "nan"},
        {"zone": "Mars/Olympus"},
    ],
)
@warped
async def test_an_option_that_makes_no_sense_is_refused(bench: Any, extras: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        async with bench(**extras):
            pass


@warped
async def test_an_action_that_makes_no_sense_is_refused(bench: Any) -> None:
    async with bench("us_bare") as cloud:
        for action, told in (
            ("dance", {}),
            ("charge", {"soc_pct": "much"}),
            ("charge", {"speed": 3}),
            ("circuit", {"number": 4}),
            ("start_generator", {}),
            ("outage", {"gateway": "nobody"}),
        ):
            with pytest.raises(ConfigError):
                await cloud.act(action, **told)


@warped
async def test_faults_and_state_are_reachable_on_the_clouds_own_port(bench: Any) -> None:
    async with bench() as cloud:
        told = json.dumps({"name": "cdn-error", "times": 1}).encode()
        assert (await cloud.session.post("/__sim__/fault", told)).status == 200
        assert (await cloud.raw("GET", "getDeviceInfoV2")).status == 502
        outage = json.dumps({"action": "outage"}).encode()
        await cloud.session.post("/__sim__/state", outage)
        await cloud.after(2)
        state = json.loads((await cloud.session.get("/__sim__/state")).body)
        refused = await cloud.session.post("/__sim__/fault", b'{"name":"earthquake"}')

    assert state["gateways"][0]["phase"] == "outage"
    assert state["faults"] == {"cdn-error": 1}
    assert refused.status == 400


@warped
async def test_the_control_interface_can_be_left_out(bench: Any) -> None:
    async with bench(quirks="no-control") as cloud:
        assert (await cloud.session.get("/__sim__/state")).status == 404


@warped
async def test_requests_are_logged_as_they_came(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.tunnel(311, {"opt": 0})
        last = cloud.cloud.log[-1]

    assert (last.method, last.path, last.code) == ("POST", "hes-gateway/terminal/sendMqtt", 200)
    assert json.loads(last.body)["dataArea"] == {"opt": 0}
    assert last.query["gatewayId"] == cloud.serial


@warped
async def test_a_broken_connection_and_a_kick_leave_the_cloud_standing(bench: Any) -> None:
    async with bench() as cloud:
        await cloud.fault("drop-connection")
        with pytest.raises(ConnectionLost):
            await cloud.raw("GET", "getDeviceInfoV2")
        await cloud.act("clear_faults")
        await cloud.act("kick")
        assert (await cloud.get("getDeviceInfoV2"))["code"] == 200


@warped
async def test_the_ready_line_says_all_that_a_client_needs(bench: Any) -> None:
    async with bench("two_gateways") as cloud:
        ready = cloud.cloud.ready

    port = cloud.cloud.endpoints["franklinwh"]
    assert ready["url"] == (
        f"franklinwh://user%40example.com@127.0.0.1:{port}/10060005A02X00000001?plain=true"
    )
    assert ready["gateways"] == ["10060005A02X00000001", "10060005A03X00000001"]


@warped
async def test_a_gateway_can_stand_in_another_time_zone(bench: Any) -> None:
    async with bench(zone="America/Denver") as cloud:
        found = (await cloud.get("getDeviceInfoV2"))["result"]

    assert (found["zoneInfo"], found["deviceTime"]) == ("America/Denver", "2026-06-20 10:00:00")
