"""How our own mode talks: errors, endings, sizes and kinds of frames, as each kind of client sees them."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from typing import Any

import pytest

from ohmstead.families.everest.server import EvseEvent
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message
from ohmstead.testing import elapse, warped
from tests.families.everest.bench import AT, HELLO, RawClient, calling, improved, raw_client

PARSE_ERROR = '{"error":{"code":-32700,"message":"parse error"},"id":null,"jsonrpc":"2.0"}'
NEITHER = '{"error":{"code":-32600,"message":"invalid request: expected array or object"},"id":null,"jsonrpc":"2.0"}'


@pytest.mark.parametrize(
    ("sent", "replies"), [("{", [PARSE_ERROR]), ("", [PARSE_ERROR]), ("null", []), ("7", [NEITHER])]
)
@warped
async def test_what_is_no_request_is_answered(fixture: Any, sent: str, replies: list[str]) -> None:
    async with improved(fixture) as (_, network), raw_client(network) as client:
        assert await client.asked(sent) == replies


@warped
async def test_a_request_without_an_id_gets_no_frame_at_all(fixture: Any) -> None:
    async with improved(fixture) as (_, network), raw_client(network) as client:
        assert await client.asked('{"jsonrpc":"2.0","method":"ChargePoint.GetEVSEInfos"}') == []


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("ChargePoint.GetEVSEInfos", {}, None),
        ("API.Hello", {}, None),
        ("EVSE.GetStatus", [], -32602),
        ("EVSE.GetStatus", None, -32602),
        ("EVSE.GetStatus", [1, 2], -32602),
        ("EVSE.GetStatus", [1.5], -32602),
        ("EVSE.GetStatus", [True], -32602),
        ("EVSE.GetStatus", [4294967297], -32602),
        ("EVSE.GetStatus", [1.0], None),
        ("EVSE.SetACChargingCurrent", [1, "16"], -32602),
        ("evse.GetStatus", [1], -32601),
    ],
)
@warped
async def test_parameters_are_taken_as_they_are_or_refused(
    fixture: Any, method: str, params: object, code: int | None
) -> None:
    async with improved(fixture) as (_, network), raw_client(network) as client:
        request = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        (frame,) = await client.asked(json.dumps(request))

    assert json.loads(frame).get("error", {}).get("code") == code


@warped
async def test_a_plain_greeting_gets_the_five_members_of_the_schema(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        point.everest_version = ""
        hello = await plain.result("API.Hello")

    assert sorted(hello) == ["api_version", "authentication_required", "charger_info", "everest_version"]
    assert hello["everest_version"].startswith("Ohmstead ")


@pytest.mark.parametrize(
    ("sent", "waits_s"),
    [
        (None, 5.0),
        ('{"jsonrpc":"2.0","id":1,"method":"EVSE.GetStatus","params":[1]}', 0.0),
        (f"[{HELLO}]", 0.0),
        ("7", 0.0),
    ],
)
@warped
async def test_who_does_not_greet_is_told_why_it_has_to_go(
    fixture: Any, sent: str | None, waits_s: float
) -> None:
    async with improved(fixture) as (_, network), raw_client(network, greets=False) as client:
        if sent is not None:
            await client.send(sent)
        await elapse(waits_s - 0.1 if waits_s else 0.0)
        assert client.is_cut_off is (not waits_s)
        await elapse(0.2)

        assert client.is_cut_off
        assert client.link.close_code == 1002


@warped
async def test_what_cannot_be_read_before_the_greeting_is_said_and_the_time_goes_on(fixture: Any) -> None:
    async with improved(fixture) as (_, network), raw_client(network, greets=False) as client:
        assert await client.asked("{", within_s=3.0) == [PARSE_ERROR]
        assert len(await client.asked(HELLO)) == 1
        await elapse(10.0)

        assert not client.is_cut_off


@warped
async def test_a_big_request_is_carried_out_and_a_huge_one_ends_the_connection(fixture: Any) -> None:
    async with improved(fixture) as (_, network), raw_client(network) as client:
        id_ = "x" * 1_000_000
        (frame,) = await client.asked(json.dumps({"jsonrpc": "2.0", "id": id_, "method": "API.Hello"}))
        assert json.loads(frame)["id"] == id_
        await client.asked("[" + " " * 1024 * 1024 + "]")

        assert client.link.close_code == 1009


@warped
async def test_frames_are_binary_unless_a_client_that_opted_in_uses_text(fixture: Any) -> None:
    async with improved(fixture) as (point, network):
        for greeting, expected in ((HELLO, False), (HELLO[:-1] + ',"params":{"client":"x"}}', True)):
            async with network.dial() as link, TaskScope() as scope:
                client = RawClient(link)
                scope.start(client.listen())
                await link.send(Message(greeting.encode(), is_text=True))
                await elapse(0.1)
                point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
                point.evses[1].happened(EvseEvent.SESSION_FINISHED, AT)
                await elapse(0.1)
                assert client.kinds == [expected] * 3
                await link.send(Message(HELLO.encode()))
                await elapse(0.1)
                assert client.kinds[-1] is False


@warped
async def test_a_server_that_ends_says_that_it_comes_back(fixture: Any) -> None:
    async with AsyncExitStack() as client:
        async with improved(fixture) as (_, network):
            link = await client.enter_async_context(network.dial())
            await link.send(Message(HELLO.encode()))
            await elapse(0.1)

        assert link.close_code == 1012


@warped
async def test_answers_that_nobody_takes_stop_the_reading_and_nothing_else(fixture: Any) -> None:
    """S6: a client that only sends costs what it may cost, and no more."""
    async with improved(fixture) as (_, network), network.dial() as greedy, calling(network) as plain:
        await greedy.send(Message(HELLO.encode()))
        async with TaskScope() as scope:
            flooding = scope.start(flood(greedy))
            await elapse(5.0)
            assert not flooding.done()
            assert (await plain.result("EVSE.GetStatus", 1))["error"] == "NoError"


async def flood(link: Any) -> None:
    request = json.dumps({"jsonrpc": "2.0", "id": "x" * 100_000, "method": "API.Hello"}).encode()
    while True:
        await link.send(Message(request))
