"""The DTU on raw sockets: kicks, late answers, rubbish, lying lengths, peers that say nothing."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu, ConfigSetToDtu
from ohmstead.families.hoymiles.simulator import PROFILES, simulate
from ohmstead.families.hoymiles.wire import Conversation, Frame, encode_frame
from ohmstead.kit.world import World
from ohmstead.model import Fault, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, run, warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)


class Wire:
    """A client's socket, without anything of ours above it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.conversation = Conversation()

    async def ask(self, *frames: Frame) -> None:
        self.writer.write(b"".join(map(encode_frame, frames)))
        await self.writer.drain()

    async def answers(self, count: int) -> list[Frame]:
        found: list[Frame] = []
        while len(found) < count:
            data = await self.reader.read(2000)
            assert data, "the DTU hung up"
            found += [item for item in self.conversation.receive(data) if isinstance(item, Frame)]
        return found

    async def has_ended(self) -> bool:
        try:
            async with asyncio.timeout(2):
                return not await self.reader.read(2000)
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False


@asynccontextmanager
async def dtu(**options: Any) -> AsyncIterator[Any]:
    world = World(ScaledClock(NOON))
    async with simulate(SimulatorOptions(**options), world) as simulator:
        yield simulator


@asynccontextmanager
async def wire(simulator: Any) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", simulator.endpoints["dtu"])
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()


@warped
async def test_a_newcomer_ends_the_connection_that_stands() -> None:
    async with dtu() as simulator, wire(simulator) as first:
        await first.ask(Frame(0xA301, 1))
        await first.answers(1)
        async with wire(simulator) as second:
            assert await first.has_ended()
            await second.ask(Frame(0xA302, 2))
            assert [f.sequence for f in await second.answers(1)] == [2]
        assert simulator.service.kicks == 1


@warped
async def test_the_old_connection_may_be_broken_off() -> None:
    async with dtu(faults=(Fault("delay", {"s": "3"}),)) as simulator, wire(simulator) as first:
        simulator.service.breaks_off = True
        await first.ask(Frame(0xA302, 1))
        async with wire(simulator):
            assert await first.has_ended()


@warped
async def test_what_the_old_connection_asked_is_answered_on_the_new_one() -> None:
    async with dtu(faults=(Fault("delay", {"s": "3", "times": "1"}),)) as simulator, wire(simulator) as first:
        await first.ask(Frame(0xA311, 41))
        await elapse(1)
        async with wire(simulator) as second:
            assert await first.has_ended()
            (late,) = await second.answers(1)
            assert (late.command_id, late.sequence) == (0xA211, 41)


@warped
async def test_late_answers_may_be_dropped() -> None:
    async with dtu(faults=(Fault("delay", {"s": "3", "times": "1"}),)) as simulator, wire(simulator) as first:
        simulator.service.late_replies = False
        await first.ask(Frame(0xA311, 41))
        await elapse(1)
        async with wire(simulator) as second:
            await elapse(5)
            await second.ask(Frame(0xA302, 42))
            assert [f.sequence for f in await second.answers(1)] == [42]


@warped
async def test_requests_in_one_segment_are_answered_in_turn() -> None:
    async with dtu() as simulator, wire(simulator) as w:
        await w.ask(Frame(0xA302, 1), Frame(0xA301, 2), Frame(0xA302, 3))
        assert [f.sequence for f in await w.answers(3)] == [1, 2, 3]


@warped
async def test_a_request_byte_by_byte_is_a_request() -> None:
    async with dtu() as simulator, wire(simulator) as w:
        for byte in encode_frame(Frame(0xA311, 5)):
            w.writer.write(bytes((byte,)))
            await elapse(0.2)
        assert [f.command_id for f in await w.answers(1)] == [0xA211]


NOISE = (
    b"\x00" * 10,
    b"H",
    b"HM",
    b"HMHM",
    b"GET / HTTP/1.1\r\nHost: dtu\r\n\r\n",
    bytes(range(256)),
)


@pytest.mark.parametrize("noise", NOISE)
@warped
async def test_it_finds_its_feet_after_noise(noise: bytes) -> None:
    async with dtu() as simulator, wire(simulator) as w:
        for number in range(3):
            w.writer.write(noise)
            await w.ask(Frame(0xA302, number))
        assert (await w.answers(1))[0].command_id == 0xA202
        await w.ask(Frame(0xA302, 77))
        while (await w.answers(1))[-1].sequence != 77:
            pass
        assert simulator.service.damaged_bytes > 0


@warped
async def test_a_wrong_crc_gets_no_answer_and_keeps_the_connection() -> None:
    async with dtu() as simulator, wire(simulator) as w:
        good = encode_frame(Frame(0xA302, 1, b"\x08\x01"))
        for bad in (good[:6] + good[7:8] + good[6:7] + good[8:], good[:-1] + b"\x02"):
            w.writer.write(bad)
            await w.ask(Frame(0xA302, 2))
            assert [f.sequence for f in await w.answers(1)] == [2]
        assert simulator.service.frames["A302"] == 2


@pytest.mark.parametrize("length", [0, 5, 9, 11, 200])
@warped
async def test_a_length_that_lies_costs_itself_at_most(length: int) -> None:
    async with dtu() as simulator, wire(simulator) as w:
        lie = struct.pack(">2sHHHH", b"HM", 0xA302, 1, 0xFFFF, length)
        w.writer.write(lie)
        for number in range(20):
            await w.ask(Frame(0xA302, 100 + number))
        assert (await w.answers(1))[0].sequence >= 100


@warped
async def test_a_length_of_everything_holds_up_one_connection_only() -> None:
    async with dtu() as simulator:
        async with wire(simulator) as w:
            w.writer.write(struct.pack(">2sHHHH", b"HM", 0xA302, 1, 0, 0xFFFF))
            assert not await w.has_ended()
        async with wire(simulator) as other:
            await other.ask(Frame(0xA302, 3))
            assert [f.sequence for f in await other.answers(1)] == [3]


@warped
async def test_a_peer_that_says_nothing_is_let_go_after_five_minutes() -> None:
    async with dtu() as simulator, wire(simulator) as w:
        await elapse(299)
        assert simulator.service.is_connected
        await elapse(2)
        assert not simulator.service.is_connected
        assert await w.has_ended()


@warped
async def test_a_peer_that_vanished_without_a_word_hinders_nobody() -> None:
    async with dtu() as simulator:
        gone = socket.create_connection(("127.0.0.1", simulator.endpoints["dtu"]))
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await elapse(1)
        async with wire(simulator) as w:
            await w.ask(Frame(0xA301, 1))
            assert len(await w.answers(1)) == 1
        gone.close()


@warped
async def test_a_peer_that_leaves_before_its_answer_hinders_nobody() -> None:
    async with dtu() as simulator:
        for _ in range(5):
            async with wire(simulator) as w:
                await w.ask(Frame(0xA301, 1))
        async with wire(simulator) as w:
            await w.ask(Frame(0xA302, 2))
            assert (await w.answers(1))[-1].command_id in (0xA202, 0xA201)


@warped
async def test_old_firmware_sends_data_unasked_each_minute() -> None:
    async with dtu(model="dtu-old") as simulator, wire(simulator) as w:
        await elapse(121)
        pushed = await w.answers(2)
        assert [f.command_id for f in pushed] == [0xA203, 0xA203]
        assert pushed[1].sequence == (pushed[0].sequence + 1) % 0x10000


@warped
async def test_a_new_network_setting_takes_the_link_down_for_twenty_seconds() -> None:
    async with dtu() as simulator:
        async with wire(simulator) as w:
            image = ConfigSetToDtu(wifi_ssid="Elsewhere", net_mode=1, app_page=1)
            await w.ask(Frame(0xA310, 1, image.SerializeToString()))
            (answer,) = await w.answers(1)
            assert answer.command_id == 0xA210
            assert await w.has_ended()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", simulator.endpoints["dtu"])
        await elapse(21)
        async with wire(simulator) as w:
            await w.ask(Frame(0xA309, 2))
            (config,) = await w.answers(1)
            assert ConfigGetFromDtu.FromString(config.payload).wifi_ssid == "Elsewhere"


@pytest.mark.long
@pytest.mark.parametrize("model", list(PROFILES))
@given(
    data=st.lists(st.binary(max_size=200), max_size=6), frames=st.lists(st.binary(max_size=60), max_size=6)
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_r2_whatever_arrives_the_dtu_goes_on(model: str, data: list[bytes], frames: list[bytes]) -> None:
    ids = (0xA302, 0xA305, 0xA310, 0xA311, 0xA315, 0x2305, 0xA308)

    async def poured() -> None:
        async with dtu(model=model) as simulator:
            async with wire(simulator) as w:
                for number, payload in enumerate(frames):
                    w.writer.write(encode_frame(Frame(ids[number % len(ids)], number, payload)))
                for piece in data:
                    w.writer.write(piece)
                await elapse(5)
            if not simulator.state()["is_away"]:
                async with wire(simulator) as w:
                    await elapse(1)
                    assert simulator.service.is_connected

    run(poured())
