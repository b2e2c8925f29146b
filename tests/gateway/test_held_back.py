"""What a budget holds back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from ohmstead.gateway import Gateway, Order, charger_board
from ohmstead.model import DeviceId, LimitedBy, Outcome
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import NOON, Home, Toy

ROOF = DeviceId("roof/1")


def order(limit_pct: float) -> Order:
    return Order(device=ROOF, ability="limits_solar", value=limit_pct, origin="test")


@warped
async def test_a_budget_that_is_spent_is_named_on_the_receipt(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with home.open() as gateway:
        await elapse(5)
        outcomes = [await gateway.commands.execute(order(limit_pct)) for limit_pct in (10, 20, 30, 40)]

    assert [receipt.outcome for receipt in outcomes] == [Outcome.CONFIRMED] * 3 + [Outcome.REFUSED]
    assert [receipt.limited_by for receipt in outcomes] == [None] * 3 + [LimitedBy.WEAR_BUDGET]
    assert toy.writes == [10, 20, 30]


@warped
async def test_what_no_family_keeps_is_not_carried_out_later(home: Home) -> None:
    toy = home.add("roof", control=True)
    async with home.open() as gateway, charger_board(gateway, "test") as board:
        await elapse(5)
        for limit_pct in (10, 20, 30, 40):
            await board.command(ROOF, "limits_solar", limit_pct)
        assert board.waiting(ROOF, "limits_solar") is None
        await elapse(2 * 86_400)

    assert toy.writes == [10, 20, 30]


@asynccontextmanager
async def life(home: Home, at: datetime) -> AsyncIterator[Gateway]:
    """Of a gateway, from a moment on."""
    home.starts_at = at
    async with home.open() as gateway, charger_board(gateway, "test"):
        await elapse(5)
        yield gateway


def roof_that_holds_back(home: Home) -> Toy:
    """Until two hours after noon."""
    toy = home.add("roof", control=True)
    toy.holds_until = NOON + timedelta(hours=2)
    return toy


async def told(gateway: Gateway) -> list[tuple[object, str, Outcome | None]]:
    """The ledger, oldest first."""
    entries = reversed(await gateway.commands.ledger())
    return [(one.asked, one.reason, one.receipt.outcome if one.receipt else None) for one in entries]


@warped
async def test_what_is_held_back_is_carried_out_in_a_later_life(home: Home) -> None:
    toy = roof_that_holds_back(home)
    async with life(home, NOON) as gateway:
        for limit_pct in (40, 50):
            await gateway.commands.execute(order(limit_pct))
    async with life(home, NOON + timedelta(hours=1)) as gateway:
        await elapse(3_500)
        assert toy.writes == []
        await elapse(200)

        assert toy.writes == [50.0]
        assert (await told(gateway))[2:] == [(50.0, "held back before", Outcome.CONFIRMED)]
    async with life(home, NOON + timedelta(hours=3)):
        await elapse(3_600)
        assert toy.writes == [50.0]


@warped
async def test_what_was_asked_for_since_is_in_its_place_in_a_later_life_too(home: Home) -> None:
    toy = roof_that_holds_back(home)
    async with life(home, NOON) as gateway:
        await gateway.commands.execute(order(40))
        toy.holds_until = None
        await gateway.commands.execute(order(60))
    async with life(home, NOON + timedelta(hours=3)):
        await elapse(3_600)

    assert toy.writes == [60.0]


@warped
async def test_a_device_that_is_away_when_the_time_comes_is_waited_for(home: Home) -> None:
    toy = roof_that_holds_back(home)
    async with life(home, NOON) as gateway:
        await gateway.commands.execute(order(40))
        toy.is_away = True
        await elapse(4 * 3_600)
        assert toy.writes == []
        toy.is_away = False
        await elapse(900)

    assert toy.writes == [40.0]


@warped
async def test_what_could_not_be_carried_out_for_a_day_is_refused_with_its_reason(home: Home) -> None:
    toy = roof_that_holds_back(home)
    async with life(home, NOON) as gateway:
        await gateway.commands.execute(order(40))
    toy.is_away = True
    async with life(home, NOON + timedelta(days=3)) as gateway:
        await elapse(60)
        (_, last) = await told(gateway)

    assert last == (40.0, "held back before, and not possible for a day since", Outcome.REFUSED)
    assert toy.writes == []


@warped
async def test_what_is_no_charger_is_not_on_the_board(home: Home) -> None:
    home.add("roof")
    async with home.open() as gateway, charger_board(gateway, "test") as board:
        await elapse(60)
        assert board.chargers() == ()
