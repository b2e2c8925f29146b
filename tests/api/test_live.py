from __future__ import annotations

import asyncio
import json
import socket

import aiohttp
import pytest
from asked import Open
from scripted_family import ScriptedHome

from ohmstead.api import hub
from ohmstead.model import Detail
from ohmstead.testing import warped

UPGRADE = (
    "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@warped
async def test_the_whole_state_comes_first_and_then_only_what_changed(
    opened: Open, roof: ScriptedHome
) -> None:
    async with opened(sources=("roof", "annex")) as asked:
        async with asked.session.ws_connect("/api/v1/live") as live:
            first = await live.receive_json()
            roof.south_w = 700.0
            second = await live.receive_json()
            while not second["devices"][0]["id"].startswith("roof/"):
                second = await live.receive_json()
        _, state = await asked.get("/state")
    assert first["type"] == "state"
    assert {name: first[name] for name in ("speed", "site")} == {
        name: state[name] for name in ("speed", "site")
    }
    assert len(first["devices"]) == 4
    assert first["flows"]["solar_w"] == 812.0
    assert second["type"] == "change"
    assert second["flows"]["solar_w"] == 900.0
    assert [device["id"] for device in second["devices"]] == [
        "roof/1164a00212345",
        "roof/4143a01054321",
        "roof/10d2e00300001",
    ]
    assert second["devices"][0]["readings"][0]["power_w"] == 700.0


@warped
async def test_a_tick_says_that_the_line_is_alive_when_nothing_changes(
    opened: Open, roof: ScriptedHome
) -> None:
    roof.interval_s = 3600.0
    async with opened() as asked, asked.session.ws_connect("/api/v1/live") as live:
        await live.receive_json()
        began_s = asyncio.get_running_loop().time()
        message = await live.receive_json()
        assert message == {"type": "tick", "at": message["at"]}
        assert 9 < asyncio.get_running_loop().time() - began_s < 11


@warped
async def test_clients_that_do_not_answer_a_ping_are_let_go(opened: Open) -> None:
    async with opened() as asked, asked.session.ws_connect("/api/v1/live", autoping=False) as live:
        kinds = set()
        async with asyncio.timeout(60):
            while (message := await live.receive()).type not in (
                aiohttp.WSMsgType.CLOSED,
                aiohttp.WSMsgType.CLOSE,
                aiohttp.WSMsgType.CLOSING,
            ):
                kinds.add(message.type)
    assert aiohttp.WSMsgType.PING in kinds


@warped
async def test_a_client_that_says_something_is_heard_out_and_not_answered(opened: Open) -> None:
    async with opened() as asked, asked.session.ws_connect("/api/v1/live") as live:
        await live.receive_json()
        await live.send_str("hello")
        assert (await live.receive_json())["type"] in ("change", "tick")


@warped
async def test_a_client_that_says_too_much_is_let_go(opened: Open) -> None:
    async with opened() as asked, asked.session.ws_connect("/api/v1/live") as live:
        await live.receive_json()
        await live.send_str("x" * 5000)
        async with asyncio.timeout(5):
            while (message := await live.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        assert message.data == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


@warped
async def test_when_the_gateway_ends_its_clients_are_told(opened: Open) -> None:
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        async with opened() as asked:
            live = await session.ws_connect(f"{asked.served.url}/api/v1/live")
            await live.receive_json()
            last = group.create_task(_last(live))
        assert await last == aiohttp.WSCloseCode.GOING_AWAY


async def _last(live: aiohttp.ClientWebSocketResponse) -> int | None:
    async for _ in live:
        pass
    return live.close_code


@warped
async def test_a_client_that_reads_nothing_is_dropped_after_bounded_bytes_and_delays_nobody(
    opened: Open, roof: ScriptedHome
) -> None:
    roof.interval_s = 1.0
    roof.extra_details = tuple(
        Detail(key=f"text_{number}", label="Text", value=f"{number}" * 200) for number in range(500)
    )
    async with opened() as asked:
        slow = socket.create_connection(("127.0.0.1", asked.served.port))
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        slow.sendall(UPGRADE.encode())
        async with asked.session.ws_connect("/api/v1/live", max_msg_size=0) as quick:
            async with asyncio.timeout(60):
                sizes = [len(await quick.receive_str()) for _ in range(40)]
        received = _drained(slow)
    assert all(size > 200_000 for size in sizes)
    assert received < 2_000_000
    # Forty messages were published; a client that had been served them all would have got forty times as much.
    assert received < sum(sizes) / 3


def _drained(peer: socket.socket) -> int:
    """What the kernel still has for this peer. Fails unless the connection was cut off behind it."""
    total = 0
    peer.settimeout(60)
    with peer:
        try:
            while data := peer.recv(1 << 16):
                total += len(data)
        except ConnectionResetError:
            return total
    return total


@warped
async def test_more_than_the_most_clients_are_asked_to_come_back(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "MOST_CLIENTS", 1)
    async with opened() as asked, asked.session.ws_connect("/api/v1/live") as first:
        await first.receive_json()
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await asked.session.ws_connect("/api/v1/live")
        assert refused.value.status == 503
        assert refused.value.headers is not None
        assert refused.value.headers["Retry-After"] == "30"


@warped
async def test_a_device_name_with_markup_arrives_as_the_text_it_is(opened: Open, roof: ScriptedHome) -> None:
    roof.name = "<script>alert(1)</script>"
    async with opened() as asked, asked.session.ws_connect("/api/v1/live") as live:
        first = json.loads(await live.receive_str())
    assert first["devices"][0]["name"] == "<script>alert(1)</script>"
