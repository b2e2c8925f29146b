"""The warp loop: what it must do, and above all what it must never do."""

from __future__ import annotations

import asyncio
import math
import socket
import threading
from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession, web
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.testing import Stuck, elapse, run, warp, warped

DAY_S = 86_400


def now_s() -> float:
    return asyncio.get_running_loop().time()


@warped
async def test_a_day_of_minutes_is_a_day_to_the_last_bit() -> None:
    for _ in range(1_440):
        await elapse(60)

    assert now_s() == DAY_S


@pytest.mark.parametrize("start_s", [0.0, 1e-9, 0.1, 12_345.678, 1.7e9, 2.0**52])
def test_it_may_start_anywhere(start_s: float) -> None:
    async def main() -> float:
        await elapse(1)
        await elapse(1)
        return now_s()

    assert run(main(), start_s=start_s) == start_s + 1 + 1


@given(st.lists(st.floats(min_value=0, max_value=400 * DAY_S), min_size=1, max_size=50))
def test_every_timer_fires_at_its_instant_and_in_order(delays_s: list[float]) -> None:
    fired: list[tuple[float, float]] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        for delay_s in delays_s:
            loop.call_at(delay_s, lambda due_s=delay_s: fired.append((due_s, loop.time())))
        loop.call_at(max(delays_s), loop.call_soon, done.set_result, None)
        await done

    run(main())

    assert fired == [(delay_s, delay_s) for delay_s in sorted(delays_s)]


@given(st.floats(min_value=0, max_value=1e9), st.floats(min_value=1e-9, max_value=1e6))
def test_a_sleep_is_never_cut_short_however_late_it_is(start_s: float, delay_s: float) -> None:
    async def main() -> None:
        await asyncio.sleep(delay_s)
        assert now_s() == max(start_s + delay_s, math.nextafter(start_s, math.inf))

    run(main(), start_s=start_s)


@warped
async def test_waiting_for_a_remainder_too_small_to_add_comes_to_its_end() -> None:
    await elapse(12_345.678)
    due_s = now_s() + 1e-12  # less than the clock's step
    while now_s() <= due_s:
        await asyncio.sleep(1e-15)


@warped
async def test_time_stands_still_while_anything_can_go_on() -> None:
    asyncio.get_running_loop().call_later(1e-9, lambda: None)
    for _ in range(1_000):
        await asyncio.sleep(0)

    assert now_s() == 0


@warped
async def test_cancelled_timers_move_nothing() -> None:
    loop = asyncio.get_running_loop()
    for handle in [loop.call_later(1 + minute, lambda: None) for minute in range(500)]:
        handle.cancel()
    async with asyncio.timeout(30):
        await asyncio.sleep(0)
    await elapse(1_000)

    assert now_s() == 1_000


@warped
async def test_a_timeout_ends_what_takes_longer() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(10):
            await elapse(10.000001)

    assert now_s() == 10


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while line := await reader.readline():
            writer.write(line)
    finally:
        writer.close()


@warped
async def test_bytes_that_are_on_their_way_are_never_jumped_over() -> None:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for number in range(2_000):
        async with asyncio.timeout(1e-6):
            writer.write(b"%d\n" % number)
            assert await reader.readline() == b"%d\n" % number
        await elapse(1)
    writer.close()
    await writer.wait_closed()
    server.close()

    assert now_s() == 2_000


@warped
async def test_connections_and_their_ends_are_never_jumped_over() -> None:
    ended = asyncio.Queue[float]()

    async def wait_for_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        ended.put_nowait(now_s())
        writer.close()

    server = await asyncio.start_server(wait_for_the_end, "127.0.0.1", 0)
    for second in range(200):
        async with asyncio.timeout(1e-6):
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.close()
            assert await ended.get() == second
        await elapse(1)
    server.close()


@warped
async def test_megabytes_pass_without_time_passing() -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(str(len(await reader.read())).encode())
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with asyncio.timeout(1e-6):
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(bytes(20_000_000))
        await writer.drain()
        writer.write_eof()
        assert await reader.read() == b"20000000"
    writer.close()
    server.close()


@warped
async def test_many_clients_at_once_all_get_their_answers() -> None:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        for _ in range(20):
            await asyncio.sleep(number)
            async with asyncio.timeout(1e-6):
                writer.write(b"x\n")
                await reader.readline()
        writer.close()

    async with asyncio.TaskGroup() as group:
        for number in range(1, 21):
            group.create_task(client(number))
    server.close()

    assert now_s() == 400


@warped
async def test_a_day_of_http_over_real_sockets_is_a_day() -> None:
    asked = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        await elapse(0.2)
        return web.json_response({"asked": asked})

    application = web.Application()
    application.router.add_get("/", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    async with ClientSession() as session:
        for minute in range(1_440):
            await asyncio.sleep(minute * 60 - now_s())
            async with asyncio.timeout(0.2000001), session.get(f"http://{host}:{port}/") as response:
                assert (await response.json())["asked"] == minute + 1
    await runner.cleanup()

    assert asked == 1_440
    assert now_s() == pytest.approx(1_439 * 60 + 0.2)


async def wait_for_nothing() -> None:
    await asyncio.Event().wait()


async def sleep_for_ever() -> None:
    await asyncio.sleep(float("inf"))


@pytest.mark.parametrize("waiting", [wait_for_nothing, sleep_for_ever])
def test_waiting_for_what_cannot_come_is_an_error_at_once(waiting: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await elapse(3)
        await waiting()

    with pytest.raises(Stuck, match="every task waits"):
        run(main())


def test_waiting_for_a_silent_socket_is_an_error_after_some_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warp, "PATIENCE_S", 0.05)

    async def main() -> None:
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        try:
            await reader.readline()
        finally:
            writer.close()
            server.close()

    with pytest.raises(Stuck, match="nothing comes from any socket"):
        run(main())


async def tick() -> None:
    while True:
        await elapse(1)


async def spin() -> None:
    while True:
        await asyncio.sleep(0)


@pytest.mark.parametrize("endless", [tick, spin])
def test_what_never_ends_is_an_error_after_its_real_time(endless: Callable[[], Awaitable[None]]) -> None:
    with pytest.raises(Stuck, match=r"after 0\.1 s of the processor's time"):
        run(endless(), longest_processor_s=0.1)


def test_tasks_left_over_are_cancelled_and_may_tidy_up_in_their_own_time() -> None:
    tidied_s: list[float] = []
    tasks = []

    async def left_over() -> None:
        try:
            await elapse(1_000)
        finally:
            await elapse(5)
            tidied_s.append(now_s())

    async def main() -> None:
        tasks.append(asyncio.get_running_loop().create_task(left_over()))
        await elapse(1)

    run(main())

    assert tidied_s == [6]


def test_an_error_comes_out_as_it_is() -> None:
    async def main() -> None:
        await elapse(1)
        raise LookupError("here")

    with pytest.raises(LookupError, match="here"):
        run(main())


@warped
async def test_threads_are_refused_with_the_name_of_what_wanted_one() -> None:
    with pytest.raises(RuntimeError, match=r"has no threads, so test_threads.*read_slowly cannot"):

        def read_slowly() -> None: ...

        await asyncio.get_running_loop().run_in_executor(None, read_slowly)
    with pytest.raises(RuntimeError, match="has no threads"):
        await asyncio.to_thread(print, "never printed")


@warped
async def test_a_call_from_another_thread_is_heard() -> None:
    heard = asyncio.Event()
    loop = asyncio.get_running_loop()
    thread = threading.Thread(target=loop.call_soon_threadsafe, args=(heard.set,))
    thread.start()
    thread.join()
    async with asyncio.timeout(1):
        await heard.wait()


@pytest.mark.parametrize(
    ("host", "found"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("192.0.2.7", "192.0.2.7"), ("::1", "::1")],
)
@warped
async def test_numeric_addresses_need_no_thread(host: str, found: str) -> None:
    infos = await asyncio.get_running_loop().getaddrinfo(host, 80, type=socket.SOCK_STREAM)

    assert [info[4][0] for info in infos] == [found]


@warped
async def test_no_other_name_exists() -> None:
    with pytest.raises(socket.gaierror):
        await asyncio.get_running_loop().getaddrinfo("device.example", 80)


@pytest.fixture
def seven() -> int:
    return 7


@pytest.mark.parametrize("factor", [1, 2])
@warped
async def test_fixtures_and_parameters_reach_a_warped_test(seven: int, factor: int) -> None:
    await asyncio.sleep(seven * factor)

    assert now_s() in (7, 14)


@given(st.integers(min_value=0, max_value=10_000))
@warped
async def test_a_warped_test_may_be_a_property(delay_s: int) -> None:
    await asyncio.sleep(delay_s)

    assert now_s() == delay_s


class SlowKernel:
    """In the place of the loop's probe: what is under way arrives while the probe is."""

    def __init__(self, sender: socket.socket, *, at_once: bool) -> None:
        self._sender = sender
        self._at_once = at_once

    def comes_back_at_once(self) -> bool:
        self._sender.send(b"!")
        return self._at_once

    def close(self) -> None:
        self._sender.close()


@pytest.mark.parametrize("at_once", [True, False])
@warped
async def test_what_arrives_while_the_loop_makes_sure_is_not_jumped_over(at_once: bool) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, warp.WarpLoop)
    sender, receiver = socket.socketpair()
    receiver.setblocking(False)
    loop._selector_that_warps._probe = SlowKernel(sender, at_once=at_once)
    async with asyncio.timeout(1):
        assert await loop.sock_recv(receiver, 100) == b"!"
    receiver.close()

    assert now_s() == 0
