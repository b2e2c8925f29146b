"""Several clients on one adapter: all hear everything, and each has to give a sign of life."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import Heartbeat, ReadReply, ReadRequest
from ohmstead.model import ConnectionLost
from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
SERIAL = ReadRequest(0x11, Bank.HR, 13, 5)


@warped
async def test_every_client_hears_every_reply_byte_for_byte(bench: Open) -> None:
    async with bench() as b, b.ear() as one, b.ear() as two, b.ear() as three, b.ear() as four:
        await one.say(SERIAL)
        await two.say(ReadRequest(0x11, Bank.HR, 0, 2))
        for ear in (one, two, three, four):
            assert [(await ear.hear()).base for _ in range(2)] == [13, 0]
        assert one.heard == two.heard == three.heard == four.heard
        assert one.heard.count(b"YY\x00\x01") == 2


@warped
async def test_nobody_hears_a_request(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as one, b.ear() as two:
        await one.say(ReadRequest(0x01, Bank.IR, 60, 30))  # a meter that is not there
        assert await two.hears_nothing()
        assert two.heard == b""


@warped
async def test_the_bus_takes_its_time_for_each_request_in_turn(bench: Open) -> None:
    async with bench("hybrid-gen1", latency="fixed") as b, b.ear() as ear:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        await ear.say(*[SERIAL] * 3)
        took_s = [await moment(ear) - began_s for _ in range(3)]
        assert took_s == [
            pytest.approx(0.13, abs=0.01),
            pytest.approx(0.26, abs=0.01),
            pytest.approx(0.39, abs=0.01),
        ]


async def moment(ear: Any) -> float:
    await ear.hear()
    return asyncio.get_running_loop().time()


@warped
async def test_the_measured_latency_has_a_tail_and_an_end(bench: Open) -> None:
    async with bench("hybrid-gen1", latency="measured") as b, b.ear() as ear:
        loop = asyncio.get_running_loop()
        took_s = []
        for _ in range(400):
            began_s = loop.time()
            await ear.ask(SERIAL)
            took_s.append(loop.time() - began_s)
        assert min(took_s) >= 0.13
        assert 0.15 < sorted(took_s)[200] < 0.3
        assert 0.4 < max(took_s) <= 2.81


@warped
async def test_at_another_speed_there_is_no_latency(bench: Open) -> None:
    async with bench("hybrid-gen1", latency="fixed", speed=60.0) as b, b.ear() as ear:
        began_s = asyncio.get_running_loop().time()
        await ear.ask(SERIAL)
        assert asyncio.get_running_loop().time() - began_s < 0.01


@warped
async def test_more_than_sixteen_waiting_requests_of_one_client_are_lost(bench: Open) -> None:
    async with bench("hybrid-gen1", latency="fixed") as b, b.ear() as one, b.ear() as two:
        await one.say(*[SERIAL] * 25)
        await two.say(SERIAL)
        await b.live(10)
        assert one.heard.count(b"YY\x00\x01") == 16 + 1  # its own, and the other's
        assert b.plant.state()["lost_requests"] == 9


@pytest.mark.parametrize(("plant", "every_s"), [("hybrid-gen1", 180), ("ems", 60)])
@warped
async def test_heartbeats_come_on_time_with_the_adapters_serial(
    bench: Open, plant: str, every_s: int
) -> None:
    async with bench(plant) as b, b.ear() as ear:
        await b.live(every_s - 1)
        assert ear.heartbeats == []
        await b.live(2)
        assert ear.heartbeats == [Heartbeat(b.plant.plant.profile.adapter_serial, 1)]
        await b.live(10 * every_s)
        assert len(ear.heartbeats) == 11
        assert not ear.is_lost


@warped
async def test_three_heartbeats_without_an_answer_end_the_connection(bench: Open) -> None:
    async with bench() as b, b.ear() as dead, b.ear() as alive:
        dead.plays_dead = True
        await b.live(3 * 180 + 4)
        assert not dead.is_lost
        await b.live(2)
        assert dead.is_lost
        assert not alive.is_lost
        assert b.plant.state()["clients"] == 1


@warped
async def test_an_idle_connection_is_closed_where_adapters_do_so(bench: Open) -> None:
    async with bench(idle_close="true") as b, b.ear() as idle, b.ear() as busy:
        for _ in range(4):
            await b.live(5)
            await busy.ask(SERIAL)
        assert idle.is_lost
        assert not busy.is_lost


@warped
async def test_one_client_too_many_is_refused_or_takes_the_oldest_ones_place(bench: Open) -> None:
    async with bench(max_clients="2") as b, b.ear() as one, b.ear(), b.ear() as three:
        with pytest.raises(ConnectionLost):
            await three.ask(SERIAL)
        assert isinstance(await one.ask(SERIAL), ReadReply)
    async with (
        bench(max_clients="2", when_full="drop-oldest") as b,
        b.ear() as one,
        b.ear(),
        b.ear() as three,
    ):
        assert isinstance(await three.ask(SERIAL), ReadReply)
        assert one.is_lost


@warped
async def test_a_client_that_does_not_read_is_shown_out_and_holds_nobody_up(bench: Open) -> None:
    async with bench() as b, b.ear() as reader, b.network.dial("adapter", 8899)():
        for _ in range(1500):
            await reader.read(0x11, "HR", 0, 60)
        assert b.plant.state()["clients"] == 1


@warped
async def test_the_cloud_is_heard_by_everybody_in_its_rounds(bench: Open) -> None:
    async with bench("ac", cloud="on", latency="fixed") as b, b.ear() as ear:
        boot = await ear.hear()
        assert (boot.device, boot.base, boot.words[0]) == (0x11, 0, 0x3001)
        await b.live(33)
        heard = [await ear.hear() for _ in range(4)]
        assert [(reply.device, reply.bank, reply.base) for reply in heard] == [
            (0x31, "HR", 0),
            (0x31, "IR", 0),
            (0x31, "IR", 180),
            (0x32, "IR", 60),
        ]


@warped
async def test_an_ethernet_adapter_tells_its_addresses_now_and_then(bench: Open) -> None:
    async with bench("ac") as b, b.ear() as ear:
        await b.live(181)
        assert [broadcast.addresses for broadcast in ear.broadcasts] == [
            ("192.0.2.57", "255.255.255.0", "192.0.2.1")
        ]


@warped
async def test_the_same_seed_and_the_same_script_give_the_same_bytes(bench: Open) -> None:
    streams = []
    for seed in (1, 1, 2):
        async with bench("hybrid-gen1", seed=seed, cloud="on", latency="measured") as b, b.ear() as ear:
            for name, parameters in (
                ("byte-noise", {"chance": "0.1"}),
                ("splice", {"chance": "0.1"}),
                ("bad-crc", {"chance": "0.1"}),
            ):
                await b.fault(name, **parameters)
            for _ in range(60):
                await ear.say(ReadRequest(0x11, Bank.IR, 0, 60), ReadRequest(0x32, Bank.IR, 60, 60))
                await b.live(10)
            streams.append(ear.heard)
    assert streams[0] == streams[1]
    assert streams[0] != streams[2]
    assert len(streams[0]) > 20_000
