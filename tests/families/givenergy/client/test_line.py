"""One line for everybody: what is asked, when, in which order, and what counts as an answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from ohmstead.families.givenergy.client.exchange import COMMAND, PROBE, REFRESH, Patience, Priority
from ohmstead.families.givenergy.client.line import MOST_BEATS, MOST_QUEUED, Line
from ohmstead.families.givenergy.errors import CommunicationError, ConnectionLost, RequestRefused, TimedOut
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    BadFrame,
    ErrorReply,
    Heartbeat,
    LanConfiguration,
    ReadReply,
    ReadRequest,
    Received,
    Request,
    WriteReply,
    WriteRequest,
    encode_frame,
)
from ohmstead.kit.link import Hearer, Keeper
from ohmstead.model import DeviceError, Unreachable
from ohmstead.testing import elapse, warped

from .adapter import ADAPTER, UNIT, Adapter, listening, refusal

LIVE = ReadRequest(0x11, Bank.IR, 0, 60)
TOTALS = ReadRequest(0x11, Bank.IR, 180, 60)
PACK = ReadRequest(0x32, Bank.IR, 60, 60)
WORDS = list(range(60))


class Bench:
    def __init__(self) -> None:
        self.adapter = Adapter()
        for request in (LIVE, TOTALS, PACK):
            self.adapter.fill(request.device, request.bank, request.base, WORDS)
        self.heard: list[Received] = []
        self.passed: list[tuple[str, bytes]] = []
        self.retried: list[int] = []
        self.ended: list[Exception] = []
        self.keeper = Keeper("the test's line")
        self.line: Line

    async def ask(
        self, request: Request, patience: Patience = REFRESH, priority: Priority = Priority.POLLING
    ) -> Any:
        return await self.line.ask(request, patience, priority)


@asynccontextmanager
async def bench(**options: Any) -> AsyncIterator[Bench]:
    b = Bench()
    async with listening(b.adapter):
        link = await b.keeper.open(b.adapter.network.dial("adapter", 8899)())
        settings: dict[str, Any] = {"heard": b.heard.append, "gap_s": 0.25, "jitter_s": 0.0} | options
        b.line = Line(
            link,
            b.keeper,
            retried=b.retried.append,
            ended=b.ended.append,
            tap=lambda direction, data: b.passed.append((direction, data)),
            random=Random(1),
            **settings,
        )
        b.line.start()
        try:
            yield b
        finally:
            await b.keeper.close()


@warped
async def test_a_reply_is_the_answer_to_its_request() -> None:
    async with bench() as b:
        reply = await b.ask(LIVE)
        assert reply == ReadReply(0x11, Bank.IR, 0, tuple(WORDS), UNIT, ADAPTER)
        assert b.heard == [reply]
        assert b.passed == [(">", encode_frame(LIVE)), ("<", encode_frame(reply))]


@warped
async def test_requests_go_one_by_one_with_a_gap() -> None:
    async with bench() as b:
        await asyncio.gather(b.ask(LIVE), b.ask(TOTALS), b.ask(PACK))
        assert [(round(at, 2), request) for at, request in b.adapter.asked] == [
            (0.0, LIVE),
            (0.25, TOTALS),
            (0.5, PACK),
        ]


@warped
async def test_a_slow_device_is_asked_when_it_has_answered_and_not_before() -> None:
    async with bench() as b:
        b.adapter.latency_s = 1.1
        await asyncio.gather(b.ask(LIVE), b.ask(TOTALS))
        assert [round(at, 2) for at, _ in b.adapter.asked] == [0.0, 1.1]


@warped
async def test_the_gap_is_spread_so_that_clients_do_not_march_in_step() -> None:
    async with bench(jitter_s=0.1) as b:
        requests = [ReadRequest(0x11, Bank.IR, 0, count) for count in range(1, 11)]
        await asyncio.gather(*map(b.ask, requests))
        times = [at for at, _ in b.adapter.asked]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        assert all(0.25 <= gap <= 0.35 for gap in gaps)
        assert len({round(gap, 4) for gap in gaps}) > 5


@warped
async def test_the_urgent_overtakes_what_waits() -> None:
    async with bench() as b:
        write, stop = WriteRequest(0x11, 110, 10), WriteRequest(0x11, 59, 0)
        async with asyncio.TaskGroup() as group:
            for request in (LIVE, TOTALS, PACK):
                group.create_task(b.ask(request))
            await elapse(0.05)
            group.create_task(b.ask(write, COMMAND, Priority.PEOPLE))
            group.create_task(b.ask(stop, COMMAND, Priority.SAFETY))
        assert b.adapter.requests == [LIVE, stop, write, TOTALS, PACK]


@warped
async def test_who_asks_the_same_at_the_same_time_shares_one_request() -> None:
    async with bench() as b:
        first, second = await asyncio.gather(b.ask(LIVE), b.ask(LIVE))
        assert first is second
        assert b.adapter.requests == [LIVE]
        await b.ask(LIVE)
        assert b.adapter.requests == [LIVE, LIVE]


@warped
async def test_who_goes_does_not_take_the_answer_of_who_stays_with_it() -> None:
    async with bench() as b:
        leaves = asyncio.ensure_future(b.ask(LIVE))
        stays = asyncio.ensure_future(b.ask(LIVE))
        await elapse(0.05)
        leaves.cancel()
        assert (await stays).words == tuple(WORDS)
        assert leaves.cancelled()
        assert b.adapter.requests == [LIVE]


@warped
async def test_a_request_nobody_waits_for_any_more_is_not_sent() -> None:
    async with bench() as b:
        async with asyncio.TaskGroup() as group:
            group.create_task(b.ask(LIVE))
            unwanted = group.create_task(b.ask(TOTALS))
            await elapse(0.05)
            unwanted.cancel()
        await elapse(5)
        assert b.adapter.requests == [LIVE]


@warped
async def test_an_answer_overheard_in_the_queue_spares_the_request() -> None:
    async with bench() as b:
        async with asyncio.TaskGroup() as group:
            group.create_task(b.ask(LIVE))
            queued = group.create_task(b.ask(TOTALS))
            await elapse(0.05)
            await b.adapter.send(b.adapter.frame(TOTALS) or b"")
        assert queued.result().base == 180
        await elapse(5)
        assert b.adapter.requests == [LIVE]


@warped
async def test_the_echo_of_somebody_elses_write_is_no_answer_to_ours_before_it_is_sent() -> None:
    async with bench() as b:
        async with asyncio.TaskGroup() as group:
            group.create_task(b.ask(LIVE))
            await elapse(0.01)
            ours = group.create_task(b.ask(WriteRequest(0x11, 110, 10), COMMAND, Priority.PEOPLE))
            await elapse(0.05)
            await b.adapter.say(WriteReply(0x11, 110, 10, UNIT, ADAPTER))
            await elapse(0.01)
            assert not ours.done()
        assert b.adapter.requests == [LIVE, WriteRequest(0x11, 110, 10)]


@warped
async def test_two_writes_to_one_register_both_get_through() -> None:
    """Field case 40."""
    async with bench() as b:
        first, second = WriteRequest(0x11, 110, 10), WriteRequest(0x11, 110, 20)
        echoes = await asyncio.gather(*(b.ask(w, COMMAND, Priority.PEOPLE) for w in (first, second, first)))
        assert [echo.value for echo in echoes] == [10, 20, 10]
        assert b.adapter.requests == [first, second]


@warped
async def test_what_came_together_with_an_answer_is_no_answer_to_the_request_that_it_lets_go() -> None:
    async with bench(gap_s=0.0) as b:
        first, second = WriteRequest(0x11, 110, 10), WriteRequest(0x11, 110, 20)
        foreign = encode_frame(WriteReply(0x11, 110, 99, UNIT, ADAPTER))
        b.adapter.act = lambda request: (b.adapter.frame(request) or b"") + foreign
        echoes = await asyncio.gather(*(b.ask(w, COMMAND, Priority.PEOPLE) for w in (first, second)))
        assert [echo.value for echo in echoes] == [10, 20]


@warped
async def test_an_answer_that_cannot_be_dealt_with_ends_the_connection() -> None:
    def break_down(_: Received) -> None:
        raise ZeroDivisionError("a fault of ours")

    async with bench(heard=break_down) as b:
        with pytest.raises(ConnectionLost, match="a fault of ours"):
            await b.ask(LIVE)
        assert not b.keeper.is_open


@warped
async def test_silence_is_tried_again_after_a_pause_and_then_said() -> None:
    async with bench() as b:
        b.adapter.act = lambda _: None
        with pytest.raises(TimedOut, match=r"IR\(0,60\) at 0x11 within 2 s, in 2 attempts") as raised:
            await b.ask(LIVE)
        assert [round(at, 2) for at, _ in b.adapter.asked] == [0.0, 2.5]
        assert isinstance(raised.value, TimeoutError)
        assert isinstance(raised.value, DeviceError)
        assert b.retried == [0x11]


@warped
async def test_a_late_reply_counts_and_withdraws_the_retry() -> None:
    """Field case 21."""
    async with bench() as b:
        b.adapter.latency_s = 2.2
        assert (await b.ask(LIVE)).words == tuple(WORDS)
        await elapse(10)
        assert b.adapter.requests == [LIVE]


@warped
async def test_a_late_reply_is_never_taken_for_the_answer_to_something_else() -> None:
    async with bench() as b:
        b.adapter.latency_s = 3.0
        with pytest.raises(TimedOut):
            await b.ask(LIVE, Patience(timeout_s=2.0, retries=0, retry_delay_s=0.0))
        b.adapter.latency_s = 0.1
        reply = await b.ask(TOTALS)
        assert reply.base == 180
        assert [item.base for item in b.heard if isinstance(item, ReadReply)] == [0, 180]


@warped
async def test_a_damaged_reply_answers_nothing_and_is_asked_for_again() -> None:
    """Field case 22."""
    async with bench() as b:
        sound = b.adapter.frame(LIVE) or b""
        replies = iter((sound[:100] + b"\xff" + sound[101:], sound))
        b.adapter.act = lambda _: next(replies)
        assert (await b.ask(LIVE)).words == tuple(WORDS)
        assert b.adapter.requests == [LIVE, LIVE]
        assert isinstance(b.heard[0], BadFrame)


@warped
async def test_a_refusal_is_tried_again_and_then_names_the_request() -> None:
    """Field case 23."""
    async with bench() as b:
        b.adapter.act = lambda request: encode_frame(refusal(request, count=0))
        with pytest.raises(RequestRefused, match=r"refused IR\(0,60\) at 0x11") as raised:
            await b.ask(LIVE)
        assert [round(at, 2) for at, _ in b.adapter.asked] == [0.0, 0.6]
        assert isinstance(raised.value, TimeoutError)
        assert raised.value.retryable


@warped
async def test_a_refusal_that_does_not_last_is_forgotten() -> None:
    async with bench() as b:
        replies = iter((encode_frame(refusal(LIVE)), b.adapter.frame(LIVE)))
        b.adapter.act = lambda _: next(replies)
        assert (await b.ask(LIVE)).words == tuple(WORDS)


@warped
async def test_the_end_of_the_connection_is_said_at_once() -> None:
    """Field case 24."""
    async with bench() as b:
        b.adapter.act = lambda _: None
        waiting = asyncio.ensure_future(b.ask(LIVE))
        queued = asyncio.ensure_future(b.ask(TOTALS))
        await elapse(0.3)
        b.adapter.network.cut()
        for future in (waiting, queued):
            with pytest.raises(ConnectionLost) as raised:
                await future
            for kind in (CommunicationError, TimeoutError, Unreachable):
                assert isinstance(raised.value, kind)
        assert asyncio.get_running_loop().time() < 0.5
        assert len(b.ended) == 1
        with pytest.raises(ConnectionLost):
            await b.ask(LIVE)


class StuckLink:
    """The peer's window is closed, and stays so."""

    peer = "adapter:8899"

    async def send(self, data: bytes) -> None:
        await asyncio.Event().wait()

    def offer(self, data: bytes) -> bool:
        return False

    async def receive(self) -> bytes:
        await asyncio.Event().wait()
        return b""

    def attach(self, hearer: Hearer) -> None:
        return

    async def close(self) -> None:
        return


async def stuck_line(keeper: Keeper) -> Line:
    """To a peer that takes no bytes."""
    nothing: Any = lambda *_: None  # noqa: E731
    line = Line(
        await keeper.open(nullcontext(StuckLink())),
        keeper,
        heard=nothing,
        retried=nothing,
        ended=nothing,
        tap=nothing,
        gap_s=0.25,
        jitter_s=0.0,
        random=Random(1),
    )
    line.start()
    return line


@warped
async def test_a_peer_that_takes_no_bytes_is_given_up_within_ten_seconds() -> None:
    """Field case 25."""
    keeper = Keeper("the test's line")
    line = await stuck_line(keeper)
    with pytest.raises(ConnectionLost, match="took no bytes for 10 s"):
        await line.ask(LIVE, Patience(timeout_s=30.0, retries=3, retry_delay_s=0.0), Priority.POLLING)
    assert asyncio.get_running_loop().time() == 10.0
    assert not keeper.is_open


@warped
async def test_a_heartbeat_is_returned_at_once_with_its_type() -> None:
    async with bench() as b:
        b.adapter.latency_s = 1.0
        busy = [asyncio.ensure_future(b.ask(request)) for request in (LIVE, TOTALS)]
        await elapse(0.1)
        await b.adapter.say(Heartbeat(ADAPTER, 0x20))
        await elapse(0.001)
        answered = [data for direction, data in b.passed if direction == ">"]
        assert answered == [encode_frame(LIVE), encode_frame(Heartbeat(ADAPTER, 0x20))]
        await asyncio.gather(*busy)


@warped
async def test_heartbeats_in_crowds_are_not_stored_for_a_peer_that_reads_slowly() -> None:
    keeper = Keeper("the test's line")
    line = await stuck_line(keeper)
    line.hear(encode_frame(Heartbeat(ADAPTER)) * 1000)
    assert len(line._beats) <= MOST_BEATS
    await keeper.close()


@warped
async def test_a_broadcast_is_heard_and_answers_nothing() -> None:
    async with bench() as b:
        lan = LanConfiguration("203.0.113.9,255.255.255.0,203.0.113.1\r\n\r\n", "WO2203G000")
        await b.adapter.say(lan)
        await b.ask(LIVE)
        assert b.heard[0] == lan


@warped
async def test_probes_go_in_pairs_because_most_are_never_answered() -> None:
    async with bench() as b:
        b.adapter.latency_s = 0.0
        b.adapter.act = lambda _: None
        probes = [ReadRequest(meter, Bank.IR, 60, 30) for meter in range(1, 5)]
        found = await asyncio.gather(
            *(b.ask(p, PROBE, Priority.PROBE) for p in probes), return_exceptions=True
        )
        assert all(isinstance(error, TimedOut) for error in found)
        assert len(b.adapter.requests) == 8
        assert asyncio.get_running_loop().time() <= 3.0


@warped
async def test_nothing_else_goes_while_a_probe_is_under_way() -> None:
    async with bench() as b:
        probe = ReadRequest(1, Bank.IR, 60, 30)
        b.adapter.act = lambda request: None if request == probe else b.adapter.frame(request)
        once = Patience(timeout_s=0.5, retries=0, retry_delay_s=0.0)
        probing = asyncio.ensure_future(b.ask(probe, once, Priority.PROBE))
        await elapse(0.01)
        await b.ask(LIVE)
        assert [round(at, 2) for at, _ in b.adapter.asked] == [0.0, 0.5]
        with pytest.raises(TimedOut):
            await probing


@warped
async def test_more_than_the_queue_holds_waits_its_turn() -> None:
    async with bench() as b:
        b.adapter.latency_s = 0.01
        requests = [ReadRequest(0x11, Bank.IR, 0, count) for count in range(1, MOST_QUEUED + 6)]
        replies = await asyncio.gather(*map(b.ask, requests))
        assert [reply.count for reply in replies] == list(range(1, MOST_QUEUED + 6))
        assert len(b.line._exchanges) == 0
        assert len(b.line._queue) == 0


@warped
async def test_who_is_let_in_and_goes_leaves_the_room_to_the_next() -> None:
    async with bench() as b:
        b.adapter.latency_s = 60.0
        requests = [ReadRequest(0x11, Bank.IR, 0, count) for count in range(1, MOST_QUEUED + 3)]
        *asking, first, second = [asyncio.ensure_future(b.ask(request)) for request in requests]
        await elapse(0.1)
        asking[-1].cancel()
        await asyncio.sleep(0)  # its end lets the first in, which has not heard of it yet
        first.cancel()
        await elapse(0.1)
        assert requests[-1].count in [exchange.request.value for exchange in b.line._exchanges.values()]
        for one in (*asking, second):
            one.cancel()


@warped
async def test_an_answer_that_drips_is_no_silence() -> None:
    async with bench() as b:
        frame = b.adapter.frame(LIVE) or b""
        b.adapter.act = lambda _: None
        asked = asyncio.ensure_future(b.ask(LIVE, Patience(timeout_s=0.1, retries=0, retry_delay_s=0.0)))
        await elapse(0.05)
        for at in range(len(frame)):
            await b.adapter.send(frame[at : at + 1])
            await elapse(0.001)
        assert (await asked).words == tuple(WORDS)


@warped
async def test_a_frame_without_its_tail_is_given_up_after_two_seconds() -> None:
    async with bench() as b:
        frame = b.adapter.frame(LIVE) or b""
        await b.adapter.send(frame[:100])
        await elapse(2.5)
        await b.adapter.send(b.adapter.frame(TOTALS) or b"")
        await elapse(0.1)
        assert [item.base for item in b.heard if isinstance(item, ReadReply)] == [180]


@warped
async def test_an_error_reply_of_another_bank_ends_nothing() -> None:
    async with bench() as b:
        asked = asyncio.ensure_future(b.ask(LIVE))
        await elapse(0.05)
        await b.adapter.say(ErrorReply(0x11, 3, 0, 60, UNIT, ADAPTER))
        await b.adapter.say(ErrorReply(0x31, 4, 0, 60, UNIT, ADAPTER))
        assert (await asked).words == tuple(WORDS)
        assert b.adapter.requests == [LIVE]
