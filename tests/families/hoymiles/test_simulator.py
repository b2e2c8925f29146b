"""What the DTU promises on its wire and to those who test against it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.card import FAMILY
from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.protos.command_pb2 import CommandFromDtu, CommandStatusFromDtu, CommandToDtu
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu
from ohmstead.families.hoymiles.simulator import HMSW_MID, PROFILES, Dtu, simulate
from ohmstead.families.hoymiles.wire import Conversation, Frame
from ohmstead.kit.link import tcp
from ohmstead.kit.world import Household, World
from ohmstead.model import ConfigError, Fault, ScaledClock, SimulatorOptions, Unreachable
from ohmstead.testing import elapse, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
NIGHT = datetime(2026, 6, 21, 23, 30, tzinfo=UTC)


async def exchange(dial: Any, *frames: Frame) -> list[Frame]:
    """Sends frames over one connection, each after the answer to the one before."""
    conversation, answers = Conversation(), []
    async with dial() as link:
        for frame in frames:
            await link.send(conversation.send(frame))
            answers += conversation.receive(await link.receive())
    return answers


def command(action: int, text: str = "", **fields: Any) -> bytes:
    return CommandToDtu(
        time=1, action=action, packet_count=1, transaction_id=77, data=text, **fields
    ).SerializeToString()


@warped
async def test_an_answer_has_the_number_of_its_request_and_an_empty_request_means_all_defaults(
    bench: Open,
) -> None:
    async with bench() as b:
        (answer,) = await exchange(b.dial, Frame(0xA301, 0xFFFF))
        assert (answer.command_id, answer.sequence) == (0xA201, 0xFFFF)
        assert AppDevInfoFromDtu.FromString(answer.payload).dtu_serial == b.dtu.serial


@warped
async def test_a_request_it_does_not_know_is_counted_and_not_answered(bench: Open) -> None:
    async with bench() as b:
        async with b.dial() as link:
            await link.send(Conversation().send(Frame(0xA3FF, 1)))
            await link.send(b"\x00")
            await link.send(Conversation().send(Frame(0xA302, 2)))
            (answer,) = Conversation().receive(await link.receive())
        assert answer.sequence == 2
        assert b.service.unknown == 1
        assert b.service.damaged_bytes == 1


@warped
async def test_a_command_goes_from_progress_to_success_to_nothing_more(bench: Open) -> None:
    async with bench() as b:
        serial = b.dtu.inverters[0].serial
        (accepted,) = await exchange(b.dial, Frame(0xA305, 1, command(8, "A:400,B:0,C:0\r")))
        said = CommandFromDtu.FromString(accepted.payload)
        assert (said.action, said.error_code, said.transaction_id) == (8, 0, 77)
        assert b.dtu.inverters[0].limit_pct == 100.0
        seen = []
        for number in range(8):
            (answer,) = await exchange(b.dial, Frame(0xA306, number))
            status = CommandStatusFromDtu.FromString(answer.payload)
            assert (status.action, status.transaction_id, status.packet_count) == (8, 77, 1)
            seen.append((len(status.inverter_progress), list(status.inverters_succeeded)))
            await elapse(1)
        assert seen[0] == (1, [])
        assert seen.count((0, [serial])) == 1
        assert seen[-1] == (0, [])
        assert b.dtu.inverters[0].limit_pct == 40.0


@warped
async def test_both_ids_of_a_command_do_the_same(bench: Open) -> None:
    async with bench() as b:
        (answer,) = await exchange(b.dial, Frame(0x2305, 1, command(8, "A:400,B:0,C:0\r")))
        assert answer.command_id == 0x2205
        await elapse(6)
        b.world.catch_up()
        assert b.dtu.inverters[0].limit_pct == 40.0


@warped
async def test_commands_take_turns(bench: Open) -> None:
    async with bench() as b:
        await exchange(
            b.dial,
            Frame(0xA305, 1, command(8, "A:400,B:0,C:0\r")),
            Frame(0xA305, 2, command(8, "A:300,B:0,C:0\r")),
        )
        await elapse(6)
        b.world.catch_up()
        assert b.dtu.inverters[0].limit_pct == 40.0
        await elapse(6)
        b.world.catch_up()
        assert b.dtu.inverters[0].limit_pct == 30.0


@warped
async def test_an_inverter_that_is_switched_off_stops(bench: Open) -> None:
    async with bench() as b:
        await exchange(b.dial, Frame(0x2305, 1, command(Action.INVERTER_OFF, device_kind=1)))
        await elapse(10)
        b.world.catch_up()
        assert b.world.power_w("hoymiles") == 0.0


@warped
async def test_without_performance_mode_a_data_set_stands_for_thirty_seconds(bench: Open) -> None:
    async with bench(poll_all=False) as b:
        profile = msgspec.structs.replace(HMSW_MID, holds_off=False)
        b.dtu.datasets._profile = profile
        times = []
        for _ in range(20):
            times.append((await b.client.live()).data_time_s)
            await elapse(7)
        assert len(set(times)) < len(times) / 2
        assert all(later - earlier in (0, 30) for earlier, later in itertools.pairwise(times))


@warped
async def test_a_hasty_reader_sees_nothing_new(bench: Open) -> None:
    async with bench(poll_all=False) as b:
        first = (await b.client.live()).data_time_s
        for _ in range(10):
            await elapse(20)
            assert (await b.client.live()).data_time_s == first
        await elapse(35)
        assert (await b.client.live()).data_time_s > first


@warped
async def test_performance_mode_is_fresh_within_seconds(bench: Open) -> None:
    async with bench(poll_all=True) as b:
        times = []
        for _ in range(5):
            times.append((await b.client.live()).data_time_s)
            await elapse(5)
        assert len(set(times)) == 5


@warped
async def test_firmware_that_needs_poll_all_serves_old_data_without_it(bench: Open) -> None:
    async with bench() as b:
        b.dtu.datasets.needs_poll_all = True
        first = await b.client.live(poll_all=False)
        await elapse(60)
        assert (await b.client.live(poll_all=False)).data_time_s == first.data_time_s
        assert (await b.client.live(poll_all=True)).data_time_s > first.data_time_s


@warped
async def test_link_quality_counts_data_sets_and_not_reads(bench: Open) -> None:
    async with bench(poll_all=False) as b:
        first = (await b.client.live()).single_phase[0].link_quality
        assert (await b.client.live()).single_phase[0].link_quality == first
        await elapse(40)
        later = (await b.client.live()).single_phase[0].link_quality
        assert later & 0xFFFF == 0x001F
        assert (later >> 16) - (first >> 16) & 0xFF in (1, 2)


@warped
async def test_a_reboot_forgets_all_but_the_persistent_limit() -> None:
    world = World(ScaledClock(NOON))
    async with simulate(SimulatorOptions(), world) as simulator:
        dial = tcp("127.0.0.1", simulator.endpoints["dtu"])
        client = Client(dial, clock=world.clock)
        await client.set_power_limit(70)
        await simulator.act("reboot")
        await elapse(1)
        with pytest.raises(Unreachable):
            await client.heartbeat()
        await elapse(95)
        assert (await client.power_limit_pct()) == 70.0
        assert (await client.live()).data_time_s < 20


@warped
async def test_a_built_in_dtu_may_leave_at_night_and_comes_back_with_the_sun() -> None:
    world = World(ScaledClock(NIGHT))
    async with simulate(SimulatorOptions(extras={"night": "leave", "clock": "set"}), world) as simulator:
        client = Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock)
        with pytest.raises(Unreachable):
            await client.live()
        await asyncio.sleep(timedelta(hours=8).total_seconds())
        assert (await client.live()).dtu_power_w > 0


@warped
async def test_in_the_dark_a_dtu_that_stays_says_zero() -> None:
    world = World(ScaledClock(NIGHT))
    async with simulate(SimulatorOptions(), world) as simulator:
        client = Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock)
        found = await client.live()
        assert found.dtu_power_w == 0
        assert found.single_phase[0].active_power_w == 0.0


@warped
async def test_the_control_interface_does_and_counts() -> None:
    world = World(ScaledClock(NOON))
    async with simulate(SimulatorOptions(extras={"meter": "true"}), world) as simulator:
        dial = tcp("127.0.0.1", simulator.endpoints["dtu"])
        assert set(simulator.actions) == {
            "clouds",
            "clear_sky",
            "kick",
            "reboot",
            "alarm",
            "fault",
            "clear_faults",
        }
        await simulator.act("clear_sky")
        await elapse(60)
        clear_w = simulator.state()["power_w"]
        await simulator.act("clouds", factor=0.1)
        await elapse(60)
        assert simulator.state()["power_w"] < clear_w / 3
        await simulator.act("fault", name="refuse")
        with pytest.raises(Unreachable):
            await Client(dial, clock=world.clock).heartbeat()
        await simulator.act("clear_faults")
        await Client(dial, clock=world.clock).heartbeat()
        async with dial():
            await elapse(0.1)
            assert (await simulator.act("kick"))["kicks"] == 1
        assert simulator.state()["frames"] == {"A301": 1, "A302": 1}
        with pytest.raises(ConfigError, match="no action is called 'dance'"):
            await simulator.act("dance")


@warped
async def test_the_meter_says_what_the_house_connection_carries() -> None:
    world = World(ScaledClock(NOON))
    world.attach("load", Household(world.place))
    async with simulate(SimulatorOptions(extras={"meter": "true"}), world) as simulator:
        client = Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock)
        for _ in range(10):
            (meter,) = (await client.live()).meters
            assert meter.is_consistent
            assert meter.power_total_w == pytest.approx(world.grid.power_w, abs=300)
            await elapse(60)
        assert meter.import_total_wh == pytest.approx(world.grid.imported_wh, abs=20)
        assert meter.export_total_wh == pytest.approx(world.grid.exported_wh, abs=20)


@pytest.mark.long
@warped
async def test_what_the_inverters_feed_is_what_the_home_gets() -> None:
    world = World(ScaledClock(datetime(2026, 6, 21, 4, tzinfo=UTC)))
    dtu = Dtu(HMSW_MID, world)
    world.attach("hoymiles", dtu)
    for _ in range(14 * 60):
        await elapse(60)
        world.catch_up()
        fed_w = sum(inverter.power_w for inverter in dtu.inverters)
        assert world.power_w("hoymiles") == fed_w
        assert world.grid.power_w == -fed_w
    produced_wh = sum(inverter.energy_today_wh for inverter in dtu.inverters)
    assert produced_wh > 1000
    assert world.grid.exported_wh == pytest.approx(produced_wh)


@warped
async def test_the_same_seed_is_the_same_device_and_another_one_is_not() -> None:
    def serials(seed: int) -> tuple[str, int]:
        dtu = Dtu(HMSW_MID, World(ScaledClock(NOON), seed=seed))
        return dtu.serial, dtu.inverters[0].serial

    assert serials(1) == serials(1)
    assert serials(1) != serials(2)


@pytest.mark.parametrize(
    "options",
    [
        SimulatorOptions(model="dtu-9000"),
        SimulatorOptions(faults=(Fault("gremlins"),)),
        SimulatorOptions(faults=(Fault("silence", {"depth": "3"}),)),
        SimulatorOptions(faults=(Fault("silence", {"times": "often"}),)),
        SimulatorOptions(capture="some.jsonl"),
    ],
)
@warped
async def test_what_it_cannot_be_is_said(options: SimulatorOptions) -> None:
    with pytest.raises(ConfigError):
        async with simulate(options, World(ScaledClock(NOON))):
            pass


@warped
async def test_a_fault_may_be_given_by_its_number() -> None:
    world = World(ScaledClock(NOON))
    options = SimulatorOptions(faults=(Fault("F3", {"times": "1", "id": "A311"}),))
    async with simulate(options, world) as simulator:
        await Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock).live()
        assert simulator.state()["faults"] == {"close-after-request": 1}


def test_the_card_lists_every_profile() -> None:
    assert tuple(PROFILES) == FAMILY.models
