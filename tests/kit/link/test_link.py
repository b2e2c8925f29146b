"""The promises of a link, kept over TCP and in memory alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from ohmstead.kit.link import Link, Serve, listen, tcp
from ohmstead.model import ConnectionLost
from ohmstead.testing import elapse, memory_network, warped

Connected = Callable[[Serve], AbstractAsyncContextManager[Link]]


@asynccontextmanager
async def over_tcp(serve: Serve) -> AsyncIterator[Link]:
    async with listen(serve) as listener, tcp("127.0.0.1", listener.port)() as link:
        yield link


@asynccontextmanager
async def in_memory(serve: Serve) -> AsyncIterator[Link]:
    network = memory_network()
    async with network.listen(serve) as listener, network.dial("127.0.0.1", listener.port)() as link:
        yield link


everywhere = pytest.mark.parametrize("connected", [over_tcp, in_memory])


async def echo(link: Link) -> None:
    while True:
        await link.send(await link.receive())


async def received(link: Link, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += await link.receive()
    return data


async def read_to_the_end(link: Link) -> bytes:
    data = b""
    try:
        while True:
            data += await link.receive()
    except ConnectionLost:
        return data


@everywhere
@warped
async def test_what_is_sent_arrives(connected: Connected) -> None:
    async with connected(echo) as link:
        await link.send(b"ohm")
        await link.send(b"stead")

        assert await received(link, 8) == b"ohmstead"


@everywhere
@warped
async def test_the_last_bytes_arrive_before_the_end_is_told(connected: Connected) -> None:
    async def say_goodbye(link: Link) -> None:
        await link.send(b"goodbye")

    async with connected(say_goodbye) as link:
        await elapse(1)

        assert await received(link, 7) == b"goodbye"
        for _ in range(2):  # and the end stays the end
            with pytest.raises(ConnectionLost, match="expected more bytes, but the peer ended"):
                await link.receive()


@everywhere
@warped
async def test_the_server_sees_our_end(connected: Connected) -> None:
    heard: list[bytes] = []

    async def hear(link: Link) -> None:
        heard.append(await read_to_the_end(link))

    async with connected(hear) as link:
        await link.send(b"and out")
        await link.close()
        await elapse(1)

        assert heard == [b"and out"]


@everywhere
@warped
async def test_a_closed_link_neither_sends_nor_receives_and_closes_again_in_peace(
    connected: Connected,
) -> None:
    async with connected(echo) as link:
        await link.close()
        await link.close()

        with pytest.raises(ConnectionLost, match="nothing can be sent"):
            await link.send(b"too late")
        with pytest.raises(ConnectionLost, match="the link is closed"):
            await link.receive()


@everywhere
@warped
async def test_closing_wakes_whoever_waits_for_bytes(connected: Connected) -> None:
    async with connected(echo) as link, asyncio.TaskGroup() as group:
        waiting = group.create_task(read_to_the_end(link))
        await elapse(1)
        await link.close()
        assert await waiting == b""


@everywhere
@warped
async def test_a_cancelled_receive_loses_nothing(connected: Connected) -> None:
    async def answer_late(link: Link) -> None:
        await elapse(10)
        await link.send(b"late")
        await elapse(10)

    async with connected(answer_late) as link:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(10):
                await link.receive()

        assert await received(link, 4) == b"late"


@pytest.mark.long
@everywhere
@warped
async def test_a_sender_waits_for_a_peer_that_does_not_read(connected: Connected) -> None:
    async def read_in_an_hour(link: Link) -> None:
        await elapse(3600)
        await read_to_the_end(link)

    async with connected(read_in_an_hour) as link:
        for _ in range(400):  # 40 MB: more than any buffer between the two
            await link.send(bytes(100_000))

        assert asyncio.get_running_loop().time() >= 3600


@everywhere
@warped
async def test_a_sender_that_waits_is_told_when_the_peer_goes(connected: Connected) -> None:
    async def leave_without_reading(link: Link) -> None:
        await elapse(60)

    async with connected(leave_without_reading) as link:
        with pytest.raises(ConnectionLost):
            for _ in range(400):
                await link.send(bytes(100_000))

        assert 60 <= asyncio.get_running_loop().time() < 70


@everywhere
@warped
async def test_megabytes_arrive_whole_and_in_order(connected: Connected) -> None:
    sent = bytes(range(256)) * 20_000

    async def pour(link: Link) -> None:
        for start in range(0, len(sent), 99_999):
            await link.send(sent[start : start + 99_999])

    async with connected(pour) as link:
        assert await read_to_the_end(link) == sent


class Ear:
    """Writes down what it is told, and when."""

    def __init__(self) -> None:
        self.heard = b""
        self.ends: list[tuple[float, str]] = []

    def hear(self, data: bytes) -> None:
        assert data
        assert not self.ends
        self.heard += data

    def lost(self, error: ConnectionLost) -> None:
        self.ends.append((asyncio.get_running_loop().time(), str(error).rpartition(": ")[2]))


@everywhere
@warped
async def test_who_is_attached_hears_what_waited_and_then_what_comes(connected: Connected) -> None:
    async def speak_twice(link: Link) -> None:
        await link.send(b"ohm")
        await elapse(10)
        await link.send(b"stead")
        await elapse(10)

    async with connected(speak_twice) as link:
        await elapse(1)
        ear = Ear()
        link.attach(ear)
        await elapse(1)
        assert ear.heard == b"ohm"
        await elapse(10)
        assert (ear.heard, ear.ends) == (b"ohmstead", [])


@everywhere
@warped
async def test_who_is_attached_hears_the_last_bytes_and_then_once_of_the_end(connected: Connected) -> None:
    async def say_goodbye(link: Link) -> None:
        await elapse(5)
        await link.send(b"goodbye")

    ear = Ear()
    async with connected(say_goodbye) as link:
        link.attach(ear)
        await elapse(10)
        assert ear.heard == b"goodbye"

    assert ear.ends == [(5.0, "expected more bytes, but the peer ended the connection")]


@everywhere
@warped
async def test_who_is_attached_after_the_end_hears_all_of_it(connected: Connected) -> None:
    async def say_goodbye(link: Link) -> None:
        await link.send(b"goodbye")

    async with connected(say_goodbye) as link:
        await elapse(5)
        ear = Ear()
        link.attach(ear)
        await elapse(1)

    assert ear.heard == b"goodbye"
    assert [why for _, why in ear.ends] == ["expected more bytes, but the peer ended the connection"]


@everywhere
@warped
async def test_closing_tells_who_is_attached(connected: Connected) -> None:
    ear = Ear()
    async with connected(echo) as link:
        link.attach(ear)
        await link.send(b"?")
        await elapse(1)
        await link.close()
        assert (ear.heard, ear.ends) == (b"?", [(1.0, "expected more bytes, but the link is closed")])

    assert len(ear.ends) == 1


@everywhere
@warped
async def test_an_answer_reaches_who_is_attached_while_it_waits_for_nothing_else(
    connected: Connected,
) -> None:
    class Asker(Ear):
        def hear(self, data: bytes) -> None:
            answered.set_result(data)

    answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    async with connected(echo) as link:
        link.attach(Asker())
        await link.send(b"ping")
        assert await answered == b"ping"


@everywhere
@warped
async def test_megabytes_reach_who_is_attached_whole_and_in_order(connected: Connected) -> None:
    sent = bytes(range(256)) * 10_000

    async def pour(link: Link) -> None:
        for start in range(0, len(sent), 99_999):
            await link.send(sent[start : start + 99_999])

    ear = Ear()
    async with connected(pour) as link:
        await elapse(1)  # so that much waits, and reading was stopped
        link.attach(ear)
        await elapse(1)

    assert ear.heard == sent


@everywhere
@warped
async def test_a_link_knows_its_peer(connected: Connected) -> None:
    async with connected(echo) as link:
        host, _, port = link.peer.rpartition(":")

        assert host == "127.0.0.1"
        assert int(port) > 0


@everywhere
@warped
async def test_an_offer_is_sent_at_once_and_refused_once_the_link_is_closed(connected: Connected) -> None:
    async with connected(echo) as link:
        assert link.offer(b"ohm")
        assert await link.receive() == b"ohm"
        await link.close()
        with pytest.raises(ConnectionLost, match="nothing can be sent"):
            link.offer(b"stead")


@everywhere
@warped
async def test_an_offer_is_not_taken_while_the_peer_reads_too_slowly(connected: Connected) -> None:
    async def sleep(_: Link) -> None:
        await elapse(60)

    async with connected(sleep) as link:
        taken = 0
        while link.offer(bytes(16 * 1024)):
            taken += 1
            await elapse(0.01)
        assert 0 < taken < 4096
