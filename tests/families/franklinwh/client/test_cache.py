"""Answers handed out again, and questions asked once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.families.franklinwh.client.cache import AnswerCache
from ohmstead.families.franklinwh.facts.topics import Topic
from ohmstead.model import ScaledClock
from ohmstead.testing import elapse, warped


class Source:
    """Takes a second and counts."""

    def __init__(self) -> None:
        self.cache = AnswerCache(ScaledClock(datetime(2025, 10, 5, tzinfo=UTC)))
        self.asked = 0
        self.error: Exception | None = None

    async def ask(self) -> int:
        self.asked += 1
        mine = self.asked
        await elapse(1)
        if self.error:
            raise self.error
        return mine

    async def get(self, *, keep_s: float = 60, fresh: bool = False, topic: Topic = Topic.MODES) -> int:
        return await self.cache.get("key", topic, keep_s, self.ask, fresh=fresh)


@warped
async def test_an_answer_is_kept_for_its_time() -> None:
    source = Source()
    assert [await source.get(), await source.get()] == [1, 1]
    await elapse(60)
    assert [await source.get(), await source.get(fresh=True), await source.get()] == [2, 3, 3]
    assert source.cache.hits == 2


class SetClock(ScaledClock):
    """One that somebody may set back."""

    back = timedelta()

    def now(self) -> datetime:
        return super().now() - self.back


@warped
async def test_a_clock_that_is_set_back_keeps_no_answer_for_longer() -> None:
    source, clock = Source(), SetClock(datetime(2025, 10, 5, tzinfo=UTC))
    source.cache = AnswerCache(clock)
    assert await source.get() == 1
    clock.back = timedelta(hours=1)
    assert [await source.get(), await source.get()] == [2, 2]


@warped
async def test_nothing_is_kept_where_the_time_is_0() -> None:
    source = Source()
    assert [await source.get(keep_s=0), await source.get(keep_s=0)] == [1, 2]


@warped
async def test_who_asks_while_the_answer_is_coming_gets_the_same() -> None:
    source = Source()
    assert await asyncio.gather(*(source.get(keep_s=0) for _ in range(5))) == [1] * 5


@warped
async def test_all_who_wait_get_the_same_error_and_the_next_asks_again() -> None:
    source = Source()
    source.error = ValueError("no")
    found = await asyncio.gather(*(source.get() for _ in range(3)), return_exceptions=True)
    assert found == [source.error] * 3
    source.error = None
    assert await source.get() == 2


@warped
async def test_who_waited_for_a_cancelled_one_asks_for_itself() -> None:
    source = Source()
    first = asyncio.ensure_future(source.get())
    second = asyncio.ensure_future(source.get())
    await elapse(0.5)
    first.cancel()
    assert await second == 2
    with pytest.raises(asyncio.CancelledError):
        await first


@warped
async def test_a_waiting_one_may_be_cancelled_alone() -> None:
    source = Source()
    first = asyncio.ensure_future(source.get())
    second = asyncio.ensure_future(source.get())
    await elapse(0.5)
    second.cancel()
    assert await first == 1


@warped
async def test_a_write_drops_what_is_kept_and_what_is_on_its_way() -> None:
    source = Source()
    assert await source.get() == 1
    source.cache.drop(Topic.MODES, Topic.COMPOSITE)
    before_the_write = asyncio.ensure_future(source.get())
    await elapse(0.5)
    source.cache.drop(Topic.MODES)
    after_the_write = await source.get()
    assert (await before_the_write, after_the_write) == (2, 3)
    assert await source.get() == 3, "the older answer came first and was not kept"


@warped
async def test_other_topics_stay() -> None:
    source = Source()
    await source.get(topic=Topic.STORM)
    source.cache.drop(Topic.MODES)
    assert await source.get(topic=Topic.STORM) == 1
