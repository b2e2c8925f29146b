"""Used inside alone, entered again after it was left, and never twice at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from ohmstead.kit.block import Block, opens
from ohmstead.model import Misused
from ohmstead.testing import warped

NOT_OPEN = "^the shop is not open: use it inside `async with`, which may be entered again$"


def test_outside_the_block_one_is_told_where_it_belongs() -> None:
    block = Block("the shop")

    with pytest.raises(Misused, match=NOT_OPEN):
        block.require()
    with block:
        block.require()
    with pytest.raises(Misused, match=NOT_OPEN):
        block.require()


def test_a_block_that_is_open_is_not_entered() -> None:
    block = Block("the shop")

    with block, pytest.raises(Misused, match="the shop is open already"), block:
        pass


def test_a_block_whose_beginning_fails_has_not_begun() -> None:
    block = Block("the shop")

    with pytest.raises(OSError, match="no key"), block.beginning():
        raise OSError("no key")
    with block:
        assert block.is_open


@opens
async def shop(days: list[str]) -> AsyncIterator[str]:
    """Where things are sold."""
    if "fire" in days:
        raise OSError("it burns")
    days.append("open")
    try:
        yield "bread"
    finally:
        days.append("closed")


@warped
async def test_what_is_opened_may_be_opened_again_and_runs_anew() -> None:
    days: list[str] = []
    opening = shop(days)

    for _ in range(2):
        async with opening as sold:
            assert sold == "bread"

    assert days == ["open", "closed", "open", "closed"]
    assert shop.__doc__ == "Where things are sold."


@warped
async def test_it_is_not_opened_twice_at_a_time_and_stays_open_for_who_has_it() -> None:
    days: list[str] = []
    opening = shop(days)

    async with opening:
        with pytest.raises(Misused, match=r"what shop\(\) opens is open already"):
            await opening.__aenter__()
        assert days == ["open"]


@warped
async def test_what_the_block_raises_comes_out_as_it_is_and_it_opens_again() -> None:
    days: list[str] = []
    opening = shop(days)
    wrong = ValueError("no change")

    with pytest.raises(ValueError, match="no change") as raised:
        async with opening:
            raise wrong
    async with opening:
        pass

    assert raised.value is wrong
    assert days == ["open", "closed", "open", "closed"]


@warped
async def test_what_could_not_be_opened_is_tried_again() -> None:
    days = ["fire"]
    opening = shop(days)

    with pytest.raises(OSError, match="it burns"):
        await opening.__aenter__()
    days.clear()
    async with opening as sold:
        assert sold == "bread"
