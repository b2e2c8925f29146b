"""Standing as a device: every connection a child that fails alone and ends with the block."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket

import pytest
from aiohttp import web

from ohmstead.kit.link import Link, listen, tcp
from ohmstead.kit.link.http_port import HttpPort
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.model import ConfigError, ConnectionLost, Unreachable
from ohmstead.testing import elapse, warped


async def echo(link: Link) -> None:
    while True:
        await link.send(await link.receive())


@warped
async def test_leaving_the_block_ends_every_connection() -> None:
    ended: list[str] = []

    async def serve(link: Link) -> None:
        try:
            await echo(link)
        finally:
            ended.append(link.peer)

    async with listen(serve) as listener:
        dial = tcp("127.0.0.1", listener.port)
        async with dial() as first, dial() as second:
            for link in (first, second):
                await link.send(b"x")
                await link.receive()
            assert listener.links == 2
            await listener.pause()  # so that the block below is left with links standing
            async with asyncio.TaskGroup() as group:
                group.create_task(lost(first))
                group.create_task(lost(second))
                listener.drop()
        await elapse(1)

    assert len(ended) == 2
    assert listener.links == 0


async def lost(link: Link) -> None:
    with pytest.raises(ConnectionLost):
        await link.receive()


@warped
async def test_leaving_the_block_cancels_a_server_that_would_never_end() -> None:
    links: list[Link] = []

    async def hold(link: Link) -> None:
        links.append(link)
        await asyncio.Event().wait()

    async with listen(hold) as listener:
        dialled = tcp("127.0.0.1", listener.port)()
        link = await dialled.__aenter__()
        await elapse(1)
    with pytest.raises(ConnectionLost):
        await link.receive()
    with pytest.raises(ConnectionLost):
        await links[0].receive()
    await dialled.__aexit__(None, None, None)


@warped
async def test_an_error_in_the_block_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError):
        async with listen(echo) as listener, tcp("127.0.0.1", listener.port)():
            raise LookupError


@warped
async def test_one_connections_fault_is_logged_and_is_not_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail_on_question(link: Link) -> None:
        while (data := await link.receive()) != b"?":
            await link.send(data)
        raise LookupError("no answer")

    async with listen(fail_on_question) as listener:
        dial = tcp("127.0.0.1", listener.port)
        async with dial() as healthy, dial() as failing:
            await failing.send(b"?")
            await lost(failing)
            await healthy.send(b"still here")
            assert await healthy.receive() == b"still here"
            assert listener.links == 1

    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "serving 127.0.0.1:" in caplog.text
    assert "LookupError: no answer" in caplog.text


@warped
async def test_a_client_that_goes_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    async with listen(echo) as listener:
        async with tcp("127.0.0.1", listener.port)():
            await elapse(1)
            assert listener.links == 1
        await elapse(1)
        assert listener.links == 0

    assert caplog.text == ""


@warped
async def test_a_paused_listener_refuses_and_a_resumed_one_accepts_on_the_same_port() -> None:
    async with listen(echo) as listener:
        port = listener.port
        async with tcp("127.0.0.1", port)() as standing:
            await listener.pause()
            with pytest.raises(Unreachable):
                async with tcp("127.0.0.1", port)():
                    pass
            await standing.send(b"goes on")
            assert await standing.receive() == b"goes on"
        await listener.pause()
        await listener.resume()
        await listener.resume()
        assert listener.port == port
        async with tcp("127.0.0.1", port)() as link:
            await link.send(b"back")
            assert await link.receive() == b"back"


@warped
async def test_dropping_resets_what_stands_and_lets_new_ones_in() -> None:
    async with listen(echo) as listener:
        dial = tcp("127.0.0.1", listener.port)
        async with dial() as link:
            await link.send(b"x")
            await link.receive()
            listener.drop()
            await lost(link)
        async with dial() as link:
            await link.send(b"again")
            assert await link.receive() == b"again"


@warped
async def test_a_taken_port_is_a_wrong_setting() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(
            ConfigError,
            match=rf"cannot listen on 127.0.0.1:{port}: Address already in use\. Choose a free port",
        ):
            async with listen(echo, "127.0.0.1", port):
                pass


@warped
async def test_without_a_descriptor_no_port_opens_and_later_it_does() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def refuse(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=404)

    async with listen(echo) as listener:
        http = HttpPort(refuse, "127.0.0.1", 0)
        for port in (listener, http):
            await port.pause()
            resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
            try:
                with pytest.raises(ConfigError, match="Too many open files"):
                    await port.resume()
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            await port.resume()
            async with tcp("127.0.0.1", port.port)():
                pass
        await http.end()


@pytest.mark.long
@warped
async def test_a_thousand_connections_come_and_go() -> None:
    async with listen(echo) as listener:
        dial = tcp("127.0.0.1", listener.port)
        for _ in range(1_000):
            async with dial() as link:
                await link.send(b"x")
                await link.receive()
        await elapse(1)

        assert listener.links == 0


@warped
async def test_a_connection_that_came_in_at_the_last_moment_is_ended_too() -> None:
    async with listen(echo) as listener:
        dialled = tcp("127.0.0.1", listener.port)()
        link = await dialled.__aenter__()
    await lost(link)
    await dialled.__aexit__(None, None, None)


@warped
async def test_while_a_listener_pauses_who_dials_is_refused_and_nobody_else_gets_its_port() -> None:
    async with listen(echo) as listener:
        await listener.pause()
        with pytest.raises(Unreachable):
            async with tcp("127.0.0.1", listener.port)():
                pass
        with pytest.raises(ConfigError):
            async with listen(echo, port=listener.port):
                pass
        await listener.resume()
        async with tcp("127.0.0.1", listener.port)() as link:
            await link.send(b"x")
            assert await link.receive() == b"x"
    async with listen(echo, port=listener.port) as other:
        assert other.port == listener.port


@warped
async def test_nothing_more_is_offered_to_a_peer_that_went_within_the_same_step(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As when a program that was held up has much to tell at once: asyncio would log each attempt."""
    served: asyncio.Queue[SocketLink] = asyncio.Queue()

    async def keep(link: Link) -> None:
        assert isinstance(link, SocketLink)
        served.put_nowait(link)
        await asyncio.Event().wait()

    async with listen(keep) as listener:
        peer = socket.create_connection(("127.0.0.1", listener.port))
        link = await served.get()
        assert link.offer_idle(b"x")
        peer.close()
        taken = [link.offer_idle(b"x") for _ in range(10)]
    assert taken[-1] is False
    assert caplog.messages == []
