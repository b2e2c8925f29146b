"""The reliability gates by number, for this family: under a poller, over real sockets unless a line must be cut to measure."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.config import HoymilesConfig
from ohmstead.families.hoymiles.device import connect
from ohmstead.families.hoymiles.simulator import HMSW_MID, Dtu, Faults, Service, simulate
from ohmstead.families.hoymiles.wire import LIMIT_BYTES, Conversation, Frame, encode_frame
from ohmstead.kit.link import Hearer, Link, TaskScope
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.world import World
from ohmstead.model import (
    ConnectionLost,
    Fault,
    OhmsteadError,
    Outcome,
    Quality,
    Refused,
    ScaledClock,
    SimulatorOptions,
    SolarReading,
    Source,
)
from ohmstead.polling import Checked, Health, HealthState, Missed, Poller
from ohmstead.testing import MemoryNetwork, elapse, run, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
INTERVAL_S = 35.0
BOUND_S = INTERVAL_S + 2.0


class Notebook:
    """An outlet that writes down what it is told."""

    def __init__(self) -> None:
        self.samples: list[Checked] = []
        self.gaps: list[tuple[Missed, str]] = []
        self.healths: list[Health] = []

    def opened(self, source: str, session: Source) -> None:
        pass

    def sample(self, source: str, checked: Checked, due: datetime) -> None:
        self.samples.append(checked)

    def gap(self, source: str, missed: Missed, reason: str) -> None:
        self.gaps.append((missed, reason))

    def health(self, source: str, health: Health) -> None:
        self.healths.append(health)

    def powers_w(self) -> list[float]:
        """Of everything that was passed on as good."""
        readings = [r for checked in self.samples for r in checked.sample.readings]
        good = [r for r in readings if isinstance(r, SolarReading) and r.quality is Quality.GOOD]
        return [r.power_w for r in good if r.power_w is not None]


class House:
    """A simulated DTU, polled as the gateway does it."""

    def __init__(self, simulator: Any, world: World, notebook: Notebook, poller: Poller) -> None:
        self.simulator = simulator
        self.world = world
        self.notebook = notebook
        self.poller = poller
        self.truth_w: set[float] = set()

    def fault(self, name: str, **parameters: object) -> None:
        self.simulator.service.faults.add(Fault(name, {k: str(v) for k, v in parameters.items()}))

    async def polls(self, count: int) -> None:
        await elapse(count * INTERVAL_S)

    def check(self, lost: int = 0) -> None:
        """Nothing lost, and no power that the inverter never had."""
        assert sum(missed.polls for missed, _ in self.notebook.gaps) == lost, self.notebook.gaps
        powers_w = self.notebook.powers_w()
        assert powers_w
        assert set(powers_w) <= self.truth_w
        energies = [
            r.energy_wh
            for checked in self.notebook.samples
            for r in checked.sample.readings
            if isinstance(r, SolarReading) and r.energy_wh is not None
        ]
        assert energies == sorted(energies)


@asynccontextmanager
async def house(model: str = "hmsw-mid", **extras: str) -> AsyncIterator[House]:
    world = World(ScaledClock(NOON))
    world.weather.set_clear_sky()
    async with (
        simulate(SimulatorOptions(model=model, extras=extras), world) as simulator,
        TaskScope() as scope,
    ):
        config = HoymilesConfig(
            url=f"hoymiles://127.0.0.1:{simulator.endpoints['dtu']}", name="roof", control=True
        )
        notebook = Notebook()
        poller = Poller(
            "roof", lambda: connect(config, LocalServices(world.clock, None)), notebook, world.clock
        )
        lived = House(simulator, world, notebook, poller)
        remember_truth(simulator.dtu, lived.truth_w)
        scope.start(poller.run())
        await lived.polls(2)
        assert notebook.samples
        yield lived


def remember_truth(dtu: Dtu, truth_w: set[float]) -> None:
    """Every power that ever stood in a data set."""
    measure = dtu._measuring.take

    def take(*given: Any) -> Any:
        found = measure(*given)
        truth_w.update(entry.active_power / 10 for entry in found.single_phase)
        return found

    truth_w.update(entry.active_power / 10 for entry in dtu.datasets.current.single_phase)
    dtu._measuring.take = take  # type: ignore[method-assign]


# --- R1: faults that end within an interval lose nothing ---------------------------------------------------------------------

PASSING = (
    "close-on-accept",
    "close-after-request",
    "close-mid-answer",
    "silence",
    "split",
    "batch",
    "garbage",
    "bad-crc",
    "wrong-length",
    "long-length",
    "wrong-sequence",
    "wrong-id",
    "duplicate",
    "unsolicited",
    "late-reply",
    "no-protobuf",
    "cut-protobuf",
    "empty-payload",
    "strange-fields",
    "kick",
)


@pytest.mark.long
@pytest.mark.parametrize("model", ["hmsw-mid", "hmsw-enc"])
@pytest.mark.parametrize("fault", PASSING)
@warped
async def test_r1_a_fault_that_ends_within_an_interval_loses_no_sample(fault: str, model: str) -> None:
    async with house(model) as h:
        for _ in range(4):
            h.fault(fault, times=1)
            await h.polls(3)
        assert h.simulator.service.faults.happened[fault] == 4
        h.check()


# --- by number ---------------------------------------------------------------------------------------------------------------


class Bent:
    """A DTU's link on which every answer goes through a function that sends it on in its own way."""

    def __init__(self, link: Link, bend: Callable[[Link, bytes], Awaitable[None]]) -> None:
        self._link = link
        self._bend = bend

    @property
    def peer(self) -> str:
        return self._link.peer

    async def send(self, data: bytes) -> None:
        await self._bend(self._link, data)

    def offer(self, data: bytes) -> bool:
        return self._link.offer(data)

    async def receive(self) -> bytes:
        return await self._link.receive()

    def attach(self, hearer: Hearer) -> None:
        self._link.attach(hearer)

    async def close(self) -> None:
        await self._link.close()


@asynccontextmanager
async def bent(bend: Callable[[Link, bytes], Awaitable[None]]) -> AsyncIterator[tuple[Client, Dtu]]:
    """A client, and a DTU whose answers are bent."""
    world = World(ScaledClock(NOON))
    world.weather.set_clear_sky()
    dtu = Dtu(HMSW_MID, world, is_clock_set=True)
    dtu.settle()
    world.attach("hoymiles", dtu)
    service = Service(dtu, Faults(Random(1)))
    network = MemoryNetwork()
    async with network.listen(lambda link: service.serve(Bent(link, bend)), "dtu", 10081):
        dial = network.dial("dtu", 10081)
        yield Client(dial, clock=world.clock, random=Random(1), is_paced=False, poll_all=False), dtu


@warped
async def test_f1_an_answer_split_anywhere_is_the_same_answer() -> None:
    cut = {"at": 0}

    async def split(link: Link, data: bytes) -> None:
        at = min(cut["at"], len(data) - 1) or len(data)
        await link.send(data[:at])
        await elapse(0.05)
        if at < len(data):
            await link.send(data[at:])

    async with bent(split) as (client, dtu):
        whole = await client.live()
        first = dtu.datasets.current
        size = len(whole.packets[0].SerializeToString()) + 10
        assert size > 100
        for cut["at"] in range(1, size):
            dtu.datasets.begin_with(first)
            found = await client.live()
            assert (found.single_phase, found.ports) == (whole.single_phase, whole.ports)
            assert found.dtu_power_w == sum(i.active_power_w or 0.0 for i in found.single_phase) > 500


@warped
async def test_f2_a_byte_a_millisecond_is_read_and_silence_is_what_times_out() -> None:
    async with house() as h:
        h.fault("split")
        await h.polls(5)
        h.check()


@pytest.mark.parametrize("fault", ["batch", "duplicate"])
@warped
async def test_f3_two_answers_in_one_segment_credit_nothing_to_another_request(fault: str) -> None:
    async with house() as h:
        h.fault(fault)
        await h.polls(6)
        h.check()


@pytest.mark.parametrize("noise", [b"\x00", b"H", b"HM", b"HMH", b"HM\xa2", bytes(range(256)) * 4])
@warped
async def test_f4_noise_around_the_magic_costs_nothing(noise: bytes) -> None:
    async def noisy(link: Link, data: bytes) -> None:
        await link.send(noise + data + noise)

    async with bent(noisy) as (client, _):
        for _ in range(5):
            assert (await client.live()).dtu_power_w > 500


@pytest.mark.long
def test_f4_the_buffer_is_bounded() -> None:
    conversation = Conversation()
    for _ in range(2000):
        conversation.receive(b"HM\xa2\x11\x00\x01\x00\x00\xff\xff" + b"HM" * 500)
    assert conversation._stream.held_bytes <= LIMIT_BYTES < 66 * 1024


@warped
async def test_f5_half_an_answer_and_an_end_costs_one_fresh_connection() -> None:
    async with house() as h:
        for _ in range(5):
            h.fault("close-mid-answer", times=1)
            await h.polls(2)
        h.check()


@warped
async def test_f5_a_dtu_that_hangs_up_after_every_answer_is_read() -> None:
    async def once(link: Link, data: bytes) -> None:
        await link.send(data)
        await link.close()

    async with bent(once) as (client, _):
        for _ in range(5):
            assert (await client.live()).dtu_power_w > 500


@warped
async def test_f6_silence_ends_by_a_deadline_and_is_over_within_a_bound() -> None:
    async with house() as h:
        h.fault("silence")
        await h.polls(6)
        assert h.poller.health.state in (HealthState.UNREACHABLE, HealthState.STALE, HealthState.FAILING)
        assert h.notebook.gaps
        before = len(h.notebook.samples)
        h.simulator.service.faults.clear()
        await elapse(BOUND_S)
        assert len(h.notebook.samples) > before
        assert h.poller.health.state is HealthState.GOOD


@warped
async def test_f7_a_refusal_is_a_gap_with_its_reason_said_once(caplog: pytest.LogCaptureFixture) -> None:
    async with house() as h:
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            await h.simulator.act("fault", name="refuse")
            await h.polls(6)
        # Once as the data go stale, once as the device is given up for unreachable; not once a try.
        assert len([r for r in caplog.records if "refused" in r.getMessage()]) == 1
        assert h.notebook.gaps
        assert all("refused" in reason for _, reason in h.notebook.gaps)
        before = len(h.notebook.samples)
        await h.simulator.act("clear_faults")
        await elapse(BOUND_S)
        assert len(h.notebook.samples) > before


@warped
async def test_f8_an_answer_at_one_and_a_half_time_outs_is_nobodys() -> None:
    async with house() as h:
        for _ in range(4):
            h.fault("delay", times=1, s=15)
            await h.polls(3)
        h.check()


@pytest.mark.parametrize("fault", ["unsolicited", "wrong-id", "wrong-sequence", "late-reply"])
@warped
async def test_f9_other_peoples_answers_are_never_taken_for_ours(fault: str) -> None:
    async with house() as h:
        h.fault(fault, chance=0.3)
        await h.polls(20)
        powers_w = h.notebook.powers_w()
        assert set(powers_w) <= h.truth_w


@pytest.mark.long
@pytest.mark.parametrize(("one_in", "may_lose"), [(300, False), (5, True)])
@warped
async def test_f13_flipped_bits_are_never_believed(one_in: int, may_lose: bool) -> None:
    random, flips = Random(1), {"count": 0}

    async def flip(link: Link, data: bytes) -> None:
        if random.randrange(one_in) == 0:
            flips["count"] += 1
            spoilt = bytearray(data)
            spoilt[random.randrange(len(data))] ^= 1 << random.randrange(8)
            data = bytes(spoilt)
        await link.send(data)

    async with bent(flip) as (client, dtu):
        truth_w: set[float] = set()
        remember_truth(dtu, truth_w)
        lost = 0
        for _ in range(600 if one_in > 5 else 150):
            await elapse(31)
            try:
                found = await client.live()
            except OhmsteadError:
                lost += 1
                continue
            assert found.dtu_power_w in truth_w
        assert flips["count"] > 0
        assert may_lose or lost == 0


@pytest.mark.parametrize("fault", ["extremes", "zero-data", "counter-wraps", "clock-jump"])
@warped
async def test_f15_an_impossible_value_is_held_back_and_the_rest_is_kept(fault: str) -> None:
    async with house() as h:
        before = h.notebook.samples[-1]
        h.fault(fault, times=1, s=10**7)
        await h.polls(4)
        assert not h.notebook.gaps
        for checked in h.notebook.samples:
            for reading in checked.sample.readings:
                for value in msgspec.structs.asdict(reading).values():
                    assert not isinstance(value, float) or math.isfinite(value)
        totals = [
            r.energy_wh
            for checked in h.notebook.samples
            for r in checked.sample.readings
            if isinstance(r, SolarReading) and r.energy_wh is not None
        ]
        assert max(totals) < 10**7
        assert h.notebook.samples[-1] is not before


BODIES = (
    b"<html><body>502 Bad Gateway</body></html>",
    b"HTTP/1.1 200 OK\r\n\r\nnull",
    b"[]",
    b'{"power": nan',
    b"\xff\xfe\x00",
    b"HM",
)


@pytest.mark.parametrize("body", BODIES)
@warped
async def test_f16_what_is_no_frame_is_our_own_error(body: bytes) -> None:
    async def serve(link: Link) -> None:
        while True:
            await link.receive()
            await link.send(body)

    network = MemoryNetwork()
    async with network.listen(serve, "web", 10081):
        with pytest.raises(OhmsteadError):
            await Client(network.dial("web", 10081)).live()


@warped
async def test_f17_a_peer_without_end_is_left_in_bounded_time_and_memory() -> None:
    async def pour(link: Link) -> None:
        await link.receive()
        try:
            while True:
                await link.send(b"HM\xa2\x01\x00\x01\x00\x00\xff\xff" + b"\xff" * 20_000)
                await elapse(0.5)
        except ConnectionLost:
            return

    network = MemoryNetwork()
    async with network.listen(pour, "tap", 10081):
        loop = asyncio.get_running_loop()
        started_s = loop.time()
        with pytest.raises(OhmsteadError):
            await Client(network.dial("tap", 10081)).inventory()
        assert loop.time() - started_s < 130


@warped
async def test_f17_an_endless_number_is_no_message() -> None:
    async def serve(link: Link) -> None:
        conversation = Conversation()
        while True:
            for request in conversation.receive(await link.receive()):
                if isinstance(request, Frame):
                    await link.send(encode_frame(Frame(0xA201, request.sequence, b"\x08" + b"\xff" * 60_000)))

    network = MemoryNetwork()
    async with network.listen(serve, "dtu", 10081):
        with pytest.raises(OhmsteadError):
            await Client(network.dial("dtu", 10081)).inventory()


@warped
async def test_f18_unknown_fields_never_fail_a_poll() -> None:
    async with house() as h:
        h.fault("strange-fields")
        await h.polls(6)
        h.check()


@warped
async def test_f25_a_write_without_acknowledgement_is_read_back_and_done_once(bench: Open) -> None:
    async with bench() as b:
        await b.client.inventory()
        b.fault("lost-acknowledgement", times=1)
        result = await b.client.set_power_limit(40)
        assert (result.outcome, result.read_back_pct) == (Outcome.CONFIRMED, 40.0)
        assert b.dtu.inverters[0].flash_writes == 1


@warped
async def test_f26_a_write_that_is_ignored_or_failed_is_found_out_and_not_repeated(bench: Open) -> None:
    async with bench() as b:
        b.dtu.inverters[0].flash_endurance = 0
        with pytest.raises(Refused):
            await b.client.set_power_limit(40)
        assert b.dtu.inverters[0].limit_pct == 100.0
    async with bench(profile=msgspec.structs.replace(HMSW_MID, ignores=frozenset({Action.POWER_LIMIT}))) as b:
        result = await b.client.set_power_limit(40)
        assert (result.outcome, result.read_back_pct) == (Outcome.DIFFERENT, 100.0)
        assert b.service.frames["A305"] == 1
        assert b.service.frames["A309"] <= 3


# --- R2: whatever comes, only our own errors ---------------------------------------------------------------------------------

ANSWERS = (0xA201, 0xA203, 0xA204, 0xA205, 0xA206, 0xA209, 0xA211, 0xA215)


@given(payloads=st.lists(st.binary(max_size=300), min_size=1, max_size=6), seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_r2_no_payload_makes_anything_but_our_own_errors(payloads: list[bytes], seed: int) -> None:
    async def serve(link: Link) -> None:
        conversation, asked = Conversation(), 0
        while True:
            for request in conversation.receive(await link.receive()):
                if isinstance(request, Frame):
                    payload = payloads[asked % len(payloads)]
                    asked += 1
                    await link.send(
                        encode_frame(Frame(request.command_id ^ 0x0100, request.sequence, payload))
                    )

    async def asked() -> None:
        network = MemoryNetwork(seed)
        async with network.listen(serve, "dtu", 10081):
            client = Client(network.dial("dtu", 10081), random=Random(seed))
            for reading in (client.live, client.config, client.alarms, client.power_history, client.network):
                try:
                    await reading()
                except OhmsteadError:
                    continue

    run(asked())


@given(data=st.lists(st.binary(min_size=1, max_size=400), max_size=8), seed=st.integers(0, 1000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_r2_no_bytes_make_anything_but_our_own_errors(data: list[bytes], seed: int) -> None:
    async def serve(link: Link) -> None:
        await link.receive()
        for piece in data:
            await link.send(piece)

    async def asked() -> None:
        network = MemoryNetwork(seed)
        async with network.listen(serve, "dtu", 10081):
            with pytest.raises(OhmsteadError):
                await Client(network.dial("dtu", 10081), random=Random(seed)).live()

    run(asked())
