from __future__ import annotations

import asyncio
import math
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ohmstead.gateway import Order
from ohmstead.model import (
    BadAnswer,
    Busy,
    ConnectionLost,
    DeviceId,
    Outcome,
    OutcomeUnknown,
    Refused,
    TimedOut,
    Unreachable,
    Unsafe,
)
from ohmstead.testing import elapse
from ohmstead.testing.warp import run, warped
from tests.gateway.conftest import NOON, Home


def order(value: float = 50.0, device: str = "roof/1", ability: str = "limits_solar") -> Order:
    return Order(device=DeviceId(device), ability=ability, value=value, origin="test", reason="a test")


@warped
async def test_a_command_is_carried_out_read_back_and_remembered(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with home.open() as gateway:
        await elapse(1)
        receipt = await gateway.commands.execute(order(50))
        (entry,) = await gateway.commands.ledger()
    assert (receipt.outcome, receipt.asked, receipt.read_back) == (Outcome.CONFIRMED, 50.0, 50.0)
    assert toy.writes == [50.0]
    assert entry.receipt == receipt
    assert (entry.id, entry.device, entry.ability, entry.asked) == (1, "roof/1", "limits_solar", 50.0)
    assert (entry.origin, entry.reason, entry.at) == ("test", "a test", NOON + timedelta(seconds=1))


@warped
async def test_nothing_is_written_before_the_owner_enables_control(home: Home) -> None:
    toy = home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        receipt = await gateway.commands.execute(order())
    assert receipt.outcome is Outcome.REFUSED
    assert receipt.reason == (
        "control of roof is off. Its owner enables it with `control = true` in its [[device]] table of the site file"
    )
    assert toy.writes == []


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (order(device="attic/1"), "there is no device 'attic/1'"),
        (order(ability="flies"), "roof/1 cannot do 'flies'; it can do: limits_solar"),
        (order(1.9), "1.9 % is outside 2 to 100 % in steps of 1"),
        (order(100.5), "100.5 % is outside 2 to 100 % in steps of 1"),
        (order(math.nan), "nan is no finite number; allowed is 2 to 100 % in steps of 1"),
        (order(True), "True is no finite number; allowed is 2 to 100 % in steps of 1"),
        (order("50"), "'50' is no finite number; allowed is 2 to 100 % in steps of 1"),
    ],
)
def test_what_may_not_be_is_refused_with_words_and_still_in_the_ledger(
    home: Home, asked: Order, reason: str
) -> None:
    @warped
    async def refuse() -> None:
        toy = home.add("roof", control=True)
        async with home.open() as gateway:
            await elapse(1)
            receipt = await gateway.commands.execute(asked)
            (entry,) = await gateway.commands.ledger()
        assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, reason)
        assert entry.receipt == receipt
        assert toy.writes == []

    refuse()


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(
    values=st.lists(
        st.one_of(st.floats(), st.integers(), st.booleans(), st.sampled_from(["50", b"50", None, [50.0]])),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_asked_only_allowed_floats_reach_the_device(home: Home, values: list[object]) -> None:
    home.configs.clear()
    toy = home.add("roof", control=True)
    toy.writes.clear()

    async def ask() -> None:
        async with home.open() as gateway:
            await elapse(1)
            for value in values:
                await gateway.commands.execute(order(value))

    run(ask())
    assert all(type(value) is float and 2 <= value <= 100 for value in toy.writes)


@warped
async def test_two_orders_at_once_take_turns(home: Home) -> None:
    toy = home.add("roof", control=True)
    under_way, most = 0, 0

    async def slowly() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await elapse(2)
        under_way -= 1

    toy.writing = slowly
    async with home.open() as gateway:
        await elapse(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(gateway.commands.execute(order(40)))
            group.create_task(gateway.commands.execute(order(60)))
    assert (most, toy.writes, toy.limit_pct) == (1, [40.0, 60.0], 60.0)


class SilentTooLong(TimedOut, TimeoutError):
    """As the users of some libraries know it."""


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Unsafe("the guard says no"), Outcome.REFUSED),
        (Refused("the device says no", code=3), Outcome.REFUSED),
        (Busy("somebody else holds it", after=timedelta(seconds=9)), Outcome.REFUSED),
        (Unreachable("nobody answers"), Outcome.REFUSED),
        (OutcomeUnknown("no acknowledgement"), Outcome.UNKNOWN),
        (ConnectionLost("the peer ended the connection"), Outcome.UNKNOWN),
        (TimedOut("silence"), Outcome.UNKNOWN),
        (SilentTooLong("silence, and a time-out of the language's own"), Outcome.UNKNOWN),
        (BadAnswer("rubbish"), Outcome.UNKNOWN),
    ],
    ids=lambda value: getattr(value, "value", type(value).__name__),
)
def test_an_error_of_the_device_becomes_a_receipt(home: Home, error: Exception, outcome: Outcome) -> None:
    async def fail() -> None:
        raise error

    @warped
    async def ask() -> None:
        home.add("roof", control=True).writing = fail
        async with home.open() as gateway:
            await elapse(1)
            receipt = await gateway.commands.execute(order())
            (entry,) = await gateway.commands.ledger()
        assert (receipt.outcome, receipt.reason) == (outcome, str(error))
        assert entry.receipt == receipt

    ask()


@warped
async def test_a_fault_of_ours_becomes_a_receipt_and_is_in_the_log(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("float division by zero")

    home.add("roof", control=True).writing = fail
    async with home.open() as gateway:
        await elapse(1)
        receipt = await gateway.commands.execute(order())
        (entry,) = await gateway.commands.ledger()
    assert receipt.outcome is Outcome.UNKNOWN
    assert receipt.reason == (
        "unexpected ZeroDivisionError: float division by zero. This is a fault in Ohmstead; the log has more."
    )
    assert entry.receipt == receipt
    assert "limits_solar of roof/1 failed" in caplog.text


@warped
async def test_a_spent_budget_refuses_also_after_a_restart(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with home.open() as gateway:
        await elapse(1)
        for value in (10, 20, 30):
            await gateway.commands.execute(order(value))
    async with home.open() as gateway:
        await elapse(1)
        receipt = await gateway.commands.execute(order(40))
    assert (receipt.outcome, receipt.reason) == (Outcome.REFUSED, "three writes a day are enough")
    assert toy.writes == [10.0, 20.0, 30.0]


@warped
async def test_a_write_that_never_ends_is_unknown_at_its_deadline(home: Home) -> None:
    toy = home.add("roof", control=True)
    toy.writing = asyncio.Event().wait
    async with home.open() as gateway:
        await elapse(1)
        receipt = await gateway.commands.execute(order())
        asked = toy.asked
        await elapse(60)
        assert toy.asked >= asked + 2  # polling goes on
    assert receipt.outcome is Outcome.UNKNOWN
    assert receipt.reason == "the command's deadline came before the device had finished"


@warped
async def test_an_order_that_waited_past_its_deadline_is_dropped(home: Home) -> None:
    toy = home.add("roof", control=True)
    toy.writing = asyncio.Event().wait
    async with home.open() as gateway:
        await elapse(1)
        async with asyncio.TaskGroup() as group:
            first = group.create_task(gateway.commands.execute(order(40)))
            second = group.create_task(gateway.commands.execute(order(60)))
    assert first.result().outcome is Outcome.UNKNOWN
    assert second.result().reason == "roof was busy with other requests for too long"
    assert toy.writes == [40.0]


@warped
async def test_a_device_that_is_away_is_not_written_to_and_the_receipt_says_why(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with home.open() as gateway:
        await elapse(1)
        toy.is_away = True
        await elapse(60)
        receipt = await gateway.commands.execute(order())
    assert (receipt.outcome, receipt.reason) == (
        Outcome.REFUSED,
        "roof is not connected: nobody answers at roof",
    )


@warped
async def test_a_cancelled_command_is_unknown_in_the_ledger(home: Home) -> None:
    home.add("roof", control=True).writing = asyncio.Event().wait
    async with home.open() as gateway:
        await elapse(1)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await gateway.commands.execute(order())
        (entry,) = await gateway.commands.ledger()
    assert entry.receipt is not None
    assert entry.receipt.outcome is Outcome.UNKNOWN
    assert entry.receipt.reason == "interrupted while the device was being written to"


@warped
async def test_leaving_takes_seconds_at_most_even_while_a_command_hangs(home: Home) -> None:
    loop = asyncio.get_running_loop()
    home.add("roof", control=True).writing = asyncio.Event().wait
    async with asyncio.TaskGroup() as group:
        async with home.open() as gateway:
            await elapse(1)
            command = group.create_task(gateway.commands.execute(order()))
            await elapse(1)
            left_at_s = loop.time()
        assert loop.time() - left_at_s < 5
    receipt = command.result()
    assert (receipt.outcome, receipt.reason) == (
        Outcome.UNKNOWN,
        "the gateway ended before the device had finished",
    )


@warped
async def test_a_gateway_that_ends_takes_no_more_orders(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with home.open() as gateway:
        await elapse(1)
        await gateway.commands.close()
        receipt = await gateway.commands.execute(order())
    assert receipt.reason == "the gateway is ending"
    assert toy.writes == []
