"""Links of whole messages: the same promises over WebSocket and in memory, and what only a WebSocket has."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import pytest

from ohmstead.kit.link import TaskScope, listen
from ohmstead.kit.link.http import http
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.link.link import Link
from ohmstead.kit.link.messages import Message, MessageLink, ServedMessages, ServeMessages
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.link.websocket_serving import serve_websocket
from ohmstead.model import AuthFailed, BadAnswer, ConfigError, ConnectionLost, Refused, TimedOut, Unreachable
from ohmstead.testing import MessageNetwork, elapse, warped

Connected = Callable[[ServeMessages], AbstractAsyncContextManager[MessageLink]]


@asynccontextmanager
async def over_websocket(serve: ServeMessages) -> AsyncIterator[MessageLink]:
    async with serve_websocket(serve) as listener, websocket(f"ws://127.0.0.1:{listener.port}")() as link:
        yield link


@asynccontextmanager
async def in_memory(serve: ServeMessages) -> AsyncIterator[MessageLink]:
    network = MessageNetwork()
    async with network.serve(serve), network.dial() as link:
        yield link


everywhere = pytest.mark.parametrize("connected", [over_websocket, in_memory])


async def echo(link: ServedMessages) -> None:
    while True:
        await link.send(await link.receive())


async def wait(link: ServedMessages) -> None:
    await asyncio.Event().wait()


@everywhere
@warped
async def test_messages_arrive_whole_and_as_they_were_sent(connected: Connected) -> None:
    messages = [Message(b"{}"), Message("grün".encode(), is_text=True), Message(b""), Message(b"x" * 100_000)]
    async with connected(echo) as link:
        for message in messages:
            await link.send(message)

        assert [await link.receive() for _ in messages] == messages


@everywhere
@warped
async def test_what_was_sent_before_the_end_can_still_be_read(connected: Connected) -> None:
    async def speak_and_end(link: ServedMessages) -> None:
        await link.send(Message(b"last"))
        await link.close(1002, "Disconnected due to timeout")

    async with connected(speak_and_end) as link:
        assert await link.receive() == Message(b"last")
        with pytest.raises(ConnectionLost, match="1002"):
            await link.receive()
        assert link.close_code == 1002


@everywhere
@warped
async def test_a_link_that_is_broken_off_ends_without_a_word(connected: Connected) -> None:
    async def vanish(link: ServedMessages) -> None:
        link.abort()

    async with connected(vanish) as link:
        with pytest.raises(ConnectionLost):
            await link.receive()
        assert link.close_code == 1006


@everywhere
@warped
async def test_nothing_can_be_sent_over_a_closed_link(connected: Connected) -> None:
    async with connected(echo) as link:
        await link.close()
        await link.close()
        with pytest.raises(ConnectionLost):
            await link.send(Message(b"x"))


@everywhere
@warped
async def test_a_cancelled_receive_loses_nothing(connected: Connected) -> None:
    async with connected(echo) as link:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.0):
                await link.receive()
        await link.send(Message(b"x"))

        assert await link.receive() == Message(b"x")


@everywhere
@warped
async def test_the_server_hears_that_the_client_has_gone(connected: Connected) -> None:
    ended = asyncio.Event()

    async def listen_to_the_end(link: ServedMessages) -> None:
        try:
            await link.receive()
        except ConnectionLost:
            ended.set()

    async with connected(listen_to_the_end) as link:
        await link.close()
        await ended.wait()


@everywhere
@warped
async def test_a_sender_waits_for_a_peer_that_does_not_read(connected: Connected) -> None:
    sent = 0

    async def flood(link: MessageLink) -> None:
        nonlocal sent
        while True:
            await link.send(Message(b"x" * 60_000))
            sent += 1

    async with connected(wait) as link, TaskScope() as scope:
        scope.start(flood(link))
        await elapse(5.0)

        assert 0 < sent < 1000


@warped
async def test_a_failing_server_does_not_take_the_others_with_it(caplog: pytest.LogCaptureFixture) -> None:
    async def fail_or_echo(link: ServedMessages) -> None:
        if (await link.receive()).data == b"fail":
            raise ValueError("a fault")
        await echo(link)

    async with serve_websocket(fail_or_echo) as listener:
        dial = websocket(f"ws://127.0.0.1:{listener.port}")
        async with dial() as well, dial() as ill:
            await well.send(Message(b"hello"))
            await ill.send(Message(b"fail"))
            with pytest.raises(ConnectionLost):
                await ill.receive()
            await well.send(Message(b"x"))

            assert await well.receive() == Message(b"x")
            assert listener.links == 1
    assert "serving 127.0.0.1 failed" in caplog.text


@warped
async def test_leaving_the_block_ends_every_connection() -> None:
    async with (
        serve_websocket(wait) as listener,
        websocket(f"ws://127.0.0.1:{listener.port}")() as link,
    ):
        await listener.pause()
        listener.drop()
        with pytest.raises(ConnectionLost):
            await link.receive()


@warped
async def test_a_message_that_is_too_long_ends_the_connection() -> None:
    async with (
        serve_websocket(echo, limit_bytes=1000) as listener,
        websocket(f"ws://127.0.0.1:{listener.port}")() as link,
    ):
        await link.send(Message(b"x" * 1001))
        with pytest.raises(ConnectionLost):
            await link.receive()
        assert link.close_code == 1009


@warped
async def test_the_first_protocol_that_both_speak_is_spoken_and_a_foreign_one_is_cut_off() -> None:
    async with serve_websocket(echo, protocols=["EVerestRpcApi"]) as listener:
        url = f"ws://127.0.0.1:{listener.port}/any/path?and=query"
        async with websocket(url, protocols=["other", "EVerestRpcApi"])() as link:
            await link.send(Message(b"x"))
            assert await link.receive() == Message(b"x")
        with pytest.raises(ConnectionLost):
            async with websocket(url, protocols=["other"])():
                pass


@warped
async def test_a_peer_that_does_not_answer_pings_is_gone() -> None:
    async def upgrade_and_fall_silent(link: Link) -> None:
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += await link.receive()
        await link.send(upgraded(asked))
        await asyncio.Event().wait()

    async with (
        listen(upgrade_and_fall_silent) as listener,
        websocket(f"ws://127.0.0.1:{listener.port}", ping_s=20.0)() as link,
    ):
        with pytest.raises(ConnectionLost):
            await link.receive()


def upgraded(asked: bytes) -> bytes:
    key = next(
        line.split(b": ")[1] for line in asked.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")
    )
    digest = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())  # noqa: S324 - RFC 6455
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + digest + b"\r\n\r\n"
    )


@warped
async def test_every_way_of_not_getting_through_is_one_of_our_errors() -> None:
    async def refuse(request: HttpRequest) -> HttpReply:
        return HttpReply(status=int(request.path.strip("/")))

    async def rubbish(link: Link) -> None:
        await link.send(b"\x00\x01rubbish\r\n\r\n")

    async def silence(link: Link) -> None:
        await asyncio.Event().wait()

    async with serve_http(refuse) as refusing, listen(rubbish) as babbling, listen(silence) as silent:
        expected = {
            f"ws://127.0.0.1:{refusing.port}/404": Refused,
            f"ws://127.0.0.1:{refusing.port}/403": AuthFailed,
            f"ws://127.0.0.1:{babbling.port}": BadAnswer,
            f"ws://127.0.0.1:{silent.port}": TimedOut,
            "ws://127.0.0.1:1": Unreachable,
            "::": ConfigError,
        }
        for url, kind in expected.items():
            with pytest.raises(kind):
                async with websocket(url)():
                    pass


@warped
async def test_who_asks_a_websocket_port_for_a_page_is_told() -> None:
    async with serve_websocket(echo) as listener, http(f"http://127.0.0.1:{listener.port}") as session:
        assert (await session.get("/")).status == 426


@warped
async def test_a_taken_port_is_a_configuration_error() -> None:
    async with serve_websocket(echo) as listener:
        with pytest.raises(ConfigError):
            async with serve_websocket(echo, port=listener.port):
                pass


@warped
async def test_the_tap_hears_both_directions_at_each_end() -> None:
    ours: list[tuple[str, bytes]] = []
    theirs: list[tuple[str, bytes]] = []
    async with serve_websocket(echo, tap=lambda *heard: theirs.append(heard)) as listener:
        url = f"ws://127.0.0.1:{listener.port}"
        async with websocket(url, tap=lambda *heard: ours.append(heard))() as link:
            await link.send(Message(b"x"))
            await link.receive()

    assert (ours, theirs) == ([(">", b"x"), ("<", b"x")], [(">", b"x"), ("<", b"x")])


@everywhere
@warped
async def test_what_is_sent_without_waiting_arrives_as_it_was_sent(connected: Connected) -> None:
    messages = [
        Message(b"x" * size, is_text=is_text)
        for size in (0, 1, 125, 126, 65_535, 65_536)
        for is_text in (False, True)
    ]

    async def speak(link: ServedMessages) -> None:
        for message in messages:
            while not link.send_now(message):
                await elapse(0.01)
        await asyncio.Event().wait()

    async with connected(speak) as link:
        assert [await link.receive() for _ in messages] == messages


@everywhere
@warped
async def test_nothing_is_sent_without_waiting_to_who_is_behind_or_gone(connected: Connected) -> None:
    told = 0
    is_over = asyncio.Event()

    async def speak(link: ServedMessages) -> None:
        nonlocal told
        while link.send_now(Message(b"x" * 65_536)):
            told += 1
            await elapse(0.0)
        link.abort()
        assert not link.send_now(Message(b"x"))
        is_over.set()

    async with connected(speak):
        await is_over.wait()

    assert 0 < told < 1000


@warped
async def test_a_server_sees_who_comes_and_what_it_says_of_itself() -> None:
    seen: list[tuple[str, str]] = []

    async def look(link: ServedMessages) -> None:
        seen.append((link.peer, link.headers["authorization"]))

    headers = {"Authorization": "Bearer x"}
    async with (
        serve_websocket(look) as listener,
        websocket(f"ws://127.0.0.1:{listener.port}", headers=headers)() as link,
    ):
        with pytest.raises(ConnectionLost):
            await link.receive()
    network = MessageNetwork()
    async with network.serve(look), network.dialling("192.0.2.7", {"authorization": "Bearer y"})():
        await elapse(0.1)

    assert seen == [("127.0.0.1", "Bearer x"), ("192.0.2.7", "Bearer y")]


@warped
async def test_a_listener_that_ends_lets_those_it_serves_say_a_last_word() -> None:
    async def farewell(link: ServedMessages) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await link.close(1012, "restart")
            raise

    async with AsyncExitStack() as stack, TaskScope() as scope:
        async with serve_websocket(farewell) as listener:
            link = await stack.enter_async_context(websocket(f"ws://127.0.0.1:{listener.port}")())
            scope.start(ended(link))
            await elapse(0.1)
        await elapse(0.1)

        assert link.close_code == 1012


async def ended(link: MessageLink) -> None:
    with pytest.raises(ConnectionLost, match="1012"):
        await link.receive()
