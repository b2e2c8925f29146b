"""Every fault the DTU simulator knows, by number, and what our client makes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.results import Live
from ohmstead.families.hoymiles.simulator import (
    DTU_PRO_S,
    HMS_800W_2T,
    HMSW_ENC,
    Dtu,
    Faults,
    Service,
    Snub,
    simulate,
)
from ohmstead.families.hoymiles.simulator.faults import KINDS, MENU, named
from ohmstead.families.hoymiles.wire import Frame
from ohmstead.kit.link import Backoff, tcp
from ohmstead.kit.world import World
from ohmstead.model import (
    AuthFailed,
    BadAnswer,
    ConnectionLost,
    DeviceError,
    Fault,
    Outcome,
    OutcomeUnknown,
    Refused,
    ScaledClock,
    SimulatorOptions,
    TimedOut,
    Unreachable,
)
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench


def sane(live: Live) -> bool:
    return 500 < live.dtu_power_w < 800 and len(live.single_phase) == 1 and len(live.ports) == 2


async def seconds(awaited: Any) -> tuple[Any, float]:
    """What came of it, or the error, and how long it took."""
    loop = asyncio.get_running_loop()
    started_s = loop.time()
    try:
        found = await awaited
    except DeviceError as error:
        found = error
    return found, loop.time() - started_s


# --- connections -----------------------------------------------------------------------------------------------------------


@warped
async def test_f1_a_refused_connection_is_unreachable_and_tried_again_ever_more_slowly() -> None:
    world = World(ScaledClock(NOON))
    async with simulate(SimulatorOptions(faults=(Fault("F1"),)), world) as simulator:
        world.weather.set_clear_sky()
        client = Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock)
        backoff, waits = Backoff(1.0, 300.0, Random(1)), []
        for _ in range(12):
            with pytest.raises(Unreachable, match="refused"):
                await client.live()
            waits.append(backoff.next_s())
            await elapse(waits[-1])
        assert waits[0] < 2
        assert max(waits) <= 300
        assert waits[-1] > 150
        await simulator.act("clear_faults")
        assert sane(await client.live())


@warped
async def test_f1_a_connect_that_is_never_answered_times_out(bench: Open) -> None:
    async with bench() as b:
        b.network.faults.black_hole = True
        found, took_s = await seconds(b.client.live())
        assert isinstance(found, TimedOut)
        assert took_s < 25


@warped
async def test_f2_a_connection_that_is_closed_at_once_is_tried_again(bench: Open) -> None:
    async with bench() as b:
        b.fault("F2", times=1)
        assert sane(await b.client.live())
        assert b.service.connections == 2


@warped
async def test_f3_a_read_without_an_answer_is_run_once_more_and_a_write_is_of_unknown_outcome(
    bench: Open,
) -> None:
    async with bench(is_paced=False) as b:
        b.fault("F3", times=1, id="A311")
        assert sane(await b.client.live())
        b.fault("F3", times=1, id="A305")
        with pytest.raises(OutcomeUnknown):
            await b.client.command(Action.CLEAR_ALARMS)
        assert b.service.frames["A305"] == 3  # two collections and one command, which was not sent twice


@warped
async def test_f3b_a_write_that_was_done_and_not_acknowledged_is_read_back(bench: Open) -> None:
    async with bench() as b:
        await b.client.inventory()
        b.fault("F3b", times=1)
        result = await b.client.set_power_limit(60)
        assert (result.outcome, result.read_back_pct) == (Outcome.CONFIRMED, 60.0)
        assert b.dtu.inverters[0].flash_writes == 1


@warped
async def test_f4_half_an_answer_is_no_answer(bench: Open) -> None:
    async with bench(is_paced=False) as b:
        b.fault("F4", times=1, id="A311")
        assert sane(await b.client.live())
        b.fault("F4", times=1, id="A305")
        with pytest.raises(OutcomeUnknown):
            await b.client.command(Action.CLEAR_ALARMS)


@warped
async def test_f5_a_half_open_connection_ends_after_ten_seconds(bench: Open) -> None:
    async with bench() as b:
        await b.client.inventory()
        b.fault("F5", times=1, id="A311")
        found, took_s = await seconds(b.client.live())
        assert sane(found)
        assert 10 < took_s < 20


@warped
async def test_f6_a_late_answer_is_ignored_and_confuses_nothing(bench: Open) -> None:
    strays: list[Frame] = []
    async with bench(unsolicited=strays.append) as b:
        await b.client.inventory()
        b.fault("F6", times=1, id="A311", s=15)
        assert sane(await b.client.live())
        assert [frame.command_id for frame in strays] == [0xA211]


@pytest.mark.parametrize("fault", ["F7", "F8", "F9", "F14", "F15", "F18", "F26"])
@warped
async def test_f7_f8_f9_f14_f15_f18_f26_an_untidy_answer_is_read_at_once(bench: Open, fault: str) -> None:
    strays: list[Frame] = []
    async with bench(unsolicited=strays.append) as b:
        b.fault(fault)
        assert sane(await b.client.live())
        assert b.service.connections == 1
        assert {"F8", "F14", "F15"} >= ({fault} if strays else set())
        assert (fault in ("F8", "F15")) <= bool(strays)


@pytest.mark.parametrize("fault", ["F10", "F11", "F11b", "F12", "F13", "F17", "F17b"])
@warped
async def test_f10_f11_f12_f13_f17_a_broken_answer_costs_one_more_try(bench: Open, fault: str) -> None:
    async with bench() as b:
        await b.client.inventory()
        b.fault(fault, times=1, id="A311")
        found, took_s = await seconds(b.client.live())
        assert sane(found)
        assert b.service.connections <= 3
        assert took_s < 20
        b.fault(fault)
        failed, took_s = await seconds(b.client.live(at_once=True))
        assert isinstance(failed, BadAnswer if fault in ("F10", "F17", "F17b") else BadAnswer | TimedOut)
        assert took_s < 40


@warped
async def test_f16_an_answer_to_the_connection_before_is_reported_as_a_stray(bench: Open) -> None:
    strays: list[Frame] = []
    async with bench(unsolicited=strays.append) as b:
        await b.client.inventory()
        b.fault("F16", times=1, id="A311")
        assert sane(await b.client.live())
        assert [frame.command_id for frame in strays] == [0xA211]


@warped
async def test_f18_strange_fields_in_every_exchange_are_borne(bench: Open) -> None:
    async with bench() as b:
        b.fault("F18")
        assert (await b.client.inventory()).dtu.wifi_version.startswith("\N{REPLACEMENT CHARACTER}")
        curve = await b.client.power_history()
        assert [point.power_w for point in curve.points][-2:] == [0.7, 30.0]
        assert (await b.client.config()).settings.server_send_time_min == 5


# --- packets ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault", ["packet-missing", "packet-repeated", "count-changes", "time-changes", "count-255"]
)
@warped
async def test_f19_packets_that_do_not_fit_together_are_asked_again_and_not_for_ever(
    bench: Open, fault: str
) -> None:
    async with bench(profile=DTU_PRO_S) as b:
        await b.client.inventory()
        b.fault(fault, times=2, id="A311")  # packet-repeated and the like need a second packet
        found, took_s = await seconds(b.client.live())
        if isinstance(found, DeviceError):
            assert isinstance(found, BadAnswer | TimedOut)
        else:
            assert len(found.single_phase) == 3
        b.service.faults.clear()
        b.fault(fault)
        asked = b.service.frames["A311"]
        failed, took_s = await seconds(b.client.live(at_once=True))
        assert isinstance(failed, BadAnswer | TimedOut)
        assert b.service.frames["A311"] - asked <= 12
        assert took_s < 60
        b.service.faults.clear()
        assert len((await b.client.live(at_once=True)).single_phase) == 3


# --- what the data say -----------------------------------------------------------------------------------------------------


@warped
async def test_f20_a_frozen_data_set_is_stale(bench: Open) -> None:
    async with bench(is_paced=False, poll_all=False) as b:
        b.fault("F20")
        first = await b.client.live()
        for _ in range(5):
            await elapse(60)
            found = await b.client.live()
            assert found.is_stale
            assert found.data_time_s == first.data_time_s


@warped
async def test_f20b_zeros_are_no_reset_and_f20c_a_missing_inverter_makes_it_partial(bench: Open) -> None:
    async with bench(profile=DTU_PRO_S, is_paced=False) as b:
        b.fault("F20c", times=2)
        found = await b.client.live()
        assert found.is_partial
        assert len(found.single_phase) == 2
        assert not (await b.client.live()).is_partial
    async with bench(is_paced=False) as b:
        before = await b.client.live()
        b.fault("F20b", times=1)
        zero = await b.client.live()
        assert all(not port.energy_total_wh for port in zero.ports)
        after = await b.client.live()
        assert after.ports[0].energy_total_wh >= before.ports[0].energy_total_wh > 0


@warped
async def test_f21_an_unset_or_jumping_clock_makes_no_negative_age(bench: Open) -> None:
    async with bench(is_paced=False) as b:
        b.fault("F21", times=1)
        found = await b.client.live()
        assert found.data_time is None or found.data_time <= found.received_at
        await elapse(5)
        assert (await b.client.live()).data_time is None
    for jump in (86_400, -86_400, 3600):
        async with bench(is_paced=False) as b:
            before = await b.client.live()
            b.fault("F21b", times=1, s=jump)
            await elapse(40)
            after = await b.client.live()
            assert sane(after)
            assert after.received_at > before.received_at
            assert after.ports[0].energy_total_wh >= before.ports[0].energy_total_wh


# --- encryption ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["new-seed", "bad-tag", "empty-payload"])
@warped
async def test_f22_a_new_seed_a_bad_tag_or_nothing_costs_one_look_at_the_inventory(
    bench: Open, fault: str
) -> None:
    async with bench(profile=HMSW_ENC, is_paced=False) as b:
        assert sane(await b.client.live())
        asked = b.service.frames["A301"]
        b.fault(fault, times=1, id="A311")
        found, took_s = await seconds(b.client.live())
        assert sane(found)
        assert b.service.frames["A301"] - asked == 1
        assert took_s < 15


@pytest.mark.parametrize("snub", list(Snub))
@warped
async def test_f22_a_restart_between_two_reads_is_found_out(bench: Open, snub: Snub) -> None:
    async with bench(profile=HMSW_ENC, is_paced=False) as b:
        assert sane(await b.client.live())
        b.service.snub = snub
        b.dtu.keys.draw()
        found, took_s = await seconds(b.client.live())
        assert sane(found)
        assert took_s < 30


@warped
async def test_f22_a_tag_that_is_always_wrong_is_an_authentication_failure(bench: Open) -> None:
    async with bench(profile=HMSW_ENC) as b:
        b.fault("bad-tag")
        with pytest.raises(AuthFailed):
            await b.client.live()


# --- commands --------------------------------------------------------------------------------------------------------------


@warped
async def test_f23_every_end_of_a_command_has_a_type(bench: Open) -> None:
    async with bench() as b:
        b.fault("command-refused", times=1)
        with pytest.raises(Refused) as refused:
            await b.client.command(Action.CLEAR_ALARMS)
        assert refused.value.code == 7
    async with bench() as b:
        b.fault("command-stuck")
        failed, took_s = await seconds(b.client.command(Action.CLEAR_ALARMS))
        assert isinstance(failed, OutcomeUnknown)
        assert 55 < took_s < 75
    async with bench(models=(HMS_800W_2T,) * 3) as b:
        b.fault("command-partial", times=20)
        result = await b.client.command(Action.CLEAR_ALARMS)
        assert (len(result.succeeded), len(result.failed)) == (2, 1)
    async with bench() as b:
        b.fault("command-of-another", times=2)
        result = await b.client.command(Action.CLEAR_ALARMS)
        assert len(result.succeeded) in (0, 1)
    async with bench() as b:
        b.fault("command-unreported")
        result = await b.client.command(Action.CLEAR_ALARMS)
        assert (result.succeeded, result.failed) == ((), ())


@warped
async def test_f24_a_client_that_kicks_again_and_again_causes_no_storm(bench: Open) -> None:
    async with bench(is_paced=False) as b:
        await b.client.inventory()
        b.fault("F24", s=1)
        started, read = b.service.connections, 0
        for _ in range(20):
            found, took_s = await seconds(b.client.live())
            read += isinstance(found, Live)
            assert isinstance(found, Live | ConnectionLost)
            assert took_s < 15
            await elapse(35)
        assert b.service.connections - started <= 40
        b.service.faults.clear()
        assert sane(await b.client.live())


@warped
async def test_f24b_a_newcomer_that_is_turned_away_tries_again(bench: Open) -> None:
    async with bench() as b:
        b.fault("F24b", chance=0.5)
        async with b.dial():
            await elapse(0.1)
            found, _ = await seconds(b.client.live())
        assert isinstance(found, Live | ConnectionLost)


@pytest.mark.parametrize("fault", ["F25", "F25b"])
@warped
async def test_f25_a_counter_that_jumps_is_fetched_once(bench: Open, fault: str) -> None:
    async with bench(is_paced=False) as b:
        first = await b.client.live()
        await b.client.new_alarms(first)
        b.fault(fault, times=1)
        assert await b.client.new_alarms(await b.client.live()) is not None
        fetched = b.service.frames["A304"]
        await b.client.new_alarms(await b.client.live())
        after = b.service.frames["A304"]
        await b.client.new_alarms(await b.client.live())
        assert after - fetched <= 1
        assert b.service.frames["A304"] == after


@warped
async def test_f26_fourteen_inverters_in_one_reply_are_read(bench: Open) -> None:
    async with bench(models=(HMS_800W_2T,) * 14) as b:
        b.fault("F26")
        found = await b.client.live()
        (packet,) = found.packets
        assert len(packet.SerializeToString()) > 1500
        assert len(found.single_phase) == 14
        assert len({(port.serial, port.port) for port in found.ports}) == 28
        assert found.dtu_power_w == pytest.approx(sum(i.active_power_w for i in found.single_phase))


@warped
async def test_f27_extremes_are_exact(bench: Open) -> None:
    async with bench() as b:
        b.fault("F27")
        found = await b.client.live()
        assert (found.single_phase[0].temperature_c, found.single_phase[0].reactive_power_var) == (
            -40.0,
            -1234.5,
        )
        assert {port.energy_total_wh for port in found.ports} == {2_147_483_647}


@warped
async def test_f28_a_meter_that_contradicts_itself_is_marked(bench: Open) -> None:
    async with bench(has_meter=True, is_paced=False) as b:
        await elapse(5)
        assert (await b.client.live()).meters[0].is_consistent
        b.fault("F28", times=1)
        assert not (await b.client.live()).meters[0].is_consistent
        assert (await b.client.live()).meters[0].is_consistent


@warped
async def test_f28_a_meter_behind_two_dtus_is_one_meter(bench: Open) -> None:
    async with bench(has_meter=True) as b:
        other = Dtu(DTU_PRO_S, b.world, name="other", has_meter=True, is_clock_set=True)
        assert other.meter is not None
        other.meter.serial = b.dtu.meter.serial
        other.settle()
        b.world.attach("other", other)
        async with b.network.listen(Service(other, Faults(Random(1))).serve, "other", 10081):
            await elapse(5)
            ours = await b.client.live()
            theirs = await Client(b.network.dial("other", 10081), clock=b.world.clock).live()
        assert ours.meters[0].serial == theirs.meters[0].serial


# --- the faults themselves -------------------------------------------------------------------------------------------------


def test_every_fault_has_a_number_and_every_number_a_test() -> None:
    numbers = {int("".join(filter(str.isdigit, number))) for number in KINDS.values()}
    assert numbers == set(range(1, 30))
    assert all(MENU.order(named(Fault(number)), 0.0).kind == name for name, number in KINDS.items())


@warped
async def test_a_fault_may_come_later_by_chance_and_a_number_of_times() -> None:
    faults = Faults(Random(1), (Fault("silence", {"after": "60", "times": "2"}),))
    assert faults.strike("silence") is None
    await elapse(61)
    assert [faults.strike("silence") is not None for _ in range(4)] == [True, True, False, False]
    chancy = Faults(Random(1), (Fault("F5", {"chance": "0.5", "id": "A311"}),))
    struck = sum(chancy.strike("silence", 0xA311) is not None for _ in range(1000))
    assert 400 < struck < 600
    assert chancy.strike("silence", 0xA301) is None
