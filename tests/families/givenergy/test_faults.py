"""What a plant, its adapter and the network do wrong, and that no sample is lost and no wrong value believed.

The plants lie still, so whatever differs from the first clean poll is wrong. A sample is lost when it did not come within
its interval, with whatever tries fit in there.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.families.givenergy import (
    Client,
    CommunicationError,
    ConnectionLost,
    Plant,
    RefreshError,
    RegisterCache,
    StoredDifferently,
    TimedOut,
    commands,
    decode_frame,
)
from ohmstead.families.givenergy.simulator.distortions import noisy
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    LIMIT_BYTES,
    Conversation,
    ReadReply,
    ReadRequest,
    Role,
    WriteReply,
    WriteRequest,
    encode_frame,
)
from ohmstead.kit.link import tcp
from ohmstead.kit.wire import Damage
from ohmstead.model import DeviceError, WireError
from ohmstead.testing import elapse, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Site

INTERVAL_S: Final = 15.0
RECOVERED_S: Final = INTERVAL_S + 2.0
POLLED: Final = ((0x11, "IR", 0), (0x11, "IR", 180), (0x32, "IR", 60), (0x33, "IR", 60))


def known(plant: Plant) -> Mapping[tuple[int, str, int], tuple[int, ...] | None]:
    """Every register that a poll reads."""
    return {(d, b, base): plant.cache(d).words(b, base, 60) for d, b, base in POLLED}


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def sample(client: Client, interval_s: float = INTERVAL_S) -> bool:
    """One poll with the tries that fit into its interval; whether it came. What one try brought is not asked for again."""
    started_s = now_s()
    try:
        async with asyncio.timeout(interval_s):
            while True:
                try:
                    if not client.connected:
                        await client.connect()
                    await client.refresh(max_age=now_s() - started_s)
                except (RefreshError, CommunicationError):
                    await elapse(1.0)
                else:
                    return True
    except TimeoutError:
        return False


class Watch:
    """Polls in steps, and tells what went wrong."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.truth = known(client.plant)
        self.lost = 0
        self.wrong = 0

    async def poll(self, times: int) -> None:
        for _ in range(times):
            started_s = now_s()
            self.lost += not await sample(self.client)
            self.wrong += known(self.client.plant) != self.truth
            await elapse(max(0.0, started_s + INTERVAL_S - now_s()))


@asynccontextmanager
async def watched(site: Open, **options: Any) -> AsyncIterator[tuple[Any, Watch]]:
    async with site("hybrid-gen1", **options) as s:
        await s.detected()
        await s.client.refresh()
        yield s, Watch(s.client)


PAGE = ReadReply(0x32, Bank.IR, 60, tuple(range(3000, 3060)), "SA2114G123", "WF2125G456")
OTHER = ReadReply(0x11, Bank.IR, 0, tuple(range(100, 160)), "SA2114G123", "WF2125G456")


@pytest.mark.parametrize("at", range(1, 164))
def test_f1_a_reply_split_anywhere_is_the_same_reply(at: int) -> None:
    conversation, frame = Conversation(), encode_frame(PAGE)
    assert conversation.receive(frame[:at]) == []
    assert conversation.receive(frame[at:]) == [PAGE]


@warped
async def test_f1_polls_in_pieces_lose_nothing(site: Open) -> None:
    async with watched(site) as (s, watch):
        for size in (1, 7, 43, 163):
            await s.plant.act("clear_faults")
            await s.fault("split", bytes=size)
            await watch.poll(5)
        assert (watch.lost, watch.wrong) == (0, 0)


@warped
async def test_f2_one_byte_a_millisecond_is_no_silence(site: Open) -> None:
    async with watched(site) as (s, watch):
        s.network.faults.chunk_bytes = 1
        await watch.poll(10)
        assert (watch.lost, watch.wrong) == (0, 0)


@warped
async def test_f3_two_replies_at_once_and_replies_twice_are_each_taken_for_what_they_are(site: Open) -> None:
    async with watched(site) as (s, watch):
        await s.fault("glue")
        await watch.poll(10)
        twice = encode_frame(PAGE) * 2 + encode_frame(OTHER)
        assert Conversation().receive(twice) == [PAGE, PAGE, OTHER]
        assert (watch.lost, watch.wrong) == (0, 0)


@warped
async def test_f4_noise_costs_no_sample_and_no_memory(site: Open) -> None:
    async with watched(site) as (s, watch):
        s.network.faults.garbage_pct = 50.0
        await watch.poll(20)
        for noise in (b"\x59", b"\x59\x59", b"\x59\x59\x00", b"\x59\x59\x00\x01", b"\x59" * 40, bytes(3000)):
            s.network.inject(noise)
            await watch.poll(2)
            assert s.client._connection._line._ear._conversation.held_bytes <= LIMIT_BYTES
        assert (watch.lost, watch.wrong) == (0, 0)


@pytest.mark.parametrize("fault", ["drop-client", "reset-client"])
def test_f5_a_connection_that_ends_in_the_middle_costs_no_sample(fault: str, site: Open) -> None:
    @warped
    async def run() -> None:
        async with watched(site) as (s, watch):
            await s.fault(fault, chance=0.1)
            await watch.poll(40)
            assert s.plant.faults.happened[fault] > 5
            assert (watch.lost, watch.wrong) == (0, 0)

    run()


@warped
async def test_f5_half_a_reply_and_then_the_end(site: Open) -> None:
    async with watched(site) as (s, watch):
        half = encode_frame(OTHER)[:90]
        for _ in range(5):
            polling = asyncio.ensure_future(sample(s.client))
            await elapse(0.05)
            s.network.inject(half)
            s.network.cut()
            assert await polling
            await watch.poll(1)
        assert (watch.lost, watch.wrong) == (0, 0)


@warped
async def test_f6_silence_ends_in_time_and_is_over_when_it_is_over(site: Open) -> None:
    async with watched(site) as (s, watch):
        await s.fault("silent-window", s=10, times=1)
        await watch.poll(1)
        assert watch.lost == 0
        await s.fault("silent-window", s=100, times=1)
        started_s = now_s()
        with pytest.raises(RefreshError):
            await s.client.refresh()
        assert now_s() - started_s < INTERVAL_S
        await elapse(100)
        started_s = now_s()
        assert await sample(s.client)
        assert now_s() - started_s < RECOVERED_S
        assert watch.wrong == 0


@warped
async def test_f6_a_connection_that_swallows_everything_ends_in_time(site: Open) -> None:
    async with watched(site) as (s, watch):
        s.network.faults.black_hole = True
        for _ in range(3):
            await elapse(INTERVAL_S)
            assert not await sample(s.client)
        s.network.faults.black_hole = False
        await s.client.connect()
        await watch.poll(3)
        assert (watch.lost, watch.wrong) == (0, 0)


@warped
async def test_f7_who_refuses_is_named_and_taken_back(site: Open, caplog: pytest.LogCaptureFixture) -> None:
    async with watched(site) as (s, watch):
        await s.plant.listener.pause()
        s.network.cut()
        await elapse(1)
        for _ in range(5):
            with pytest.raises(CommunicationError, match="adapter:8899"):
                await s.client.connect()
            await elapse(INTERVAL_S)
        assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1
        await s.plant.listener.resume()
        await watch.poll(2)
        assert (watch.lost, watch.wrong) == (0, 0)


@warped
async def test_f7_a_name_that_nobody_knows_is_said() -> None:
    client = Client("no-such-adapter.invalid", dial=tcp("no-such-adapter.invalid", 8899))
    with pytest.raises(CommunicationError, match="no-such-adapter"):
        await client.connect()


@warped
async def test_f8_a_late_reply_is_never_the_answer_to_the_next_request(site: Open) -> None:
    async with watched(site) as (s, watch):
        await s.fault("slow", s=3.0, chance=0.3)
        await watch.poll(40)
        assert watch.wrong == 0
        replies = await s.client.execute(
            [ReadRequest(d, Bank(b), base, 60) for d, b, base in POLLED], timeout=1.0, return_exceptions=True
        )
        for (device, bank, base), reply in zip(POLLED, replies, strict=True):
            if not isinstance(reply, Exception):
                assert (reply.device, reply.bank, reply.base) == (device, bank, base)


@pytest.mark.long
@warped
async def test_f9_three_clients_and_the_cloud_at_once_disturb_nobody(site: Open) -> None:
    async with site("hybrid-gen1", cloud="on") as s:
        await s.detected()
        await s.client.refresh()
        others = [s.another_client(random=Random(n)) for n in (3, 4)]
        for other in others:
            await other.connect()
            other.plant.capabilities = s.client.plant.capabilities
        watch = Watch(s.client)

        async def busy(client: Client) -> None:
            while True:
                await client.refresh()

        tasks = [asyncio.ensure_future(busy(other)) for other in others]
        await watch.poll(40)
        assert (watch.lost, watch.wrong) == (0, 0)
        for task, other in zip(tasks, others, strict=True):
            assert not task.done()
            task.cancel()
            await other.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("kind", "chance", "polls"),
    [("bad-crc", 1 / 300, 300), ("byte-noise", 1 / 300, 300), ("bad-crc", 0.2, 100)],
)
def test_f13_damaged_replies_are_never_believed_and_seldom_cost_a_sample(
    kind: str, chance: float, polls: int, site: Open
) -> None:
    @warped
    async def run() -> None:
        async with watched(site) as (s, watch):
            await s.fault(kind, chance=chance)
            await watch.poll(polls)
            assert s.plant.faults.happened[kind] > 0
            assert watch.wrong == 0
            if chance < 0.01:
                assert watch.lost == 0

    run()


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32), how=st.sampled_from(["flip", "insert", "delete", ""]))
def test_f13_no_noise_makes_another_page_of_a_page(seed: int, how: str) -> None:
    for item in Conversation().receive(noisy(encode_frame(PAGE), how, Random(seed)) + encode_frame(OTHER)):
        if isinstance(item, ReadReply):
            assert item.words in (PAGE.words, OTHER.words)


@pytest.mark.parametrize(
    "fault",
    ["zero-page", "zero-tail", "splice", "substituted-page", "wrong-serial", "null-message", "lan-broadcast"],
)
def test_f14_a_wrong_page_with_a_right_crc_is_held_back_and_healed(fault: str, site: Open) -> None:
    @warped
    async def run() -> None:
        async with watched(site) as (s, watch):
            # Never twice in a row: a value that two polls show is believed.
            await s.plant.act("fault", name=fault, **{"every": 45, "for": 10})
            for _ in range(40):
                await elapse(INTERVAL_S)
                await sample(s.client)
                watch.wrong += known(s.client.plant) != watch.truth
            assert fault == "substituted-page" or s.plant.faults.happened[fault] > 10
            assert watch.wrong == 0
            await s.plant.act("clear_faults")
            await elapse(1)
            await s.client.refresh()
            for device, bank, base in POLLED:
                assert s.client.plant.block_age(device, Bank(bank), base, 60) < 10

    run()


@warped
async def test_f14_the_same_values_from_another_device_stay_with_that_device(site: Open) -> None:
    async with watched(site) as (s, watch):
        await s.fault("wrong-device", device=0x11)
        await watch.poll(5)
        assert watch.wrong == 0
        assert s.client.plant.meters == {}


@settings(max_examples=200)
@given(
    words=st.lists(st.integers(0, 65535), min_size=60, max_size=60),
    base=st.sampled_from([0, 60, 120, 180, 1600, 2040]),
)
def test_f15_no_registers_make_a_view_raise_or_tell_the_impossible(words: list[int], base: int) -> None:
    plant = Plant()
    for device in (0x11, 0x32, 0x50, 0x70, 0x01):
        for bank in (Bank.HR, Bank.IR):
            plant.register_caches.setdefault(device, RegisterCache()).store(bank, base, words)
    unit = plant.inverter
    assert isinstance(unit.model_dump_json(), str)
    assert unit.f_ac1 is None or 0 <= unit.f_ac1 <= 100
    assert unit.battery_soc is None or 0 <= unit.battery_soc <= 100


@settings(max_examples=300)
@given(
    data=st.one_of(st.binary(max_size=400), st.binary(max_size=200).map(lambda b: b"\x59\x59\x00\x01" + b))
)
def test_f16_any_bytes_are_damage_or_our_own_error(data: bytes) -> None:
    for role in Role:
        conversation = Conversation(role)
        found = [*conversation.receive(data), *conversation.end()]
        assert sum(item.size for item in found if isinstance(item, Damage)) <= len(data)
        try:
            decode_frame(data, role)
        except WireError as error:
            assert len(error.data) <= 8


@warped
async def test_f16_a_web_server_at_the_port_is_no_inverter(site: Open) -> None:
    async with site() as s:
        await s.client.connect()
        await s.fault("silent-window", s=1000)
        detecting = asyncio.ensure_future(s.client.detect(retries=0))
        await elapse(0.1)
        s.network.inject(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>null</html>" * 20)
        with pytest.raises(CommunicationError):
            await detecting


@pytest.mark.parametrize("length", [0, 1, 12, 301, 0xFFFF])
def test_f17_a_length_that_lies_is_refused_and_the_next_frame_found(length: int) -> None:
    frame = bytearray(encode_frame(PAGE))
    frame[4:6] = length.to_bytes(2)
    conversation = Conversation()
    found = conversation.receive(bytes(frame) + encode_frame(OTHER))
    assert [item for item in found if not isinstance(item, Damage)] == [OTHER]
    assert conversation.held_bytes == 0


def test_f17_a_flood_is_never_stored() -> None:
    conversation = Conversation()
    for _ in range(200):
        conversation.receive(b"\x59\x59\x00\x01" * 1024)
        assert conversation.held_bytes <= LIMIT_BYTES


@warped
async def test_f18_what_is_unknown_is_left_out_and_the_rest_read(site: Open) -> None:
    async with watched(site) as (s, _):
        await s.plant.act("set", device=0x11, base=0, bank="IR", words=[99])
        await s.plant.act("set", device=0x11, base=27, bank="HR", words=[99])
        await s.client.load_config()
        unit = (await s.client.refresh()).inverter
        assert (unit.status, unit.battery_power_mode) == (None, None)
        assert unit.v_ac1 is not None
        assert unit.charge_slot_1 is not None


@warped
async def test_f19_counters_are_told_as_they_stand(site: Open) -> None:
    """What a reset or a jump means is for whoever adds up; the client tells what the device says, once it is believed."""
    async with watched(site) as (s, _):
        for total in (1000, 1001, 0xFFFF, 0, 500):
            await s.plant.act("set", device=0x11, base=11, bank="IR", words=[0, total])
            assert (await s.client.refresh()).inverter.e_pv_total == total / 10


@pytest.mark.parametrize(("year", "month"), [(70, 1), (99, 12), (0, 0)])
def test_f20_the_clock_of_the_device_does_not_date_what_it_says(year: int, month: int, site: Open) -> None:
    @warped
    async def run() -> None:
        async with watched(site) as (s, _):
            await s.plant.act("set", device=0x11, base=35, bank="HR", words=[year, month, 1, 0, 0, 0])
            await s.client.load_config()
            plant = await s.client.refresh()
            assert plant.last_updated_at is not None
            assert (s.world.clock.now() - plant.last_updated_at).total_seconds() < 5
            assert (plant.inverter.system_time is None) is (month == 0)

    run()


class Writes:
    """How often each register was written."""

    def __init__(self, plant: Any) -> None:
        self._plant = plant
        self._before = plant.state()["writes"]

    @property
    def count(self) -> int:
        return int(self._plant.state()["writes"]) - int(self._before)


@warped
async def test_f25_a_write_whose_echo_was_lost_is_looked_at_and_done_once(site: Open) -> None:
    async with watched(site) as (s, _):
        await s.fault("lost-ack", times=1)
        writes = Writes(s.plant)
        (confirmed,) = await s.client.one_shot_command(commands.set_battery_soc_reserve(17), retries=2)
        assert confirmed.value == 17
        assert writes.count == 1
        assert (await s.plant.act("read", device=0x11, base=110))["words"] == [17]


@warped
async def test_f25_an_echo_that_comes_late_does_no_harm(site: Open) -> None:
    async with watched(site) as (s, _):
        await s.fault("late-ack", times=1)
        await s.client.one_shot_command(commands.set_battery_soc_reserve(17), retries=2)
        await s.client.one_shot_command(commands.set_battery_soc_reserve(18), retries=2)
        await elapse(10)
        assert (await s.plant.act("read", device=0x11, base=110))["words"] == [18]
        (reply,) = await s.client.execute([ReadRequest(0x11, Bank.HR, 110, 1)])
        assert reply.words == (18,)


@warped
async def test_f26_a_write_that_was_acknowledged_and_ignored_shows_when_read(site: Open) -> None:
    async with watched(site) as (s, _):
        before = (await s.client.load_config()).inverter.battery_soc_reserve
        await s.fault("ignored-write", times=1)
        await s.client.one_shot_command(commands.set_battery_soc_reserve(33))
        unit = (await s.client.load_config()).inverter
        assert unit.battery_soc_reserve == before != 33


@warped
async def test_f26_a_write_that_is_done_late_shows_within_two_polls(site: Open) -> None:
    async with watched(site) as (s, _):
        await s.fault("late-write", times=1, s=5)
        await s.client.one_shot_command(commands.set_battery_soc_reserve(33))
        await elapse(INTERVAL_S)
        assert (await s.client.load_config()).inverter.battery_soc_reserve == 33


@warped
async def test_f26_a_device_that_is_busy_is_tried_no_more_than_asked(site: Open) -> None:
    async with watched(site) as (s, _):
        await s.fault("busy", s=600)
        frames: list[bytes] = []
        capturing = asyncio.ensure_future(
            s.client.capture_frames(lambda _, frame: frames.append(frame), 1000)
        )
        await elapse(0)
        with pytest.raises(TimedOut, match="refused"):
            await s.client.one_shot_command(commands.set_charge_target_enabled(80), retries=2)
        assert len([frame for frame in frames if len(frame) == 34]) == 3
        capturing.cancel()


@warped
async def test_f26_the_echo_of_another_client_is_not_taken_for_ours(site: Open) -> None:
    async with watched(site) as (s, _):
        await s.fault("foreign-echo", times=1, value=99)
        (confirmed,) = await s.client.one_shot_command(commands.set_battery_soc_reserve(17))
        assert confirmed.value == 17
        assert (await s.plant.act("read", device=0x11, base=110))["words"] == [17]


def test_the_errors_of_writing_are_the_houses_own() -> None:
    for kind in (StoredDifferently, TimedOut, ConnectionLost):
        assert issubclass(kind, DeviceError)
    assert WriteReply(0x11, 1, 2, "", "") != WriteRequest(0x11, 1, 2)
