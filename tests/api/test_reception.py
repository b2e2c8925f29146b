"""Who may connect, how many at once, and for how long without coming to the point. S6, F41 and F42 as far as doors go."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import suppress

import pytest
from asked import Open

from ohmstead.api import reception
from ohmstead.testing import elapse, warped

HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


async def ended(reader: asyncio.StreamReader) -> None:
    """Returns when the other end has closed, whichever way."""
    with suppress(ConnectionResetError):
        await reader.read()


@warped
@pytest.mark.parametrize("said", [b"", b"GET /api/v1/hea", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "])
async def test_whoever_connects_and_does_not_come_to_the_point_is_let_go(opened: Open, said: bytes) -> None:
    async with opened() as asked:
        reader, writer = await asyncio.open_connection("127.0.0.1", asked.served.port)
        began_s = asyncio.get_running_loop().time()
        writer.write(said)
        await ended(reader)
        assert 9 < asyncio.get_running_loop().time() - began_s < 11
        writer.close()


@warped
async def test_a_letter_each_second_is_not_the_point(opened: Open) -> None:
    async with opened() as asked, asyncio.TaskGroup() as group:
        reader, writer = await asyncio.open_connection("127.0.0.1", asked.served.port)
        gone = group.create_task(ended(reader))
        sent = 0
        while not gone.done():
            writer.write(HEALTH[sent : sent + 1])
            sent += 1
            await elapse(1)
        writer.close()
    assert 9 <= sent <= 12


@warped
async def test_a_connection_that_has_asked_stays_for_the_next_question_and_not_for_ever(opened: Open) -> None:
    async with opened() as asked:
        reader, writer = await asyncio.open_connection("127.0.0.1", asked.served.port)
        for _ in range(3):
            writer.write(HEALTH)
            assert (await reader.readuntil(b'"findings":[]}')).startswith(b"HTTP/1.1 200")
            await elapse(20)
        began_s = asyncio.get_running_loop().time()
        await ended(reader)
        assert 30 < asyncio.get_running_loop().time() - began_s < 50
        writer.close()


@warped
async def test_a_full_house_says_so_and_keeps_those_who_are_in(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "MOST_CONNECTIONS", 2)
    async with opened() as asked, asked.session.ws_connect("/api/v1/live") as live:
        await live.receive_json()
        others = [await asyncio.open_connection("127.0.0.1", asked.served.port) for _ in range(3)]
        head, _, body = (await others[-1][0].read()).partition(b"\r\n\r\n")
        assert b"503 Service Unavailable" in head
        assert b"Retry-After: 30" in head
        assert json.loads(body)["status"] == 503
        assert (await live.receive_json())["type"] in ("change", "tick")
        for _, writer in others:
            writer.close()


@warped
async def test_who_asks_for_much_and_takes_nothing_is_let_go(opened: Open) -> None:
    ask = b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.socket() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.settimeout(60)
        async with opened() as asked:
            peer.connect(("127.0.0.1", asked.served.port))
            peer.sendall(ask * 200)
            await elapse(60)
            taken = 0
            with suppress(ConnectionResetError):
                while data := peer.recv(1 << 16):  # a connection that stands would time out here
                    taken += len(data)
    assert 0 < taken < 1024 * 1024
