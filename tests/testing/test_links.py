"""Links in memory: what each fault does, and that it does the same every time."""

from __future__ import annotations

import asyncio

import pytest

from ohmstead.kit.link import Link
from ohmstead.model import ConfigError, ConnectionLost, TimedOut, Unreachable
from ohmstead.testing import Faults, MemoryNetwork, memory_network, pair, warped

HOST, PORT = "192.0.2.7", 8899


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def echo(link: Link) -> None:
    while True:
        await link.send(await link.receive())


async def lost(link: Link, why: str | None = None) -> None:
    with pytest.raises(ConnectionLost, match=why):
        await link.receive()


async def silent(link: Link, for_s: float) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(for_s):
            await link.receive()


@warped
async def test_a_pair_is_joined_both_ways() -> None:
    ours, theirs = pair()
    await ours.send(b"question")
    await theirs.send(b"answer")

    assert (await theirs.receive(), await ours.receive()) == (b"question", b"answer")
    assert (ours.peer, theirs.peer) == ("device", "client")


@warped
async def test_a_delay_holds_bytes_back_and_keeps_their_order() -> None:
    faults = Faults(delay_s=5)
    ours, theirs = pair(faults)
    await ours.send(b"slow")
    faults.delay_s = 0
    await ours.send(b"fast")

    assert (await theirs.receive(), now_s()) == (b"slow", 5)
    assert (await theirs.receive(), now_s()) == (b"fast", 5)


@warped
async def test_bytes_may_come_one_by_one() -> None:
    ours, theirs = pair(Faults(chunk_bytes=1))
    await ours.send(b"ohm")

    assert [await theirs.receive() for _ in range(3)] == [b"o", b"h", b"m"]


async def rubbish_of(seed: int) -> list[bytes]:
    ours, theirs = pair(Faults(garbage_pct=100), seed=seed)
    for _ in range(5):
        await ours.send(b"good")
    return [await theirs.receive() for _ in range(10)]


@warped
async def test_garbage_comes_before_what_was_sent_and_is_the_same_for_the_same_seed() -> None:
    received = await rubbish_of(seed=7)

    assert received[1::2] == [b"good"] * 5
    assert all(1 <= len(rubbish) <= 16 for rubbish in received[::2])
    assert received == await rubbish_of(seed=7)
    assert received != await rubbish_of(seed=8)


@warped
async def test_a_broken_link_is_lost_for_both_and_so_is_what_was_under_way() -> None:
    ours, theirs = pair(Faults(delay_s=5))
    await ours.send(b"under way")
    asyncio.get_running_loop().call_later(1, ours.abort)

    await lost(theirs, "the connection broke")
    await lost(ours, "the connection broke")
    with pytest.raises(ConnectionLost):
        await theirs.send(b"?")
    assert now_s() == 1


@warped
async def test_who_vanishes_leaves_the_other_end_talking_to_nobody() -> None:
    ours, theirs = pair()
    theirs.vanish()
    await lost(theirs)
    await ours.send(b"hello?")
    await silent(ours, for_s=60)


@warped
async def test_bytes_that_nobody_sent_can_be_put_on_the_line() -> None:
    ours, theirs = pair()
    theirs.inject(b"\xde\xad")

    assert await ours.receive() == b"\xde\xad"


@pytest.fixture
def network() -> MemoryNetwork:
    return memory_network()


@warped
async def test_nobody_at_an_address_is_unreachable(network: MemoryNetwork) -> None:
    with pytest.raises(Unreachable, match=r"192.0.2.7:8899 refused the connection"):
        async with network.dial(HOST, PORT)():
            pass


@warped
async def test_an_address_is_taken_once_and_free_again_after_its_block(network: MemoryNetwork) -> None:
    for _ in range(2):
        async with network.listen(echo, HOST, PORT):
            with pytest.raises(ConfigError, match="is taken"):
                async with network.listen(echo, HOST, PORT):
                    pass


@warped
async def test_a_port_that_was_not_given_is_a_free_one(network: MemoryNetwork) -> None:
    async with network.listen(echo) as first, network.listen(echo) as second:
        assert first.port != second.port


@warped
async def test_a_paused_listener_refuses_until_it_is_resumed(network: MemoryNetwork) -> None:
    async with network.listen(echo, HOST, PORT) as listener:
        await listener.pause()
        with pytest.raises(Unreachable):
            async with network.dial(HOST, PORT)():
                pass
        await listener.resume()
        async with network.dial(HOST, PORT)() as link:
            await link.send(b"back")
            assert await link.receive() == b"back"
            assert listener.links == 1


@warped
async def test_a_cut_breaks_every_link_and_the_next_dial_gets_through(network: MemoryNetwork) -> None:
    async with network.listen(echo, HOST, PORT) as listener:
        dial = network.dial(HOST, PORT)
        async with dial() as first, dial() as second:
            network.cut()
            await lost(first)
            await lost(second)
        async with dial() as link:
            await link.send(b"x")
            assert await link.receive() == b"x"
            assert listener.links == 1


@warped
async def test_a_half_open_link_looks_healthy_to_who_dialled(network: MemoryNetwork) -> None:
    async with network.listen(echo, HOST, PORT) as listener, network.dial(HOST, PORT)() as link:
        network.half_open()
        await link.send(b"x")
        await silent(link, for_s=60)

        assert listener.links == 0


@warped
async def test_into_a_black_hole_bytes_go_and_nobody_comes(network: MemoryNetwork) -> None:
    async with network.listen(echo, HOST, PORT), network.dial(HOST, PORT)() as link:
        network.faults.black_hole = True
        await link.send(b"x")
        await silent(link, for_s=60)
        with pytest.raises(TimedOut, match="did not answer within 7 s"):
            async with network.dial(HOST, PORT, timeout_s=7)():
                pass
        network.faults.black_hole = False
        await link.send(b"y")
        assert await link.receive() == b"y"
    assert now_s() == 67


@warped
async def test_rubbish_for_everyone_who_dialled(network: MemoryNetwork) -> None:
    async with network.listen(echo, HOST, PORT), network.dial(HOST, PORT)() as link:
        network.inject(b"\xff")
        assert await link.receive() == b"\xff"


@warped
async def test_leaving_the_block_ends_every_connection(network: MemoryNetwork) -> None:
    async with network.listen(echo, HOST, PORT):
        dialled = network.dial(HOST, PORT)()
        link = await dialled.__aenter__()
    await lost(link)
    await dialled.__aexit__(None, None, None)
