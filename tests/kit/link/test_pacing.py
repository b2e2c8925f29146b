"""A distance between requests, one at a time."""

from __future__ import annotations

import asyncio

import pytest

from ohmstead.kit.link import Pacer
from ohmstead.testing import elapse, warped


def now_s() -> float:
    return asyncio.get_running_loop().time()


@warped
async def test_the_first_use_is_at_once_and_each_next_one_a_gap_after_the_end_of_the_last() -> None:
    pacer, uses = Pacer(gap_s=2), []

    async def use() -> None:
        async with pacer:
            started_s = now_s()
            await elapse(1)
            uses.append((started_s, now_s()))

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(use())

    assert uses == [(0, 1), (3, 4), (6, 7)]


@warped
async def test_a_pause_longer_than_the_gap_costs_nothing() -> None:
    pacer = Pacer(gap_s=2)
    async with pacer:
        pass
    await elapse(10)
    async with pacer:
        assert now_s() == 10


@warped
async def test_whoever_gives_up_waiting_does_not_block_the_next() -> None:
    pacer = Pacer(gap_s=20)
    async with pacer:
        pass
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5), pacer:
            pass
    async with pacer:
        assert now_s() == 20


@warped
async def test_a_failed_use_keeps_its_distance_too() -> None:
    pacer = Pacer(gap_s=2)
    with pytest.raises(LookupError):
        async with pacer:
            raise LookupError
    async with pacer:
        assert now_s() == 2
