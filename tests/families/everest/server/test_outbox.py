from __future__ import annotations

import asyncio

import pytest

from ohmstead.families.everest.server.outbox import ANSWERS_LIMIT_BYTES, WAITING_BYTES, Outbox
from ohmstead.kit.link.messages import Message
from ohmstead.testing import elapse, warped

STATUS, METER = ("status", 1), ("meter", 1)


def said(text: object) -> Message:
    return Message(str(text).encode())


async def taken(outbox: Outbox, within_s: float = 0.0) -> list[str]:
    """What can be taken within some time."""
    frames: list[str] = []
    try:
        async with asyncio.timeout(within_s or 0.001):
            while (message := await outbox.next()) is not None:
                frames.append(message.data.decode())
    except TimeoutError:
        pass
    return frames


@warped
async def test_everything_goes_out_in_order() -> None:
    outbox = Outbox()
    outbox.tell(STATUS, said("1"))
    outbox.answer(said("a"))
    outbox.tell(STATUS, said("2"))

    assert await taken(outbox) == ["1", "a", "2"]


@warped
async def test_who_is_far_behind_gets_all_answers_and_the_newest_of_each_kind() -> None:
    outbox = Outbox()
    for value in range(5000):
        outbox.tell(STATUS, said(value))
        outbox.tell(METER, said(f"m{value}"))
        if value % 1000 == 0:
            outbox.answer(said(f"a{value}"))
        assert len(outbox) <= 1010
    assert sorted(await taken(outbox)) == ["4999", "a0", "a1000", "a2000", "a3000", "a4000", "m4999"]
    outbox.tell(STATUS, said("1"))
    outbox.tell(STATUS, said("2"))

    assert await taken(outbox) == ["1", "2"]


@warped
async def test_throttled_news_go_out_once_in_an_interval_and_the_last_is_never_lost() -> None:
    outbox = Outbox()
    outbox.throttle(10.0)
    for value in range(25):
        outbox.tell(STATUS, said(value), is_throttled=True)
        outbox.tell(METER, said("m"), is_throttled=False)
        await elapse(1.0)
    heard = [frame for frame in await taken(outbox, 30.0) if frame != "m"]

    assert heard == ["0", "24"]
    outbox.throttle(0.0)
    for value in range(3):
        outbox.tell(STATUS, said(value), is_throttled=True)
    assert await taken(outbox) == ["0", "1", "2"]


@warped
async def test_answers_that_nobody_takes_close_the_door_for_more() -> None:
    outbox = Outbox()
    outbox.answer(said("x" * (ANSWERS_LIMIT_BYTES - WAITING_BYTES)))
    await asyncio.wait_for(outbox.room(), 1.0)
    outbox.answer(said("y"))
    waiting = asyncio.ensure_future(outbox.room())
    await elapse(60.0)
    assert not waiting.done()
    await outbox.next()
    await asyncio.wait_for(waiting, 1.0)


@warped
async def test_empty_answers_that_nobody_takes_close_the_door_too() -> None:
    outbox = Outbox()
    for _ in range(20_000):
        outbox.answer(said(""))

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(outbox.room(), 1.0)


@warped
async def test_the_last_word_comes_behind_everything_that_waits() -> None:
    outbox = Outbox()
    outbox.answer(said("refused"))
    outbox.finish()

    assert await outbox.next() == said("refused")
    assert await outbox.next() is None
