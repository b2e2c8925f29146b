from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from ohmstead.model import (
    AuthFailed,
    BadAnswer,
    Busy,
    ConnectionLost,
    Refused,
    TimedOut,
    TurnedAway,
    Unreachable,
)
from ohmstead.polling import HealthState
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.polling.conftest import NOON, Bench, ScriptedDevice


def seconds(instants: Iterable[datetime]) -> list[float]:
    return [round((at - NOON).total_seconds(), 3) for at in instants]


@warped
async def test_a_source_is_asked_at_its_interval() -> None:
    device = ScriptedDevice()
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(100)
    assert seconds(device.asked_at) == [0, 30, 60, 90]
    assert len(notebook.samples) == 4
    assert notebook.gaps == []


@warped
async def test_at_speed_60_a_source_is_asked_each_wire_second_and_not_more_often() -> None:
    device = ScriptedDevice()
    bench = Bench(speed=60)
    bench.add(device)
    await bench.run_for(4.5)
    assert seconds(device.asked_at) == [0, 60, 120, 180, 240]


@warped
async def test_at_speed_60_a_slow_contract_is_kept_in_civil_time() -> None:
    device, bench = ScriptedDevice(interval_s=300), Bench(speed=60)
    bench.add(device)
    await bench.run_for(11)
    assert seconds(device.asked_at) == [0, 300, 600]


@warped
async def test_a_call_budget_stretches_the_interval() -> None:
    device, bench = ScriptedDevice(interval_s=10, calls_per_hour=60), Bench()
    bench.add(device)
    await bench.run_for(130)
    assert seconds(device.asked_at) == [0, 60, 120]


@warped
async def test_a_slow_poll_shifts_no_later_one() -> None:
    device = ScriptedDevice()

    async def three_seconds(count: int) -> None:
        await elapse(3)

    device.script = three_seconds
    bench = Bench()
    bench.add(device)
    await bench.run_for(100)
    assert seconds(device.asked_at) == [0, 30, 60, 90]


@warped
async def test_a_lost_exchange_is_tried_again_inside_its_interval_and_leaves_no_gap() -> None:
    device = ScriptedDevice()

    async def lose_the_second(count: int) -> None:
        if count == 2:
            raise ConnectionLost("the peer ended the connection")

    device.script = lose_the_second
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(70)
    first, second, retried, third = seconds(device.asked_at)
    assert (first, second, third) == (0, 30, 60)
    assert 35 <= retried <= 36  # the contract's shortest distance, not the back-off's first second
    assert notebook.gaps == []
    assert [h.state for h in notebook.healths] == ["good", "stale", "good", "good"]
    assert len(device.opened_at) == 2  # on a fresh session


@warped
async def test_an_outage_gives_each_due_poll_a_gap_with_its_reason() -> None:
    device = ScriptedDevice()

    async def away(count: int) -> None:
        if count > 2:
            raise Unreachable("nobody answers at 192.0.2.7")

    device.opening = away
    device.script = lambda count: fail_after(count, 1)
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(200)
    assert seconds(missed.first_at for missed, _ in notebook.gaps) == [30, 60, 90, 120, 150]
    assert {reason for _, reason in notebook.gaps} == {"nobody answers at 192.0.2.7"}
    assert notebook.healths[-1].state is HealthState.UNREACHABLE
    assert notebook.healths[-1].last_good_at == NOON


async def fail_after(count: int, good: int) -> None:
    if count > good:
        raise ConnectionLost("the peer ended the connection")


@warped
async def test_pauses_between_tries_grow_and_never_pass_thirty_seconds() -> None:
    async def away(count: int) -> None:
        raise Unreachable("nobody answers")

    device, bench = ScriptedDevice(interval_s=300, shortest_s=0), Bench()
    device.opening = away
    bench.add(device)
    await bench.run_for(600)
    tries = seconds(device.opened_at)
    pauses = [after - before for before, after in itertools.pairwise(tries)]
    assert 0.7 < pauses[0] < 1.3
    assert pauses[0] < pauses[1] < pauses[2] < pauses[3]
    assert max(pauses) <= 30
    assert len(set(pauses[5:])) > 5  # jittered


@warped
async def test_a_device_that_returns_is_read_within_one_interval() -> None:
    device = ScriptedDevice()

    async def away_until_1000_s(count: int) -> None:
        if bench.clock.now() < bench.after(seconds=1000):
            raise Unreachable("nobody answers")

    bench = Bench()
    device.opening = away_until_1000_s
    bench.add(device)
    await bench.run_for(1032)
    assert len(device.asked_at) >= 1


@warped
async def test_a_success_makes_the_next_pause_short_again() -> None:
    device = ScriptedDevice()

    async def flapping(count: int) -> None:
        if count in {1, 2, 3, 4, 6}:
            raise Unreachable("nobody answers")

    async def lose_the_second(count: int) -> None:
        if count == 2:
            raise ConnectionLost("gone")

    device.opening, device.script = flapping, lose_the_second
    bench = Bench()
    bench.add(device)
    await bench.run_for(120)
    lost_at = seconds(device.asked_at)[1]
    sixth, seventh = seconds(device.opened_at)[5:7]
    assert sixth - lost_at <= 6
    assert seventh - sixth <= 6


@warped
async def test_a_silent_device_is_given_up_at_the_deadline() -> None:
    device = ScriptedDevice()

    async def silence_once(count: int) -> None:
        if count == 2:
            await asyncio.Event().wait()

    device.script = silence_once
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(100)
    # Asked at 30 s and given up at 60 s; the slot of 30 s is a gap, the slot of 60 s is served by the retry.
    assert seconds(missed.first_at for missed, _ in notebook.gaps) == [30]
    assert notebook.gaps[0][1] == "roof did not answer within 30 s"
    assert 60 < seconds(device.asked_at)[2] < 62
    assert notebook.healths[-1].state is HealthState.GOOD


@warped
async def test_an_answer_that_comes_slots_too_late_serves_the_one_it_comes_in_and_those_before_are_a_gap() -> (
    None
):
    device = ScriptedDevice()

    async def eight_seconds(count: int) -> None:
        if count == 2:
            await elapse(8)

    device.script = eight_seconds
    bench = Bench(speed=60)
    notebook = bench.add(device)
    await bench.run_for(12.5)
    ((missed, reason),) = notebook.gaps
    assert reason.startswith("no answer in time: the device was slow")
    assert seconds([missed.first_at, missed.last_at]) == [60, 480]
    assert missed.polls == 8
    assert seconds(checked.sample.at for checked in notebook.samples) == [0, 540, 600, 660, 720]
    assert seconds(notebook.dues) == [0, 540, 600, 660, 720]
    assert seconds(device.asked_at) == [0, 60, 600, 660, 720]


@warped
async def test_an_answer_that_is_a_little_late_serves_its_own_slot_and_the_next_poll_follows_after_a_pause() -> (
    None
):
    device = ScriptedDevice(interval_s=5, shortest_s=2)

    async def six_seconds(count: int) -> None:
        if count == 2:
            await elapse(6)

    device.script = six_seconds
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(22)
    assert notebook.gaps == []
    assert seconds(device.asked_at) == [0, 5, 13, 15, 20]
    assert seconds(checked.sample.at for checked in notebook.samples) == [0, 11, 13, 15, 20]
    assert seconds(notebook.dues) == [0, 5, 10, 15, 20]


@warped
async def test_what_was_due_while_nobody_asked_is_a_gap_and_the_first_poll_comes_at_once() -> None:
    device = ScriptedDevice()
    bench = Bench()
    notebook = bench.add(device, told_to=NOON - timedelta(minutes=5, seconds=10))
    await bench.run_for(31)
    ((missed, reason),) = notebook.gaps
    assert reason == "nobody asked: the gateway was not running, or the site file did not name the source"
    assert seconds([missed.first_at, missed.last_at]) == [-280, -40]
    assert missed.polls == 9
    assert seconds(device.asked_at) == [0, 30]


@warped
async def test_after_a_stop_shorter_than_an_interval_nothing_is_missed() -> None:
    device = ScriptedDevice()
    bench = Bench()
    notebook = bench.add(device, told_to=NOON - timedelta(seconds=20))
    await bench.run_for(31)
    assert notebook.gaps == []
    assert seconds(device.asked_at) == [0, 30]


@warped
async def test_a_device_that_never_finishes_opening_is_given_up_too() -> None:
    device = ScriptedDevice()

    async def silence(count: int) -> None:
        await asyncio.Event().wait()

    device.opening = silence
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(45)
    assert notebook.healths[0].reason == "roof did not open within 30 s"
    assert notebook.healths[0].state is HealthState.UNREACHABLE


class LostInTime(ConnectionLost, TimeoutError):
    """As some libraries' users know it: a lost connection that is a time-out too."""


@warped
async def test_an_error_that_is_a_timeout_too_keeps_its_own_words() -> None:
    device = ScriptedDevice()

    async def lose(count: int) -> None:
        raise LostInTime("the adapter hung up")

    device.opening = lose
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(1)
    assert notebook.healths[0].reason == "the adapter hung up"


@warped
async def test_a_dying_source_disturbs_no_other() -> None:
    async def raise_something_unforeseen(count: int) -> None:
        raise ZeroDivisionError("float division by zero")

    async def silence(count: int) -> None:
        await asyncio.Event().wait()

    bench = Bench()
    broken, mute, well = ScriptedDevice("broken"), ScriptedDevice("mute"), ScriptedDevice("well")
    broken.script, mute.opening = raise_something_unforeseen, silence
    for device in (broken, mute, well):
        bench.add(device)
    await bench.run_for(100)
    assert seconds(well.asked_at) == [0, 30, 60, 90]
    health = bench.pollers["broken"].health
    assert health.state is HealthState.FAILING
    assert health.reason.startswith("unexpected ZeroDivisionError: float division by zero.")


@warped
async def test_each_error_has_its_state_at_once_or_after_one_miss() -> None:
    expected = {
        "busy": (Busy("the app holds it", after=timedelta(seconds=3)), HealthState.BUSY_ELSEWHERE),
        "refused": (Refused("no"), HealthState.REFUSED),
        "silent": (TimedOut("no answer"), HealthState.UNREACHABLE),
        "garbled": (BadAnswer("no frame"), HealthState.FAILING),
    }
    bench = Bench()
    for name, (error, _) in expected.items():
        device = ScriptedDevice(name)

        async def fail(count: int, error: Exception = error) -> None:
            raise error

        device.opening = fail
        bench.add(device)
    await bench.run_for(1)
    assert {name: poller.health.state for name, poller in bench.pollers.items()} == {
        name: state for name, (_, state) in expected.items()
    }


@warped
async def test_a_device_held_by_others_is_asked_at_most_each_ten_seconds() -> None:
    async def busy(count: int) -> None:
        raise Busy("the app holds it", after=timedelta(seconds=2))

    device, bench = ScriptedDevice(shortest_s=0), Bench()
    device.opening = busy
    bench.add(device)
    await bench.run_for(125)
    assert 4 <= len(device.opened_at) <= 13


@warped
async def test_who_is_turned_away_once_has_lost_a_poll_and_again_and_again_finds_it_busy() -> None:
    async def turn_away(count: int) -> None:
        if count % 2 == 0:
            raise TurnedAway("ended before it said anything")

    async def always(count: int) -> None:
        raise TurnedAway("ended before it said anything")

    now_and_then, taken, bench = ScriptedDevice("roof"), ScriptedDevice("garage", shortest_s=0), Bench()
    now_and_then.script, taken.opening = turn_away, always
    notebook = bench.add(now_and_then)
    bench.add(taken)
    await bench.run_for(245)
    assert {health.state for health in notebook.healths} <= {
        HealthState.STARTING,
        HealthState.GOOD,
        HealthState.STALE,
    }
    assert bench.pollers["garage"].health.state is HealthState.BUSY_ELSEWHERE
    assert 6 <= len(taken.opened_at) <= 14  # two knocks each


@warped
async def test_wrong_credentials_are_tried_three_times_and_then_reported_for_good() -> None:
    device = ScriptedDevice()

    async def refuse(count: int) -> None:
        raise AuthFailed("wrong password")

    device.opening = refuse
    bench = Bench()
    notebook = bench.add(device)
    await bench.run_for(3600)
    assert len(device.opened_at) == 3
    health = bench.pollers["roof"].health
    assert (health.state, health.reason, health.next_try_at) == (HealthState.REFUSED, "wrong password", None)
    # each due poll of the hour, but for the slot that is still open
    assert sum(missed.polls for missed, _ in notebook.gaps) == 119


class WrongPassword(AuthFailed):
    """To an account that locks after a few of them."""

    counts = True


class NobodyRefused(AuthFailed):
    """The login was not answered."""

    retryable = True


@pytest.mark.parametrize(("error", "tries"), [(WrongPassword, 1), (NobodyRefused, 120)])
def test_where_accounts_lock_one_try_is_made_and_where_nobody_refused_it_goes_on(
    error: type[AuthFailed], tries: int
) -> None:
    device = ScriptedDevice()

    async def refuse(count: int) -> None:
        raise error("no")

    @warped
    async def poll() -> None:
        device.opening = refuse
        bench = Bench()
        bench.add(device)
        await bench.run_for(3600)

    poll()
    assert tries <= len(device.opened_at) <= 1.3 * tries


class Locked(AuthFailed):
    """For five minutes, it says."""

    counts = True
    after = timedelta(minutes=5)


@warped
async def test_a_lock_that_ends_by_itself_is_waited_for_once() -> None:
    device = ScriptedDevice()

    async def refuse(count: int) -> None:
        raise Locked("the account is locked")

    device.opening = refuse
    bench = Bench()
    bench.add(device)
    await bench.run_for(3600)
    assert seconds(device.opened_at) == [0, 330]
    assert bench.pollers["roof"].health.next_try_at is None


@warped
async def test_each_lock_after_a_success_is_waited_for_anew() -> None:
    device = ScriptedDevice()

    async def refuse_now_and_then(count: int) -> None:
        if count % 2:
            raise Locked("the account is locked")

    async def answer_once(count: int) -> None:
        if count > 1:
            raise ConnectionLost("the session ended")

    device.opening, device.script = refuse_now_and_then, answer_once
    bench = Bench()
    bench.add(device)
    await bench.run_for(3600)
    first, answered, second, unanswered, _ = device.opened_at
    assert (answered - first, unanswered - second) == (timedelta(seconds=330), timedelta(seconds=330))
    assert bench.pollers["roof"].health.next_try_at is None


@warped
async def test_a_partial_poll_is_good_and_says_what_is_missing() -> None:
    device = ScriptedDevice()
    device.missing = {"roof/2": "no radio contact"}
    bench = Bench()
    bench.add(device)
    await bench.run_for(1)
    health = bench.pollers["roof"].health
    assert (health.state, health.reason) == (HealthState.GOOD, "roof/2 missing: no radio contact")


@warped
async def test_a_command_and_a_poll_take_turns() -> None:
    device = ScriptedDevice()
    bench = Bench()
    bench.add(device)

    async def command() -> None:
        await elapse(29)
        async with bench.pollers["roof"].turn:
            await elapse(4)

    async with asyncio.TaskGroup() as group:
        group.create_task(command())
        group.create_task(bench.run_for(70))
    assert seconds(device.asked_at) == [0, 33, 60]


@warped
async def test_the_session_is_closed_when_the_poller_is_stopped() -> None:
    device = ScriptedDevice()
    bench = Bench()
    bench.add(device)
    await bench.run_for(10)
    assert not device.is_open


@warped
async def test_a_session_that_cannot_be_closed_does_not_keep_a_poller_that_is_stopped() -> None:
    device = ScriptedDevice()
    bench = Bench()
    bench.add(device)

    def lose() -> None:
        raise ConnectionLost("it hung up before it could be told")

    device.closing = lose
    await bench.run_for(10)
    assert seconds(device.asked_at) == [0]
