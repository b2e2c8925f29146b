from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from ohmstead.kit.link import listen
from ohmstead.kit.link.http import http
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.link.link import Link
from ohmstead.model import BadAnswer, ConfigError, ConnectionLost, TimedOut, Unreachable
from ohmstead.testing import warped


async def echo(request: HttpRequest) -> HttpReply:
    return HttpReply(body=f"{request.method} {request.path} ".encode() + request.body)


def reply(**fields: object) -> Callable[[HttpRequest], Awaitable[HttpReply]]:
    async def answer(request: HttpRequest) -> HttpReply:
        return HttpReply(**fields)  # type: ignore[arg-type]  # as the test wrote them

    return answer


@warped
async def test_a_request_gets_its_answer() -> None:
    async with serve_http(echo) as server, http(f"http://127.0.0.1:{server.port}") as session:
        assert (await session.get("/api/1/vitals")).body == b"GET /api/1/vitals "
        assert (await session.post("/tedapi/v1", b"\x0a\x00")).body == b"POST /tedapi/v1 \x0a\x00"


@warped
async def test_one_connection_serves_many_requests() -> None:
    seen: list[str] = []

    async def answer(request: HttpRequest) -> HttpReply:
        seen.append(request.peer)
        return HttpReply()

    async with serve_http(answer) as server:
        async with http(f"http://127.0.0.1:{server.port}") as session:
            for _ in range(3):
                await session.get("/")
        async with http(f"http://127.0.0.1:{server.port}", keep_alive_s=None) as session:
            await session.get("/")

    assert len(seen) == 4
    assert len(set(seen[:3])) == 1
    assert seen[3] != seen[0]


@warped
async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    away = reply(status=302, headers={"Location": "http://192.0.2.1/"})
    async with serve_http(away) as server, http(f"http://127.0.0.1:{server.port}") as session:
        answer = await session.get("/")

    assert (answer.status, answer.headers["location"]) == (302, "http://192.0.2.1/")


@warped
async def test_a_body_above_the_limit_is_not_taken() -> None:
    async with (
        serve_http(reply(body=bytes(2001))) as server,
        http(f"http://127.0.0.1:{server.port}", limit_bytes=2000) as session,
    ):
        with pytest.raises(BadAnswer, match="longer than 2,000 bytes"):
            await session.get("/")


@warped
async def test_silence_ends_in_a_timeout() -> None:
    async def silent(request: HttpRequest) -> HttpReply:
        await asyncio.Event().wait()
        raise AssertionError("nobody wakes it")

    async with (
        serve_http(silent) as server,
        http(f"http://127.0.0.1:{server.port}", total_s=15.0) as session,
    ):
        start_s = asyncio.get_running_loop().time()
        with pytest.raises(TimedOut, match="did not answer within 15 s"):
            await session.get("/")

        assert asyncio.get_running_loop().time() - start_s == pytest.approx(15.0, abs=0.5)


@warped
async def test_a_refused_connection_says_so_and_a_server_can_come_back() -> None:
    async with serve_http(echo) as server, http(f"http://127.0.0.1:{server.port}") as session:
        await server.pause()
        with pytest.raises(Unreachable, match="refused"):
            await session.get("/")
        await server.resume()
        assert (await session.get("/")).status == 200


@warped
async def test_an_answer_broken_off_is_a_lost_connection() -> None:
    async def hang_up(request: HttpRequest) -> None:
        return None

    async with serve_http(hang_up) as server, http(f"http://127.0.0.1:{server.port}") as session:
        with pytest.raises(ConnectionLost):
            await session.get("/")


@warped
async def test_half_an_answer_is_a_lost_connection_at_once() -> None:
    half = reply(body=b"half", headers={"content-length": "8"}, is_last=True)
    async with serve_http(half) as server, http(f"http://127.0.0.1:{server.port}") as session:
        with pytest.raises(ConnectionLost):
            await session.get("/")


@warped
async def test_what_is_no_http_is_a_bad_answer() -> None:
    async def gibberish(link: Link) -> None:
        await link.receive()
        await link.send(b"\x00\x01\x02 hello\r\n\r\n")

    async with listen(gibberish) as server, http(f"http://127.0.0.1:{server.port}") as session:
        with pytest.raises(BadAnswer, match="did not answer with HTTP"):
            await session.get("/")


@warped
async def test_a_chunked_reply_is_one_chunk_on_the_wire() -> None:
    written: list[tuple[str, bytes]] = []
    chunked = reply(body=bytes(60), is_chunked=True)
    async with serve_http(chunked) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        raw = await reader.read()
        writer.close()
        async with http(f"http://127.0.0.1:{server.port}", tap=lambda *seen: written.append(seen)) as session:
            await session.get("/")

    assert raw.partition(b"\r\n\r\n")[2] == b"3c\r\n" + bytes(60) + b"\r\n0\r\n\r\n"
    assert written[0] == (">", b"GET / HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
    assert written[1] == (
        "<",
        b"HTTP/1.1 200\r\ncontent-type: application/octet-stream\r\ncontent-length: 60\r\n\r\n" + bytes(60),
    )


@warped
async def test_what_is_no_address_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigError, match="no address"):
        async with http("http://:99999999"):
            raise AssertionError("not reached")
