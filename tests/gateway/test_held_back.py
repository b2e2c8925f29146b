"""What a budget holds back."""

from __future__ import annotations

from ohmstead.gateway import Order, charger_board
from ohmstead.model import DeviceId, LimitedBy, Outcome
from ohmstead.testing import elapse
from ohmstead.testing.warp import warped
from tests.gateway.conftest import Home

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


@warped
async def test_what_is_no_charger_is_not_on_the_board(home: Home) -> None:
    home.add("roof")
    async with home.open() as gateway, charger_board(gateway, "test") as board:
        await elapse(60)
        assert board.chargers() == ()
