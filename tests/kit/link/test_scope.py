"""Child tasks that live as long as their block."""

from __future__ import annotations

import asyncio

import pytest

from ohmstead.kit.link import TaskScope
from ohmstead.testing import elapse, warped


@warped
async def test_leaving_the_block_cancels_the_children_and_waits_for_them() -> None:
    story: list[str] = []

    async def child() -> None:
        try:
            await elapse(1_000)
        finally:
            await elapse(2)
            story.append("tidied")

    async with TaskScope() as scope:
        scope.start(child())
        await elapse(1)
        assert len(scope) == 1

    assert story == ["tidied"]
    assert asyncio.get_running_loop().time() == 3


@warped
async def test_what_the_block_raises_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError):
        async with TaskScope() as scope:
            scope.start(elapse(1_000))
            raise LookupError


@warped
async def test_a_child_that_fails_ends_the_block_and_its_siblings() -> None:
    async def fail() -> None:
        await elapse(5)
        raise LookupError("child")

    with pytest.raises(ExceptionGroup) as failed:
        async with TaskScope() as scope:
            scope.start(elapse(1_000))
            scope.start(fail())
            await elapse(1_000)

    assert [str(error) for error in failed.value.exceptions] == ["child"]
    assert asyncio.get_running_loop().time() == 5


@warped
async def test_cancelling_the_owner_is_a_normal_ending() -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5), TaskScope() as scope:
            scope.start(elapse(1_000))
            await elapse(1_000)
