"""The numbered faults of a connection and of its peer, for the client and for the server of this family."""

from __future__ import annotations

import asyncio
import base64
import gc
import hashlib
import json
import logging
from contextlib import AsyncExitStack
from random import Random
from typing import Any

import pytest

from ohmstead.families.everest.client import Greeting, connected
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.server.outbox import LIMIT
from ohmstead.kit.link import TaskScope, listen
from ohmstead.kit.link.link import Link
from ohmstead.kit.link.messages import Message, ServedMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.link.websocket_serving import serve_websocket
from ohmstead.model import BadAnswer, ConnectionLost, OhmsteadError, TimedOut
from ohmstead.testing import MessageNetwork, elapse, warped
from tests.families.everest.bench import HELLO, RawClient, calling, improved
from tests.families.everest.client.test_client import STATUS, scripted, served_by

HALF_A_FRAME = b"\x82\x7e\x01\x00" + b'{"id":'


@pytest.fixture
def fixture(vectors: dict[str, Any]) -> Any:
    return vectors["fixture"]


async def shaken(link: Link) -> None:
    """The server's part of an opening handshake, by hand."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += await link.receive()
    key = next(
        line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
    )
    digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()  # noqa: S324 - the protocol's own
    accept = base64.b64encode(digest).decode()
    answer = (
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {accept}",
    )
    await link.send("\r\n".join((*answer, "", "")).encode())


@pytest.mark.parametrize("ending", [Link.close, "abort"])
@warped
async def test_f5_half_an_answer_is_none_and_a_fresh_connection_is_asked(ending: Any) -> None:
    came = 0

    async def half(link: Any) -> None:
        nonlocal came
        came += 1
        await shaken(link)
        await link.receive()
        await link.send(HALF_A_FRAME)
        if ending == "abort":
            link.abort()
        else:
            await link.close()

    async with (
        listen(half) as broken,
        connected(websocket(f"ws://127.0.0.1:{broken.port}"), random=Random(1)) as client,
    ):
        await elapse(2.5)
        assert came == 2
        assert not client.is_ready
        assert client.trouble


@warped
async def test_f5_a_server_that_hangs_up_after_each_answer_costs_no_state() -> None:
    async def once(link: ServedMessages) -> None:
        request = json.loads((await link.receive()).data)
        while request["method"] == "API.Hello":
            await answer(link, request)
            request = json.loads((await link.receive()).data)
        await answer(link, request)
        await link.close()

    async def answer(link: ServedMessages, request: dict[str, Any]) -> None:
        frame = {"id": request["id"], "jsonrpc": "2.0", "result": await scripted(request, link)}
        await link.send(Message(json.dumps(frame).encode()))

    network = MessageNetwork()
    async with network.serve(once), connected(network.dial, random=Random(1)) as client:
        await elapse(60.0)
        assert client.mirror.evses[1].info is not None
        assert not client.is_ready


@warped
async def test_f6_a_black_hole_is_given_up_in_time_and_left_when_it_ends(fixture: Any) -> None:
    async def silent(link: Link) -> None:
        await asyncio.Event().wait()

    async with (
        listen(silent) as hole,
        connected(websocket(f"ws://127.0.0.1:{hole.port}"), random=Random(1)) as client,
    ):
        began_s = asyncio.get_running_loop().time()
        while not client.trouble.startswith("ws://"):
            await elapse(0.1)
        assert 4.9 < asyncio.get_running_loop().time() - began_s < 5.3
        assert "did not answer within 5 s" in client.trouble


@warped
async def test_f6_one_silent_call_does_not_hold_another_up() -> None:
    async def deaf(request: dict[str, Any], link: ServedMessages) -> object:
        return None if request.get("params") == {"evse_index": 2} else await scripted(request, link)

    network = MessageNetwork()
    async with network.serve(served_by(deaf)), connected(network.dial) as client, TaskScope() as scope:
        await client.ready()
        hanging = scope.start(expect(TimedOut, client.status(2)))
        assert (await client.status(1)).error is Error.NO_ERROR
        assert not hanging.done()
        await elapse(3.1)
        assert hanging.done()


async def expect(kind: type[OhmsteadError], call: Any) -> None:
    with pytest.raises(kind):
        await call


@pytest.mark.parametrize(
    ("url", "reason"),
    [("ws://127.0.0.1:1", "refused"), ("ws://nowhere.invalid:8080", "no address is known")],
)
@warped
async def test_f7_who_cannot_be_reached_is_tried_with_patience_and_said_once(
    url: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with connected(websocket(url), random=Random(1)) as client:
        await elapse(600.0)
        assert reason in client.trouble
        assert caplog.text.count("not connected") == 1
        with pytest.raises(ConnectionLost, match=reason):
            await client.status(1)


@warped
async def test_f8_a_late_answer_is_never_taken_for_another() -> None:
    asked = 0

    async def late(link: ServedMessages) -> None:
        async with TaskScope() as scope:
            while True:
                request = json.loads((await link.receive()).data)
                scope.start(answer(link, request))

    async def answer(link: ServedMessages, request: dict[str, Any]) -> None:
        nonlocal asked
        result = await scripted(request, link)
        if request["method"] == "EVSE.GetStatus":
            asked += 1
            number = asked
            result = {"status": STATUS | {"charging_duration_s": number}, "error": "NoError"}
            if number > 1:
                await elapse(4.5 if number == 2 else 2.0)  # 1.5 times the time-out
        frame = {"id": request["id"], "jsonrpc": "2.0", "result": result}
        await link.send(Message(json.dumps(frame).encode()))

    network = MessageNetwork()
    async with network.serve(late), connected(network.dial) as client:
        await client.ready()
        with pytest.raises(TimedOut):
            await client.status(1)
        assert (await client.status(1)).status.charging_duration_s == 3
        await elapse(5.0)
        status = client.mirror.evses[1].status
        assert status is not None
        assert status.charging_duration_s == 3


@pytest.mark.long
@warped
async def test_f11_a_link_that_flaps_for_an_hour_leaves_nothing_behind(fixture: Any) -> None:
    async with improved(fixture) as (_, network), connected(network.dial, random=Random(1)) as client:
        await client.ready()
        before = len(asyncio.all_tasks()), len(gc.get_objects())
        for _ in range(1800):
            await network.pause()
            network.drop()
            await elapse(1.0)
            await network.resume()
            await elapse(1.0)
        await elapse(31.0)
        gc.collect()

        assert client.is_ready
        assert len(asyncio.all_tasks()) == before[0]
        assert len(gc.get_objects()) < before[1] * 1.1


NONSENSE = {
    "too large": '{"id":ID,"result":{"status":STATUS,"error":"NoError"}}'.replace(
        "STATUS",
        json.dumps(STATUS | {"charged_energy_wh": 0}).replace(
            '"charged_energy_wh": 0', '"charged_energy_wh": 1e400'
        ),
    ),
    "text for a number": '{"id":ID,"result":{"status":{"charged_energy_wh":"many"},"error":"NoError"}}',
    "list for an object": '{"id":ID,"result":[]}',
    "nothing": '{"id":ID,"result":null}',
    "NaN": '{"id":ID,"result":NaN}',
    "a page": "<html><body>502 Bad Gateway</body></html>",
    "empty": "",
    "null": "null",
    "cut": '{"id":ID,"result":{"sta',
    "deep": '{"id":ID,"result":' + "[" * 100_000 + "]" * 100_000 + "}",
}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
@warped
async def test_f15_f16_nonsense_is_an_error_of_ours_and_changes_nothing_known(text: str) -> None:
    async def odd(request: dict[str, Any], link: ServedMessages) -> object:
        if request["method"] == "EVSE.GetStatus" and request["id"] > 6:
            await link.send(Message(text.replace("ID", str(request["id"])).encode()))
            return None
        return await scripted(request, link)

    network = MessageNetwork()
    async with network.serve(served_by(odd)), connected(network.dial) as client:
        await client.ready()
        known = client.mirror.evses[1].status
        for _ in range(3):
            with pytest.raises((BadAnswer, TimedOut)):
                await client.status(1)
        assert client.mirror.evses[1].status == known
        assert client.is_ready


@warped
async def test_f16_bytes_that_are_no_text_are_passed_over() -> None:
    async def garbled(request: dict[str, Any], link: ServedMessages) -> object:
        await link.send(Message(b"\xff\xfe{\x00"))
        return await scripted(request, link)

    network = MessageNetwork()
    async with network.serve(served_by(garbled)), connected(network.dial) as client:
        await client.ready()
        assert (await client.status(1)).error is Error.NO_ERROR


@warped
async def test_f17_a_message_beyond_all_measure_ends_the_connection_at_a_limit() -> None:
    async def huge(link: ServedMessages) -> None:
        await link.receive()
        await link.send(Message(b" " * (2 * 1024 * 1024)))
        await link.receive()

    async with (
        serve_websocket(huge) as listener,
        connected(websocket(f"ws://127.0.0.1:{listener.port}"), random=Random(1)) as client,
    ):
        await elapse(0.9)
        assert "the connection ended" in client.trouble


@warped
async def test_f17_a_length_that_lies_does_not_hang_the_client() -> None:
    async def lying(link: Link) -> None:
        await shaken(link)
        await link.receive()
        await link.send(b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff" + b"x" * 100)
        await asyncio.Event().wait()

    async with (
        listen(lying) as broken,
        connected(websocket(f"ws://127.0.0.1:{broken.port}"), random=Random(1)) as client,
    ):
        await elapse(5.0)
        assert not client.is_ready
        assert client.trouble


@warped
async def test_f18_what_is_new_is_kept_shown_and_no_reason_to_fail() -> None:
    async def newer(request: dict[str, Any], link: ServedMessages) -> object:
        result = await scripted(request, link)
        assert isinstance(result, dict)
        if request["method"] == "EVSE.GetStatus":
            result = {"status": STATUS | {"state": "Levitating", "altitude": 3}, "error": "NoError"}
        return result | {"signed": True}

    network = MessageNetwork()
    async with network.serve(served_by(newer)), connected(network.dial, Greeting()) as client:
        await client.ready()
        status = client.mirror.evses[1].status
        assert status is not None
        assert status.state == "Levitating"
        assert "EVSEGetStatusResObj.status.altitude" in client.additions


@pytest.mark.long
@warped
async def test_f42_a_thousand_clients_are_all_told(fixture: Any) -> None:
    async with improved(fixture) as (point, network), TaskScope() as scope:
        readers = [await dialled(network, scope) for _ in range(1000)]
        await elapse(0.1)
        for duration_s in range(1, 21):
            point.evses[1].change(charging_duration_s=duration_s)
            await elapse(1.0)

        assert {len(reader.frames) for reader in readers} == {21}


@warped
async def test_f42_clients_that_never_read_cost_little_and_delay_nobody(fixture: Any) -> None:
    async with AsyncExitStack() as stack, improved(fixture) as (point, network), calling(network) as plain:
        for _ in range(20):
            stuck = await stack.enter_async_context(network.dial())
            await stuck.send(Message(HELLO.encode()))
        await elapse(0.1)
        for duration_s in range(1, 3 * LIMIT + 1):
            point.evses[1].change(charging_duration_s=duration_s)
            if duration_s % 100 == 0:
                answer = await plain.result("EVSE.GetStatus", 1, within_s=0.001)
                assert answer["status"]["charging_duration_s"] == duration_s


async def dialled(network: MessageNetwork, scope: TaskScope) -> RawClient:
    ready: asyncio.Future[RawClient] = asyncio.get_running_loop().create_future()

    async def live() -> None:
        async with network.dial() as link:
            client = RawClient(link)
            ready.set_result(client)
            await link.send(Message(HELLO.encode()))
            await client.listen()

    scope.start(live())
    return await ready
