"""Dialling: what can go wrong, in our words, and what a tap hears."""

from __future__ import annotations

import asyncio
import gc
import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest

from ohmstead.kit.link import Link, listen, tcp
from ohmstead.kit.link.sockets import SocketLink
from ohmstead.model import ConfigError, ConnectionLost, TimedOut, TurnedAway, Unreachable
from ohmstead.testing import warped


async def echo(link: Link) -> None:
    while True:
        await link.send(await link.receive())


@pytest.fixture
def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@warped
async def test_a_port_nobody_listens_on_is_unreachable(unused_port: int) -> None:
    with pytest.raises(Unreachable, match=rf"127.0.0.1:{unused_port} refused the connection.*check the port"):
        async with tcp("127.0.0.1", unused_port)():
            pass


@pytest.mark.parametrize(
    "host", ["inverter.example", "inverter..example", "a" * 70 + ".example", "in\0verter"]
)
@warped
async def test_a_name_nobody_knows_is_unreachable(host: str) -> None:
    with pytest.raises(Unreachable, match=r"no address is known for .* give the numeric address"):
        async with tcp(host, 8899)():
            pass


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
@warped
async def test_numeric_addresses_of_either_kind_are_dialled() -> None:
    async with listen(echo, "::1") as listener, tcp("::1", listener.port)() as link:
        await link.send(b"six")
        assert (await link.receive(), link.peer) == (b"six", f"[::1]:{listener.port}")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
@warped
async def test_small_pieces_leave_at_once(host: str) -> None:
    async with listen(echo) as listener, tcp(host, listener.port)() as link:
        connection = link._transport.get_extra_info("socket")  # type: ignore[attr-defined]

        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.long
@warped
async def test_a_dial_that_is_given_up_leaves_no_socket_behind(full_port: int) -> None:
    # A socket that is collected without having been closed warns, and a warning fails a test.
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(3), tcp("127.0.0.1", full_port)():
            pass
    gc.collect()


@pytest.fixture
def full_port() -> int:
    """Of a server that accepts nobody, with nobody's place left in its queue."""
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    waiting = [socket.socket() for _ in range(4)]
    for connection in waiting:
        connection.setblocking(False)
        connection.connect_ex(server.getsockname())
    yield server.getsockname()[1]
    for opened in (server, *waiting):
        opened.close()


@warped
async def test_a_peer_that_does_not_answer_the_dial_times_out(full_port: int) -> None:
    with pytest.raises(TimedOut, match=r"did not answer within 7 s; check the address"):
        async with tcp("127.0.0.1", full_port, timeout_s=7)():
            pass

    assert asyncio.get_running_loop().time() == 7


@pytest.mark.parametrize("port", [0, -1, 65_536])
def test_a_port_that_cannot_be_is_a_wrong_setting(port: int) -> None:
    with pytest.raises(ConfigError, match=r"ports are 1 to 65535\. For example: 192.0.2.7:8899"):
        tcp("192.0.2.7", port)


def test_f41_where_no_thread_looks_a_name_up_its_host_is_unreachable() -> None:
    async def ask() -> None:
        executor = ThreadPoolExecutor(1)
        asyncio.get_running_loop().set_default_executor(executor)
        executor.shutdown()
        with pytest.raises(Unreachable, match=r"roof\.example:8899 could not be connected: cannot schedule"):
            async with tcp("roof.example", 8899)():
                pass

    asyncio.run(ask())


@warped
async def test_a_reset_is_a_lost_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with tcp("127.0.0.1", server.getsockname()[1])() as link:
            peer, _ = server.accept()
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()

            with pytest.raises(ConnectionLost, match="expected more bytes, but the connection broke"):
                await link.receive()
            with pytest.raises(ConnectionLost, match="nothing can be sent, the connection broke"):
                await link.send(b"?")


@warped
async def test_a_peer_that_has_hung_up_before_we_look_is_a_lost_connection_and_no_fault_of_ours() -> None:
    faults: list[dict[str, object]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: faults.append(context))
    with socket.create_server(("127.0.0.1", 0)) as server:
        connection = socket.create_connection(server.getsockname())
        peer, _ = server.accept()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        connection.setblocking(False)
        link = SocketLink(None, ("<", ">"))
        await loop.create_connection(lambda: link, sock=connection)
        with pytest.raises(ConnectionLost, match="the connection broke"):
            await link.receive()
        await link.close()

    assert faults == []


@warped
async def test_who_is_let_in_and_shown_out_without_a_word_was_turned_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with tcp("127.0.0.1", server.getsockname()[1])() as link:
            server.accept()[0].close()
            with pytest.raises(TurnedAway, match="somebody else may be using it"):
                await link.receive()
        async with tcp("127.0.0.1", server.getsockname()[1])() as link:
            peer, _ = server.accept()
            peer.sendall(b"!")
            peer.close()
            assert await link.receive() == b"!"
            with pytest.raises(ConnectionLost) as caught:
                await link.receive()
            assert not isinstance(caught.value, TurnedAway)


@warped
async def test_a_peer_that_stopped_sending_still_hears_us() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with tcp("127.0.0.1", server.getsockname()[1])() as link:
            peer, _ = server.accept()
            peer.sendall(b"question")
            peer.shutdown(socket.SHUT_WR)

            assert await link.receive() == b"question"
            with pytest.raises(ConnectionLost):
                await link.receive()
            await link.send(b"answer")

            assert peer.recv(100) == b"answer"
            peer.close()


@warped
async def test_closing_waits_a_second_for_a_peer_that_does_not_read_and_no_longer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        async with tcp("127.0.0.1", server.getsockname()[1])() as link:
            peer, _ = server.accept()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(10):
                    await link.send(bytes(50_000_000))

        assert asyncio.get_running_loop().time() == 11
        peer.close()


@warped
async def test_taps_hear_every_byte_and_its_direction_at_both_ends() -> None:
    heard: list[tuple[str, str, bytes]] = []
    async with (
        listen(echo, tap=lambda direction, data: heard.append(("device", direction, data))) as listener,
        tcp(
            "127.0.0.1", listener.port, tap=lambda direction, data: heard.append(("client", direction, data))
        )() as link,
    ):
        await link.send(b"ping")
        await link.receive()

    assert heard == [
        ("client", ">", b"ping"),
        ("device", ">", b"ping"),
        ("device", "<", b"ping"),
        ("client", "<", b"ping"),
    ]


@warped
async def test_a_dial_may_be_used_again() -> None:
    async with listen(echo) as listener:
        dial = tcp("127.0.0.1", listener.port)
        for greeting in (b"one", b"two"):
            async with dial() as link:
                await link.send(greeting)
                assert await link.receive() == greeting


def test_links_work_in_real_time_too() -> None:
    async def main() -> bytes:
        async with listen(echo, "localhost") as listener, tcp("localhost", listener.port)() as link:
            await link.send(b"real")
            return await link.receive()

    assert asyncio.run(main()) == b"real"


def test_links_of_loops_in_several_threads_never_see_what_another_one_was_sent() -> None:
    async def main(letter: bytes) -> set[bytes]:
        seen = set()
        async with listen(echo) as listener, tcp("127.0.0.1", listener.port)() as link:
            for _ in range(400):
                await link.send(letter * 200)
                seen.add(await link.receive())
        return seen

    with ThreadPoolExecutor() as threads:
        found = list(threads.map(lambda letter: asyncio.run(main(letter)), (b"a", b"b", b"c")))

    assert found == [{b"a" * 200}, {b"b" * 200}, {b"c" * 200}]
