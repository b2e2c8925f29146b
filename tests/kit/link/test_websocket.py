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
from ohmstead.kit.link.tcp import tcp
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
    assert "serving 127.0.0.1:" in caplog.text


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
    async with (
        listen(upgrade_and_fall_silent) as listener,
        websocket(f"ws://127.0.0.1:{listener.port}", ping_s=20.0)() as link,
    ):
        with pytest.raises(ConnectionLost):
            await link.receive()


async def upgrade_and_fall_silent(link: Link) -> None:
    await link.send(upgraded(await head(link)))
    await asyncio.Event().wait()


async def head(link: Link) -> bytes:
    came = b""
    while b"\r\n\r\n" not in came:
        came += await link.receive()
    return came


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
        with pytest.raises(Refused, match=r"status 404; check host and port\.$"):
            async with websocket(f"ws://127.0.0.1:{refusing.port}/404")():
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


class Heard:
    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.endings: list[str] = []

    def hear(self, message: Message) -> None:
        self.messages.append(message)

    def lost(self, error: ConnectionLost) -> None:
        self.endings.append(str(error))


@everywhere
@warped
async def test_a_hearer_is_given_what_waits_then_what_comes_and_once_the_end(connected: Connected) -> None:
    async def speak(link: ServedMessages) -> None:
        await link.send(Message(b"first"))
        await link.send(await link.receive())
        await link.close(1002)

    heard = Heard()
    async with connected(speak) as link:
        await elapse(1.0)
        link.attach(heard)
        assert heard.messages == [Message(b"first")]
        assert link.send_now(Message(b"second", is_text=True))
        await elapse(1.0)

        assert heard.messages == [Message(b"first"), Message(b"second", is_text=True)]
        assert len(heard.endings) == 1
        assert "1002" in heard.endings[0]
    assert len(heard.endings) == 1


@everywhere
@warped
async def test_a_hearer_that_comes_too_late_is_told_so(connected: Connected) -> None:
    async def speak_and_end(link: ServedMessages) -> None:
        await link.send(Message(b"last"))

    heard = Heard()
    async with connected(speak_and_end) as link:
        await elapse(2.0)
        link.attach(heard)

    assert (heard.messages, len(heard.endings)) == ([Message(b"last")], 1)


@warped
async def test_both_ends_ask_each_other_for_signs_of_life_and_stay() -> None:
    async with (
        serve_websocket(echo, ping_s=20.0) as listener,
        websocket(f"ws://127.0.0.1:{listener.port}", ping_s=7.0)() as link,
    ):
        await elapse(3600.0)
        await link.send(Message(b"x"))

        assert await link.receive() == Message(b"x")


OPENING = (
    b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


async def opened(link: Link) -> None:
    await link.send(OPENING)
    assert (await head(link)).startswith(b"HTTP/1.1 101 ")


@warped
async def test_a_client_that_falls_silent_is_asked_for_a_sign_of_life_and_left() -> None:
    async with serve_websocket(echo, ping_s=20.0) as listener, tcp("127.0.0.1", listener.port)() as link:
        await opened(link)
        began_s = asyncio.get_running_loop().time()
        assert await link.receive() == bytes.fromhex("8900")
        with pytest.raises(ConnectionLost):
            await link.receive()

        assert 29.9 < asyncio.get_running_loop().time() - began_s < 30.2


@warped
async def test_a_ping_is_answered_and_a_closing_too() -> None:
    async with serve_websocket(echo) as listener, tcp("127.0.0.1", listener.port)() as link:
        await opened(link)
        await link.send(bytes.fromhex("8985" + "00000000" + "48656c6c6f"))
        assert await link.receive() == bytes.fromhex("8a0548656c6c6f")
        await link.send(bytes.fromhex("8882" + "00000000" + "03e8"))
        assert await link.receive() == bytes.fromhex("880203e8")
        with pytest.raises(ConnectionLost):
            await link.receive()


@pytest.mark.parametrize(
    ("sent", "code"), [("810161", 1002), ("c18000000000", 1002), ("8181000000ffff", 1007)]
)
@warped
async def test_who_breaks_the_rules_is_told_so_and_left(sent: str, code: int) -> None:
    async with serve_websocket(echo) as listener, tcp("127.0.0.1", listener.port)() as link:
        await opened(link)
        await link.send(bytes.fromhex(sent))

        farewell = await link.receive()
        assert (farewell[0], int.from_bytes(farewell[2:4], "big")) == (0x88, code)
        with pytest.raises(ConnectionLost):
            await link.receive()
        await elapse(0.1)
        assert listener.links == 0


@warped
async def test_a_client_that_never_asks_for_anything_is_cut_off() -> None:
    async with serve_websocket(echo) as listener, tcp("127.0.0.1", listener.port)() as link:
        await link.send(OPENING[:-2])
        began_s = asyncio.get_running_loop().time()
        with pytest.raises(ConnectionLost):
            await link.receive()

        assert 9.9 < asyncio.get_running_loop().time() - began_s < 10.1


@warped
async def test_beyond_the_most_connections_nobody_comes_in_until_one_has_gone() -> None:
    async with serve_websocket(echo, most=2) as listener:
        dial = websocket(f"ws://127.0.0.1:{listener.port}")
        async with dial() as first:
            async with dial():
                with pytest.raises(ConnectionLost):
                    async with dial():
                        pass
            await elapse(0.1)
            async with dial() as second:
                for link in (first, second):
                    await link.send(Message(b"x"))
                    assert await link.receive() == Message(b"x")


@warped
async def test_a_closing_that_is_not_answered_takes_a_second() -> None:
    async with listen(upgrade_and_fall_silent) as listener:
        async with websocket(f"ws://127.0.0.1:{listener.port}")() as link:
            began_s = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - began_s < 1.2
        assert link.close_code == 1006


@warped
async def test_what_came_together_with_the_opening_is_read() -> None:
    async def speak_at_once(link: Link) -> None:
        await link.send(upgraded(await head(link)) + bytes.fromhex("810548656c6c6f"))
        await asyncio.Event().wait()

    async with (
        listen(speak_at_once) as listener,
        websocket(f"ws://127.0.0.1:{listener.port}")() as link,
    ):
        assert await link.receive() == Message(b"Hello", is_text=True)
