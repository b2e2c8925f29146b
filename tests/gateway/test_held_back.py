"""What a budget holds back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from toy_family import at_once

from ohmstead.gateway import Gateway, GatewayChargers, Order
from ohmstead.model import DeviceId, LimitedBy, Outcome
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import NOON, Home, Toy

ROOF = DeviceId("roof/1")
BOUGHT = [10, 20, 30]
"""What a toy's budget is enough for."""


def order(limit_pct: float) -> Order:
    return Order(device=ROOF, ability="limits_solar", value=limit_pct, origin="test")


@asynccontextmanager
async def life(home: Home, at: datetime) -> AsyncIterator[Gateway]:
    """Of a gateway, from a moment on."""
    home.starts_at = at
    async with home.open() as gateway:
        await elapse(5)
        yield gateway


@asynccontextmanager
async def life_that_held_back(home: Home, *limits_pct: float) -> AsyncIterator[tuple[Toy, Gateway]]:
    """From noon on, in which so much was asked of a roof that carries nothing out before two o'clock."""
    toy = home.add("roof", control=True)
    toy.holds_until = NOON + timedelta(hours=2)
    async with life(home, NOON) as gateway:
        for limit_pct in limits_pct:
            await gateway.commands.execute(order(limit_pct))
        yield toy, gateway


async def told(gateway: Gateway) -> list[tuple[object, str, Outcome | None]]:
    """The ledger, oldest first."""
    entries = reversed(await gateway.commands.ledger())
    return [(one.asked, one.reason, one.receipt.outcome if one.receipt else None) for one in entries]


def repeat_the_last_entry(ledger: Path, times: int) -> None:
    with closing(sqlite3.connect(ledger)) as connection, connection:
        (order,) = connection.execute("SELECT * FROM orders ORDER BY id DESC LIMIT 1")
        (receipt,) = connection.execute("SELECT * FROM receipts ORDER BY order_id DESC LIMIT 1")
        ids = range(order[0] + 1, order[0] + 1 + times)
        connection.executemany(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?)", [(number, *order[1:]) for number in ids]
        )
        connection.executemany("INSERT INTO receipts VALUES (?, ?)", [(number, receipt[1]) for number in ids])


@warped
async def test_a_budget_that_is_spent_is_named_on_the_receipt(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with life(home, NOON) as gateway:
        outcomes = [await gateway.commands.execute(order(limit_pct)) for limit_pct in (*BOUGHT, 40)]

    assert [receipt.outcome for receipt in outcomes] == [Outcome.CONFIRMED] * 3 + [Outcome.REFUSED]
    assert [receipt.limited_by for receipt in outcomes] == [None] * 3 + [LimitedBy.WEAR_BUDGET]
    assert toy.writes == BOUGHT


@pytest.mark.long
@warped
async def test_what_no_family_keeps_is_not_carried_out_later(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with life(home, NOON) as gateway:
        board = GatewayChargers(gateway, "test")
        for limit_pct in (*BOUGHT, 40):
            await board.command(ROOF, "limits_solar", limit_pct)
        assert board.waiting(ROOF, "limits_solar") is None
        await elapse(25 * 3_600)  # the budget is of a day

    assert toy.writes == BOUGHT


@warped
async def test_what_is_held_back_is_carried_out_in_a_later_life(home: Home) -> None:
    async with life_that_held_back(home, 40, 50) as (toy, _):
        pass
    async with life(home, NOON + timedelta(hours=1)) as gateway:
        await elapse(3_500)
        assert toy.writes == []
        await elapse(200)

        assert toy.writes == [50.0]
        assert (await told(gateway))[2:] == [(50.0, "held back before", Outcome.CONFIRMED)]
    async with life(home, NOON + timedelta(hours=3)):
        await elapse(3_600)
        assert toy.writes == [50.0]


@pytest.mark.parametrize("starts_at", [NOON + timedelta(hours=1), NOON + timedelta(hours=3)])
@warped
async def test_a_life_that_ends_while_something_waits_leaves_it_to_the_next(
    home: Home, starts_at: datetime
) -> None:
    async with life_that_held_back(home, 40) as (toy, _):
        pass
    async with life(home, starts_at):
        pass
    async with life(home, NOON + timedelta(hours=4)):
        await elapse(120)

    assert toy.writes == [40.0]


@warped
async def test_who_has_an_order_to_take_back_has_half_a_minute_to_do_so(home: Home) -> None:
    async with life_that_held_back(home, 40) as (toy, _):
        pass
    async with life(home, NOON + timedelta(hours=3)) as gateway:
        await elapse(20)
        await gateway.commands.execute(order(100))
        await elapse(3_600)

    assert toy.writes == [100.0]


@warped
async def test_what_was_asked_for_since_is_in_its_place_in_a_later_life_too(home: Home) -> None:
    async with life_that_held_back(home, 40) as (toy, gateway):
        toy.holds_until = None
        await gateway.commands.execute(order(60))
    async with life(home, NOON + timedelta(hours=3)):
        await elapse(3_600)

    assert toy.writes == [60.0]


@warped
async def test_a_newer_order_that_a_family_keeps_is_in_its_place(home: Home) -> None:
    async with life_that_held_back(home, 40) as (toy, gateway):
        toy.is_shut = True
        await gateway.commands.execute(order(60))
        toy.is_shut = False
        await elapse(3 * 3_600)

    assert toy.writes == []


@warped
async def test_however_many_orders_were_refused_since_what_waits_is_known_in_a_later_life(home: Home) -> None:
    async with life_that_held_back(home, 40) as (toy, gateway):
        refused = await gateway.commands.execute(order(400))
    assert (refused.outcome, refused.next_try_at) == (Outcome.REFUSED, None)
    repeat_the_last_entry(home.directory / "ledger.sqlite", 2_000)
    async with life(home, NOON + timedelta(hours=3)):
        await elapse(120)

    assert toy.writes == [40.0]


@warped
async def test_a_device_that_is_away_when_the_time_comes_is_waited_for(home: Home) -> None:
    async with life_that_held_back(home, 40) as (toy, _):
        toy.is_away = True
        await elapse(4 * 3_600)
        assert toy.writes == []
        toy.is_away = False
        await elapse(900)

    assert toy.writes == [40.0]


@warped
async def test_what_could_not_be_carried_out_for_a_day_is_refused_with_its_reason(home: Home) -> None:
    async with life_that_held_back(home, 40) as (toy, _):
        pass
    toy.is_away = True
    async with life(home, NOON + timedelta(days=3)) as gateway:
        await elapse(60)
        (_, last) = await told(gateway)

    assert last == (40.0, "held back before, and not possible for a day since", Outcome.REFUSED)
    assert toy.writes == []


@warped
async def test_what_is_no_charger_is_not_on_the_board(home: Home) -> None:
    home.add("roof")
    async with life(home, NOON) as gateway:
        await elapse(60)
        assert GatewayChargers(gateway, "test").chargers() == ()


@pytest.mark.long
@warped
async def test_a_fault_of_ours_ends_neither_the_gateway_nor_what_else_waits(home: Home) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("float division by zero")

    async with life_that_held_back(home, 40) as (toy, gateway):
        toy.writing = fail
        await elapse(3 * 3_600)
        assert [outcome for *_, outcome in await told(gateway)] == [Outcome.REFUSED, Outcome.UNKNOWN]
        toy.holds_until = NOON + timedelta(hours=5)
        await gateway.commands.execute(order(50))
        await elapse(3 * 3_600)

    assert toy.writes == [40.0, 50.0]


@warped
async def test_an_order_whose_asker_went_away_is_in_its_place_all_the_same(home: Home) -> None:
    async with life_that_held_back(home, 40) as (toy, gateway):
        toy.holds_until, toy.writing = None, asyncio.Event().wait
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await gateway.commands.execute(order(60))
        toy.writing = at_once
        await elapse(3 * 3_600)

    assert toy.writes == [60.0]
