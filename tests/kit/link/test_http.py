from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from ohmstead.kit.link import Listener, listen
from ohmstead.kit.link.http import http
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.link.link import Link
from ohmstead.model import BadAnswer, Busy, ConfigError, ConnectionLost, TimedOut, Unreachable
from ohmstead.testing import elapse, warped


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
async def test_an_answer_broken_off_is_a_lost_connection_and_no_host_in_other_use() -> None:
    async def hang_up(request: HttpRequest) -> None:
        return None

    async with serve_http(hang_up) as server, http(f"http://127.0.0.1:{server.port}") as session:
        with pytest.raises(ConnectionLost) as caught:
            await session.get("/")
        assert not isinstance(caught.value, Busy)


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


@pytest.mark.parametrize(
    "wrong",
    ["http://:99999999", "http://", "ftp://192.0.2.7", "192.0.2.7", "http://a:b@192.0.2.7", "http://h/base"],
)
@warped
async def test_what_is_no_address_is_a_wrong_setting(wrong: str) -> None:
    with pytest.raises(ConfigError, match="no address"):
        async with http(wrong):
            raise AssertionError("not reached")


@warped
async def test_a_kept_connection_is_closed_after_its_time() -> None:
    async with (
        serve_http(echo) as server,
        http(f"http://127.0.0.1:{server.port}", keep_alive_s=15.0) as session,
    ):
        await session.get("/")
        await elapse(14.0)
        kept = server.links
        await elapse(2.0)

        assert (kept, server.links) == (1, 0)


@warped
async def test_a_connection_in_use_when_the_session_ends_is_not_kept() -> None:
    async def slow(_: HttpRequest) -> HttpReply:
        await asyncio.sleep(5.0)
        return HttpReply(body=b"late")

    async with serve_http(slow) as server:
        async with http(f"http://127.0.0.1:{server.port}", keep_alive_s=15.0) as session:
            asked = asyncio.ensure_future(session.get("/"))
            await elapse(1.0)
        answer = await asked
        await elapse(0.1)

        assert (answer.body, server.links) == (b"late", 0)


@warped
async def test_a_connection_that_the_host_has_ended_meanwhile_is_replaced() -> None:
    async with serve_http(echo) as server, http(f"http://127.0.0.1:{server.port}") as session:
        await session.get("/")
        server.drop()
        await elapse(1.0)

        assert (await session.post("/", b"again")).body == b"POST / again"


@asynccontextmanager
async def ends_at_the_second_request() -> AsyncIterator[tuple[Listener, list[bytes]]]:
    """The first connection ends when it is used again; others serve on."""
    asked: list[bytes] = []

    async def serve(link: Link) -> None:
        is_first = not asked
        while True:
            asked.append((await link.receive()).split(b" ")[0])
            if is_first and len(asked) > 1:
                return
            await link.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    async with listen(serve) as server:
        yield server, asked


@warped
async def test_a_kept_connection_that_ends_under_a_question_is_asked_anew() -> None:
    async with (
        ends_at_the_second_request() as (server, asked),
        http(f"http://127.0.0.1:{server.port}") as session,
    ):
        await session.get("/")

        assert (await session.get("/")).body == b"ok"
        assert asked == [b"GET", b"GET", b"GET"]


@warped
async def test_what_changes_something_is_never_sent_twice() -> None:
    async with (
        ends_at_the_second_request() as (server, asked),
        http(f"http://127.0.0.1:{server.port}") as session,
    ):
        await session.get("/")
        with pytest.raises(ConnectionLost):
            await session.post("/", b"change")

        assert asked == [b"GET", b"POST"]


@warped
async def test_as_many_connections_as_allowed_serve_at_once() -> None:
    most = 0

    async def slow(request: HttpRequest) -> HttpReply:
        nonlocal most
        most = max(most, server.links)
        await elapse(1.0)
        return HttpReply(body=request.path.encode())

    async with (
        serve_http(slow) as server,
        http(f"http://127.0.0.1:{server.port}", connections=2) as session,
    ):
        start_s = asyncio.get_running_loop().time()
        answers = await asyncio.gather(*(session.get(f"/{number}") for number in range(4)))

        assert [answer.body for answer in answers] == [b"/0", b"/1", b"/2", b"/3"]
        assert most == 2
        assert asyncio.get_running_loop().time() - start_s == pytest.approx(2.0, abs=0.1)


@warped
async def test_an_answer_may_end_with_its_connection() -> None:
    async def until_the_end(link: Link) -> None:
        await link.receive()
        await link.send(b"HTTP/1.0 200 OK\r\n\r\nall there is")

    async with listen(until_the_end) as server, http(f"http://127.0.0.1:{server.port}") as session:
        assert (await session.get("/")).body == b"all there is"


@warped
async def test_a_request_given_up_leaves_nothing_for_the_next_one() -> None:
    async def late_once(request: HttpRequest) -> HttpReply:
        await elapse(10.0 if request.path == "/late" else 0.0)
        return HttpReply(body=request.path.encode())

    async with (
        serve_http(late_once) as server,
        http(f"http://127.0.0.1:{server.port}", total_s=5.0) as session,
    ):
        with pytest.raises(TimedOut):
            await session.get("/late")

        assert (await session.get("/next")).body == b"/next"


@warped
async def test_an_answer_nobody_asked_for_is_no_answer_to_the_next_question() -> None:
    async def eager(link: Link) -> None:
        for body in (b"1", b"2"):
            await link.receive()
            await link.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + body)
            await elapse(1.0)
            await link.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")

    async with listen(eager) as server, http(f"http://127.0.0.1:{server.port}") as session:
        await session.get("/")
        await elapse(2.0)

        assert (await session.get("/")).body == b"1"
