"""A DTU that reports, joined in memory to a server that is told how to behave."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from random import Random

import pytest

from ohmstead.families.hoymiles.dtu_side import CloudSession, CloudState, Outbox
from ohmstead.families.hoymiles.messages import messages_by_id
from ohmstead.families.hoymiles.messages.cloud import (
    CLOUD_ALARMS,
    CLOUD_COMMAND,
    CLOUD_DEV_CONFIG_REPORT,
    CLOUD_HEARTBEAT,
    CLOUD_HISTORY_DATA_NEW,
    CLOUD_REAL_DATA_NEW,
)
from ohmstead.families.hoymiles.messages.exchange import TOWARDS_DTU
from ohmstead.families.hoymiles.protos.alarms_pb2 import AlarmsFromDtu
from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import CloudDevInfoFromDtu, CloudDevInfoToDtu
from ohmstead.families.hoymiles.protos.command_pb2 import CommandFromDtu, CommandToDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import (
    DevConfigFetchFromDtu,
    DevConfigFetchToDtu,
    DevConfigPutFromDtu,
    DevConfigPutToDtu,
    DevConfigReportFromDtu,
)
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu, HeartbeatToDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu
from ohmstead.families.hoymiles.wire import Conversation, Frame
from ohmstead.kit.link import Link, TaskScope
from ohmstead.kit.wire import Damage
from ohmstead.model import ScaledClock
from ohmstead.testing import MemoryNetwork, elapse, warped

SERIAL = "4143A0112233"
START = datetime(2026, 6, 21, 6, tzinfo=UTC)


class Unit:
    def __init__(self, clock: ScaledClock) -> None:
        self.clock = clock
        self.clock_sets: list[tuple[int, int | None]] = []
        self.commands: list[int] = []

    def cloud_heartbeat(self) -> HeartbeatFromDtu:
        return HeartbeatFromDtu(time=int(self.clock.now().timestamp()), signal=-60, dtu_serial=SERIAL)

    def cloud_inventory(self) -> Sequence[CloudDevInfoFromDtu]:
        return [CloudDevInfoFromDtu(dtu_serial=SERIAL, packet_count=2, packet_index=i) for i in range(2)]

    def set_clock(self, time_s: int, utc_offset_s: int | None) -> None:
        self.clock_sets.append((time_s, utc_offset_s))

    def cloud_command(self, request: CommandToDtu) -> CommandFromDtu:
        self.commands.append(request.action)
        return CommandFromDtu(action=request.action, transaction_id=request.transaction_id)

    def cloud_fetch(self, request: DevConfigFetchToDtu) -> DevConfigFetchFromDtu:
        return DevConfigFetchFromDtu(transaction_id=request.transaction_id, data=b"\x01")

    def cloud_put(self, request: DevConfigPutToDtu) -> DevConfigPutFromDtu:
        return DevConfigPutFromDtu(transaction_id=request.transaction_id)


class Server:
    """Acknowledges everything, unless told otherwise, and keeps what it got."""

    def __init__(self) -> None:
        self.got: list[Frame] = []
        self.answered: list[Frame] = []
        self.link: Link | None = None
        self.acknowledges: Callable[[Frame], Frame | None] = self.properly

    def properly(self, frame: Frame) -> Frame | None:
        answer = messages_by_id()[frame.command_id ^ TOWARDS_DTU]()
        if isinstance(answer, HeartbeatToDtu):
            answer = HeartbeatToDtu(utc_offset=99999, time=1_750_000_000)
        return Frame(frame.command_id ^ TOWARDS_DTU, frame.sequence, answer.SerializeToString())

    async def serve(self, link: Link) -> None:
        conversation, self.link = Conversation(), link
        while True:
            for item in conversation.receive(await link.receive()):
                assert not isinstance(item, Damage)
                if item.command_id == CLOUD_COMMAND.answer_id:
                    self.answered.append(item)
                    continue
                self.got.append(item)
                answer = self.acknowledges(item)
                if answer is not None:
                    await link.send(conversation.send(answer))

    def ids(self) -> list[int]:
        return [frame.command_id for frame in self.got]

    def times(self) -> list[int]:
        return [
            RealDataNewFromDtu.FromString(frame.payload).time
            for frame in self.got
            if frame.command_id in (CLOUD_REAL_DATA_NEW.request_id, CLOUD_HISTORY_DATA_NEW.request_id)
        ]


class Scene:
    def __init__(self) -> None:
        self.clock = ScaledClock(START)
        self.unit = Unit(self.clock)
        self.server = Server()
        self.network = MemoryNetwork()
        self.states: list[CloudState] = []
        self.session = CloudSession(
            self.network.dial("cloud", 10081),
            self.unit,
            clock=self.clock,
            random=Random(1),
            watch=self.states.append,
        )


@asynccontextmanager
async def scene() -> AsyncIterator[Scene]:
    s = Scene()
    async with s.network.listen(s.server.serve, "cloud", 10081), TaskScope() as scope:
        scope.start(s.session.run())
        await elapse(1)
        yield s


def data(time_s: int) -> list[RealDataNewFromDtu]:
    return [RealDataNewFromDtu(dtu_serial=SERIAL, time=time_s, packet_count=1)]


@warped
async def test_it_says_who_it_is_and_then_a_heartbeat_every_minute() -> None:
    async with scene() as s:
        assert s.server.ids() == [0x2202, 0x2201, 0x2201]
        assert s.unit.clock_sets == [(1_750_000_000, None)]
        await elapse(180)
        assert s.server.ids()[3:] == [0x2202] * 3
        assert s.session.state is CloudState.CONNECTED


@warped
async def test_live_data_goes_out_at_once_and_leaves_the_outbox_when_acknowledged() -> None:
    async with scene() as s:
        s.session.upload(data(100))
        await elapse(1)
        assert s.server.ids()[3:] == [0x220C]
        assert len(s.session.outbox) == 0
        assert s.session.acknowledged == 1


@warped
async def test_what_a_lost_link_kept_back_arrives_as_history_and_only_once() -> None:
    async with scene() as s:
        s.session.upload(data(100))
        await elapse(1)
        assert s.server.link is not None
        await s.server.link.close()
        await elapse(1)
        s.session.upload(data(200))
        s.session.upload(data(300))
        await elapse(181)
        assert s.server.times() == [100, 200, 300]
        assert s.server.ids()[-2:] == [0x220D, 0x220D]
        assert s.session.connections == 2


@warped
async def test_an_upload_without_acknowledgement_comes_again_with_the_same_stamp() -> None:
    async with scene() as s:
        s.server.acknowledges = lambda frame: None
        s.session.upload(data(100))
        await elapse(95)
        assert s.states[-1] is CloudState.WAITING
        s.server.acknowledges = s.server.properly
        await elapse(181)
        assert s.server.times() == [100, 100]
        assert len(s.session.outbox) == 0


@warped
async def test_a_silent_server_is_left_after_90_s_and_tried_every_3_minutes() -> None:
    async with scene() as s:
        s.server.acknowledges = lambda frame: None
        await elapse(60 + 90 + 1)
        assert s.session.connections == 1
        await elapse(180)
        assert s.session.connections == 2
        await elapse(90 + 180)
        assert s.session.connections == 3


@warped
async def test_nobody_there_is_tried_again() -> None:
    network = MemoryNetwork()
    clock = ScaledClock(START)
    session = CloudSession(network.dial("cloud", 10081), Unit(clock), clock=clock)
    async with TaskScope() as scope:
        scope.start(session.run())
        await elapse(100)
        session.upload(data(100))
        server = Server()
        async with network.listen(server.serve, "cloud", 10081):
            await elapse(100)
            assert server.times() == [100]


@warped
async def test_a_command_is_answered_at_once_even_while_an_upload_waits() -> None:
    async with scene() as s:
        s.server.acknowledges = lambda frame: None
        s.session.upload(data(100))
        await elapse(1)
        assert s.server.link is not None
        request = CommandToDtu(action=8, transaction_id=7)
        await s.server.link.send(Conversation().send(Frame(0x2305, 500, request.SerializeToString())))
        await elapse(1)
        (answer,) = s.server.answered
        assert (answer.command_id, answer.sequence) == (0x2205, 500)
        assert CommandFromDtu.FromString(answer.payload) == CommandFromDtu(action=8, transaction_id=7)
        assert s.unit.commands == [8]


@warped
async def test_a_late_or_misnumbered_acknowledgement_acknowledges_nothing() -> None:
    async with scene() as s:

        def misnumbered(frame: Frame) -> Frame | None:
            answer = s.server.properly(frame)
            assert answer is not None
            return Frame(answer.command_id, answer.sequence ^ 1, answer.payload)

        s.server.acknowledges = misnumbered
        s.session.upload(data(100))
        await elapse(2)
        assert len(s.session.outbox) == 1


@warped
async def test_a_configuration_report_takes_an_acknowledgement_with_any_number() -> None:
    async with scene() as s:

        def as_the_vendor_does(frame: Frame) -> Frame | None:
            return Frame(frame.command_id ^ TOWARDS_DTU, 8738)

        s.server.acknowledges = as_the_vendor_does
        s.session.report(CLOUD_DEV_CONFIG_REPORT, DevConfigReportFromDtu(data=b"\x01"))
        await elapse(2)
        assert len(s.session.outbox) == 0


@warped
async def test_the_one_shape_of_a_minimal_server_will_do() -> None:
    async with scene() as s:
        shape = CloudDevInfoToDtu(time_text="2026-06-21 14:00:00", utc_offset=28800, time=1_750_000_000)
        s.server.acknowledges = lambda frame: Frame(
            frame.command_id ^ TOWARDS_DTU, frame.sequence, shape.SerializeToString()
        )
        s.unit.clock_sets.clear()
        s.session.upload(data(100))
        s.session.report(CLOUD_ALARMS, AlarmsFromDtu(dtu_serial=SERIAL))
        await elapse(130)
        assert len(s.session.outbox) == 0
        assert s.session.connections == 1
        assert s.unit.clock_sets == []  # it has no time where a heartbeat's answer has it


@warped
async def test_an_acknowledgement_that_is_no_message_ends_the_link_and_not_the_session() -> None:
    async with scene() as s:
        s.server.acknowledges = lambda frame: Frame(frame.command_id ^ TOWARDS_DTU, frame.sequence, b"\xff")
        s.session.upload(data(100))
        await elapse(2)
        assert s.session.state is CloudState.WAITING
        s.server.acknowledges = s.server.properly
        await elapse(181)
        assert s.session.acknowledged == 1


def test_an_outbox_that_is_full_loses_the_oldest_and_says_so() -> None:
    outbox = Outbox(limit=2)
    for time_s in (1, 2, 3):
        outbox.put(CLOUD_REAL_DATA_NEW, data(time_s)[0])
    assert (len(outbox), outbox.lost) == (2, 1)
    first = outbox.first()
    assert first is not None
    assert RealDataNewFromDtu.FromString(first.payload).time == 2


def test_what_was_acknowledged_twice_takes_nothing_else_out() -> None:
    outbox = Outbox()
    for time_s in (1, 2):
        outbox.put(CLOUD_HEARTBEAT, data(time_s)[0])
    first = outbox.first()
    assert first is not None
    outbox.acknowledge(first)
    outbox.acknowledge(first)
    assert len(outbox) == 1


@pytest.mark.long
@warped
async def test_a_week_of_links_that_break_loses_no_sample_and_doubles_none() -> None:
    random = Random(7)
    async with scene() as s:
        sent = []
        for minute in range(0, 7 * 24 * 60, 5):
            time_s = int(START.timestamp()) + 60 * minute
            s.session.upload(data(time_s))
            sent.append(time_s)
            if random.random() < 0.02 and s.server.link is not None:
                await s.server.link.close()
            await elapse(300)
        await elapse(600)
        arrived = s.server.times()
        assert sorted(set(arrived)) == sent
        # Only an acknowledgement that was lost on the way makes one come twice, and none was here.
        assert len(arrived) == len(sent)
