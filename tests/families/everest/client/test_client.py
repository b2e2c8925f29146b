"""The client against our server in memory, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import pytest

from ohmstead.families.everest.client import Client, connected
from ohmstead.families.everest.client.session import Additions, Session
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.results import HelloResObj
from ohmstead.families.everest.server import EvseEvent, Limit, RpcServer
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message, ServedMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.link.websocket_serving import serve_websocket
from ohmstead.model import BadAnswer, ConnectionLost, Misused, OutcomeUnknown, Refused, TimedOut, Unsafe
from ohmstead.testing import MessageNetwork, elapse, warped
from tests.families.everest.bench import AT, Sink, charge_point, load, served

STATUS = {
    "charged_energy_wh": 0.0,
    "discharged_energy_wh": 0.0,
    "charging_duration_s": 0,
    "charging_allowed": True,
    "available": True,
    "active_connector_index": 1,
    "error_present": False,
    "charge_protocol": "IEC61851",
    "state": "Unplugged",
}
HELLO = {
    "authentication_required": False,
    "api_version": "1.0.0",
    "everest_version": "",
    "charger_info": {"vendor": "v", "model": "m", "serial": "s", "firmware_version": "f"},
}


@warped
async def test_everything_is_read_once_and_then_kept_up_to_date(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, network), connected(network.dial) as client:
        await client.ready()
        assert client.hello is not None
        assert client.hello.charger_info.friendly_name == "Garage"
        assert sorted(client.mirror.evses) == [1, 2, 3]
        assert client.mirror.evses[1].info == point.evses[1].info
        assert client.mirror.evses[1].status == point.evses[1].status
        assert client.mirror.evses[1].hardware_capabilities == point.evses[1].hardware
        assert client.mirror.evses[1].meter_data is None
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        await elapse(0.1)

        assert client.mirror.evses[1].status == point.evses[1].status


@warped
async def test_a_client_that_is_closed_says_so(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), connected(network.dial) as client:
        await client.ready()
    with pytest.raises(Misused, match="use it inside `async with`"):
        await client.set_ac_charging_current(1, 10.0)
    assert client.trouble == "the client is closed"


@warped
async def test_whoever_waits_for_a_charge_point_is_told_when_the_client_is_closed() -> None:
    async with TaskScope() as scope:
        told = asyncio.Event()

        async def wait(client: Client) -> None:
            with pytest.raises(Misused, match="use it inside `async with`"):
                await client.ready()
            told.set()

        async with connected(MessageNetwork().dial) as client:
            scope.start(wait(client))
            await elapse(1)
        await told.wait()


@warped
async def test_it_works_over_a_real_websocket(vectors: dict[str, Any]) -> None:
    async with TaskScope() as scope:
        server = RpcServer(charge_point(vectors["fixture"], scope))
        async with (
            serve_websocket(server.serve, protocols=["EVerestRpcApi"]) as listener,
            connected(websocket(f"ws://127.0.0.1:{listener.port}", protocols=["EVerestRpcApi"])) as client,
        ):
            await client.ready()

            assert (await client.set_ac_charging_current(1, 16.0)).is_applied


@warped
async def test_a_charge_point_without_data_is_asked_until_it_has_some(vectors: dict[str, Any]) -> None:
    async with (
        served(vectors["fixture"], is_loaded=False) as (point, network),
        connected(network.dial) as client,
    ):
        await elapse(10.0)
        assert not client.is_ready
        assert (await client.info(1)).error is Error.ERROR_NO_DATA_AVAILABLE
        assert client.mirror.evses == {}
        for one in vectors["fixture"]["evses"]:
            load(point.evses[one["index"]], one)
        await client.ready()

        assert sorted(client.mirror.evses) == [1, 2, 3]


@warped
async def test_each_command_tells_what_is_in_force_afterwards(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), connected(network.dial) as client:
        await client.ready()
        clamped = await client.set_ac_charging_current(1, 40.0)
        assert (clamped.error, clamped.is_applied) == (Error.ERROR_VALUES_NOT_APPLIED, False)
        assert clamped.status is not None
        assert clamped.status.ac_charge_param is not None
        assert clamped.status.ac_charge_param.evse_max_current == 32.0
        assert (await client.set_ac_charging_phase_count(1, 1)).is_applied
        forbidden = await client.set_charging_allowed(1, charging_allowed=False)
        assert forbidden.status is not None
        assert not forbidden.status.charging_allowed
        disabled = await client.enable_connector(1, 1, enable=False, priority=100)
        assert disabled.status is not None

        assert disabled.status.state == "Disabled"


@warped
async def test_what_cannot_be_done_is_refused_with_the_code_of_the_server(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), connected(network.dial) as client:
        await client.ready()
        with pytest.raises(Refused) as refused:
            await client.set_ac_charging_current(2, 16.0)
        assert refused.value.code == "ErrorInvalidEVSEIndex"
        with pytest.raises(Refused, match="EVSE 9"):
            await client.set_dc_charging_power(9, 5000.0)


@pytest.mark.parametrize("current_a", [0.0, -10.0, float("nan")])
@warped
async def test_nothing_and_less_is_never_sent(vectors: dict[str, Any], current_a: float) -> None:
    async with served(vectors["fixture"]) as (point, network), connected(network.dial) as client:
        await client.ready()
        with pytest.raises(Unsafe):
            await client.set_ac_charging_current(1, current_a)

        assert point.configured is None


@warped
async def test_currents_are_asked_for_again_after_a_power_has_replaced_them(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, network), connected(network.dial) as client:
        await client.ready()
        await client.set_ac_charging_current(1, 16.0)
        await client.set_dc_charging_power(3, 5000.0)

        sink = point.evses[1].sink
        assert isinstance(sink, Sink)
        assert [limit.import_a for limit in sink.limits] == [16.0, 16.0]
        assert point.configured == Limit(import_a=16.0, export_a=0.0)


@warped
async def test_commands_to_one_evse_wait_for_each_other(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (_, network), connected(network.dial) as client:
        await client.ready()
        began_s = asyncio.get_running_loop().time()
        slow, quick = await asyncio.gather(
            client.set_ac_charging_current(1, 40.0), client.set_ac_charging_current(1, 16.0)
        )

        assert (slow.is_applied, quick.is_applied) == (False, True)
        assert 5.2 < asyncio.get_running_loop().time() - began_s < 5.5


@warped
async def test_it_comes_back_by_itself_and_reads_everything_again(vectors: dict[str, Any]) -> None:
    async with (
        served(vectors["fixture"]) as (point, network),
        connected(network.dial, random=Random(1)) as client,
    ):
        await client.ready()
        await network.pause()
        network.drop()
        await elapse(60.0)
        assert "refused" in client.trouble
        with pytest.raises(ConnectionLost, match="not connected"):
            await client.status(1)
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        await network.resume()
        await elapse(31.0)

        assert (client.is_ready, client.trouble) == (True, "")
        assert client.mirror.evses[1].status == point.evses[1].status


@warped
async def test_a_command_whose_connection_breaks_is_unknown_and_not_repeated(vectors: dict[str, Any]) -> None:
    async with served(vectors["fixture"]) as (point, network), connected(network.dial) as client:
        await client.ready()

        async def set_current() -> None:
            with pytest.raises(OutcomeUnknown):
                await client.set_ac_charging_current(1, 40.0)

        async with TaskScope() as scope:
            setting = scope.start(set_current())
            await elapse(1.0)
            network.drop()
            await asyncio.wait({setting})
        await elapse(5.0)
        sink = point.evses[1].sink
        assert isinstance(sink, Sink)

        assert len(sink.limits) == 1


Reply = Callable[[dict[str, Any], ServedMessages], Awaitable[object]]


async def scripted(request: dict[str, Any], link: ServedMessages) -> object:
    """A charge point with one EVSE, as newer, odder or barer servers may be."""
    match request["method"]:
        case "API.Hello":
            return HELLO
        case "ChargePoint.GetEVSEInfos":
            info = {"index": 1, "id": "x", "available_connectors": [], "supported_energy_transfer_modes": []}
            return {"infos": [info], "error": "NoError"}
        case "ChargePoint.GetActiveErrors":
            return {"active_errors": [], "error": "NoError"}
        case "EVSE.GetStatus":
            return {"status": STATUS, "error": "NoError"}
        case _:
            return {"error": "ErrorUnknownError"} | defaults(request["method"])


def defaults(method: str) -> dict[str, object]:
    if method == "EVSE.GetMeterData":
        return {"meter_data": {"energy_Wh_import": {"total": 0.0}, "timestamp": ""}}
    phases = dict.fromkeys(("max_phase_count", "min_phase_count"), 0)
    currents = dict.fromkeys(("max_current_A", "min_current_A"), 0.0)
    members = {
        f"{name}_{way}": value for name, value in (phases | currents).items() for way in ("import", "export")
    }
    return {"hardware_capabilities": members | {"phase_switch_during_charging": False}}


def served_by(reply: Reply) -> Callable[[ServedMessages], Awaitable[None]]:
    async def serve(link: ServedMessages) -> None:
        while True:
            request = json.loads((await link.receive()).data)
            result = await reply(request, link)
            if result is not None:
                frame = {"id": request["id"], "jsonrpc": "2.0", "result": result}
                await link.send(Message(json.dumps(frame).encode(), is_text=True))

    return serve


async def notify(link: ServedMessages, state: str, **members: object) -> None:
    params = {"evse_index": 1, "evse_status": STATUS | {"state": state} | members}
    frame = {"jsonrpc": "2.0", "method": "EVSE.StatusChanged", "params": params}
    await link.send(Message(json.dumps(frame).encode(), is_text=True))


async def state_after(reply: Reply, after_s: float = 1.0) -> Client:
    network = MessageNetwork()
    async with network.serve(served_by(reply)), connected(network.dial) as client:
        await client.ready()
        await elapse(after_s)
        return client


@warped
async def test_a_reading_does_not_replace_what_was_announced_after_it_was_asked_for() -> None:
    async def announce_before_answering(request: dict[str, Any], link: ServedMessages) -> object:
        if request["method"] == "EVSE.GetStatus":
            await notify(link, "Charging")
        return await scripted(request, link)

    client = await state_after(announce_before_answering)

    assert client.mirror.evses[1].status is not None
    assert client.mirror.evses[1].status.state == "Charging"


@warped
async def test_members_and_texts_of_a_newer_server_are_kept_and_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def newer(request: dict[str, Any], link: ServedMessages) -> object:
        if request["method"] == "ChargePoint.GetActiveErrors":
            for _ in range(3):
                await notify(link, "Thinking", mood="good")
        return await scripted(request, link)

    caplog.set_level(logging.INFO)
    client = await state_after(newer)

    assert client.mirror.evses[1].status is not None
    assert client.mirror.evses[1].status.state == "Thinking"
    assert client.additions == {
        "EVSEStatusChangedObj.evse_status.mood": "is a member of its own: 'good'",
        "EVSEStatusChangedObj.evse_status.state": "is a text of its own: 'Thinking'",
    }
    assert caplog.text.count("is a text of its own") == 1


@warped
async def test_rubbish_between_the_frames_is_passed_over() -> None:
    async def babbling(request: dict[str, Any], link: ServedMessages) -> object:
        for rubbish in (
            b"",
            b"null",
            b"{",
            b"[1]",
            b'{"id":99,"result":1}',
            b'{"id":null,"error":{"code":1,"message":""}}',
        ):
            await link.send(Message(rubbish))
        await link.send(Message(b'{"method":"EVSE.StatusChanged","params":{"evse_index":"x"}}'))
        return await scripted(request, link)

    client = await state_after(babbling)

    assert client.is_ready is False  # the block is left
    assert client.mirror.evses[1].info is not None


@warped
async def test_results_beside_an_error_are_not_kept() -> None:
    client = await state_after(scripted)

    assert client.mirror.evses[1].meter_data is None


@warped
async def test_a_server_that_does_not_answer_is_given_up_in_time() -> None:
    async def silent_reads(request: dict[str, Any], link: ServedMessages) -> object:
        if request["method"].startswith("EVSE.Set") or request.get("params") == {"evse_index": 2}:
            return None
        return await scripted(request, link)

    network = MessageNetwork()
    async with network.serve(served_by(silent_reads)), connected(network.dial) as client:
        await client.ready()
        began_s = asyncio.get_running_loop().time()
        with pytest.raises(TimedOut):
            await client.status(2)
        read_s = asyncio.get_running_loop().time() - began_s
        with pytest.raises(OutcomeUnknown):
            await client.set_charging_allowed(1, charging_allowed=False)
        set_s = asyncio.get_running_loop().time() - began_s - read_s

    assert (round(read_s, 3), round(set_s, 3)) == (3.0, 10.0)


@warped
async def test_a_result_that_is_none_is_a_bad_answer() -> None:
    async def wrong(request: dict[str, Any], link: ServedMessages) -> object:
        return (
            {"error": "NoError"}
            if request.get("params") == {"evse_index": 2}
            else await scripted(request, link)
        )

    network = MessageNetwork()
    async with network.serve(served_by(wrong)), connected(network.dial) as client:
        await client.ready()
        with pytest.raises(BadAnswer, match="EVSEGetStatusResObj"):
            await client.status(2)


@warped
async def test_a_greeting_that_is_not_answered_is_tried_again() -> None:
    greeted = 0

    async def shy(request: dict[str, Any], link: ServedMessages) -> object:
        nonlocal greeted
        greeted += request["method"] == "API.Hello"
        return await scripted(request, link) if greeted > 1 else None

    client = await state_after(shy)

    assert greeted == 2
    assert client.hello is not None


@warped
async def test_calls_to_a_server_that_reads_no_more_end_in_time_each() -> None:
    async def deaf(link: ServedMessages) -> None:
        await asyncio.Event().wait()

    network = MessageNetwork()
    async with network.serve(deaf), network.dial() as link:
        session = Session(link, Additions(), lambda _: None)
        began_s = asyncio.get_running_loop().time()
        calls = [session.call("API.Hello", None, HelloResObj, within_s=1.0 + late) for late in (0.0, 1.0)]
        flood = [session.call("API.Hello", None, HelloResObj, within_s=3.0) for _ in range(300)]
        ended = await asyncio.gather(*calls, *flood, return_exceptions=True)

        assert {type(error) for error in ended} == {TimedOut}
        assert 2.9 < asyncio.get_running_loop().time() - began_s < 3.2
        assert str(ended[1]) == "device did not answer API.Hello within 2 s."
