"""Background work behind a connect and a close that different tasks call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ohmstead.kit.link import Keeper, Link, listen, tcp
from ohmstead.model import ConnectionLost, Unreachable
from ohmstead.testing import elapse, warped


class Room:
    """A context that says what happened to it."""

    def __init__(self, *, takes_s: float = 0.0, fails: Exception | None = None) -> None:
        self.story: list[str] = []
        self._takes_s = takes_s
        self._fails = fails

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[str]:
        await asyncio.sleep(self._takes_s)
        if self._fails:
            raise self._fails
        self.story.append("entered")
        task = asyncio.current_task()
        try:
            yield "value"
        finally:
            assert asyncio.current_task() is task
            self.story.append("left")


def unanswered() -> asyncio.Future[bytes]:
    return asyncio.get_running_loop().create_future()


async def fail_after(delay_s: float, error: Exception) -> None:
    await asyncio.sleep(delay_s)
    raise error


@warped
async def test_a_context_is_entered_by_one_task_and_left_on_behalf_of_another() -> None:
    room, keeper = Room(), Keeper("acme")

    async def connect() -> str:
        return await keeper.open(room.entered())

    async with asyncio.TaskGroup() as group:
        connecting = group.create_task(connect())
    assert connecting.result() == "value"
    assert keeper.is_open
    async with asyncio.TaskGroup() as group:
        group.create_task(keeper.close())
        group.create_task(keeper.close())

    assert room.story == ["entered", "left"]
    assert not keeper.is_open


@warped
async def test_it_may_be_opened_again_but_not_twice_at_once() -> None:
    room, keeper = Room(), Keeper("acme")
    await keeper.open(room.entered())
    with pytest.raises(RuntimeError, match="acme is open already"):
        await keeper.open(room.entered())
    await keeper.close()
    await keeper.open(room.entered())
    await keeper.close()

    assert room.story == ["entered", "left", "entered", "left"]


@warped
async def test_what_entering_raises_is_what_open_raises() -> None:
    keeper = Keeper("acme")
    with pytest.raises(Unreachable, match="nobody there"):
        await keeper.open(Room(fails=Unreachable("nobody there")).entered())

    assert not keeper.is_open
    await keeper.open(Room().entered())
    await keeper.close()


@warped
async def test_a_cancelled_open_leaves_nothing_behind() -> None:
    room, keeper = Room(takes_s=60), Keeper("acme")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(10):
            await keeper.open(room.entered())

    assert not keeper.is_open
    assert room.story == []
    assert len(asyncio.all_tasks()) == 1


@warped
async def test_closing_while_another_task_opens_ends_the_opening() -> None:
    room, keeper = Room(takes_s=60), Keeper("acme")

    async def connect() -> None:
        with pytest.raises(ConnectionLost, match="acme: the connection is gone: it is closed"):
            await keeper.open(room.entered())

    async with asyncio.TaskGroup() as group:
        group.create_task(connect())
        await elapse(1)
        await keeper.close()

    assert asyncio.get_running_loop().time() == 1
    assert room.story == []


@warped
async def test_an_answer_reaches_who_waits_for_it() -> None:
    keeper = Keeper("acme")
    await keeper.open(Room().entered())
    answer = unanswered()
    asyncio.get_running_loop().call_later(5, answer.set_result, b"pong")

    assert await keeper.wait(answer) == b"pong"
    await keeper.close()
    assert await keeper.wait(answer) == b"pong"


@warped
async def test_when_the_work_fails_everyone_who_waits_is_told_and_the_context_is_left() -> None:
    room, keeper = Room(), Keeper("acme")
    await keeper.open(room.entered())
    keeper.start(fail_after(5, ConnectionLost("the peer ended the connection")))
    told: list[str] = []

    async def wait() -> None:
        with pytest.raises(ConnectionLost) as lost:
            await keeper.wait(unanswered())
        told.append(str(lost.value))

    async with asyncio.TaskGroup() as group:
        group.create_task(wait())
        group.create_task(wait())

    assert told == ["acme: the connection is gone: the peer ended the connection"] * 2
    assert asyncio.get_running_loop().time() == 5
    await keeper.close()
    assert room.story == ["entered", "left"]


@warped
async def test_the_work_of_the_context_itself_may_fail_too() -> None:
    @asynccontextmanager
    async def session() -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail_after(5, ConnectionLost("cut")))
            yield

    keeper = Keeper("acme")
    await keeper.open(session())
    with pytest.raises(ConnectionLost, match="acme: the connection is gone: cut"):
        await keeper.wait(unanswered())


@warped
async def test_a_bug_in_the_work_is_logged_and_told_as_a_lost_connection(
    caplog: pytest.LogCaptureFixture,
) -> None:
    keeper = Keeper("acme")
    await keeper.open(Room().entered())
    keeper.start(fail_after(5, LookupError("bug")))
    with pytest.raises(ConnectionLost, match="bug") as lost:
        await keeper.wait(unanswered())
    await keeper.close()

    assert isinstance(lost.value.__cause__, LookupError)
    assert "acme: the work behind the connection failed" in caplog.text
    assert "LookupError: bug" in caplog.text


@warped
async def test_after_the_end_nothing_is_started_and_nobody_waits() -> None:
    keeper = Keeper("acme")
    with pytest.raises(ConnectionLost, match="it is closed"):
        await keeper.wait(unanswered())
    with pytest.raises(ConnectionLost, match="it is closed"):
        keeper.start(fail_after(0, LookupError()))
    await keeper.close()


@warped
async def test_the_work_may_close_what_it_works_for() -> None:
    room, keeper = Room(), Keeper("acme")
    await keeper.open(room.entered())
    keeper.start(keeper.close())
    await elapse(1)

    assert room.story == ["entered", "left"]
    assert not keeper.is_open


@warped
async def test_a_wait_that_is_given_up_cancels_its_future() -> None:
    keeper = Keeper("acme")
    await keeper.open(Room().entered())
    future = unanswered()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(5):
            await keeper.wait(future)
    await keeper.close()

    assert future.cancelled()


@warped
async def test_a_client_over_a_socket_notices_its_peer_going() -> None:
    async def hang_up_later(link: Link) -> None:
        await elapse(30)

    async def read(link: Link) -> None:
        while True:
            await link.receive()

    async with listen(hang_up_later) as listener:
        keeper = Keeper("acme")
        keeper.start(read(await keeper.open(tcp("127.0.0.1", listener.port)())))
        with pytest.raises(ConnectionLost, match="expected more bytes, but the peer ended the connection"):
            await keeper.wait(unanswered())
        await keeper.close()

    assert asyncio.get_running_loop().time() == 30
