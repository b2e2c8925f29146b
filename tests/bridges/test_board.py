from __future__ import annotations

import asyncio

from ohmstead.bridges.mqtt.board import Board
from ohmstead.testing import warped


async def told(board: Board) -> list[tuple[str, bytes]]:
    """As a broker hears it."""
    heard = []
    while not board.is_told:
        topic, text = await board.due()
        board.done(topic, text)
        heard.append((topic, text))
    return heard


@warped
async def test_the_newest_text_takes_the_place_of_the_one_before() -> None:
    board = Board()
    for count in range(1000):
        board.put("a", str(count).encode())
    board.put("b", b"x")

    assert await told(board) == [("a", b"999"), ("b", b"x")]


@warped
async def test_what_stands_there_already_is_not_told_again_until_all_is() -> None:
    board = Board()
    board.put("a", b"1")
    await told(board)
    board.put("a", b"1")

    assert board.is_told
    board.all_again()
    assert await told(board) == [("a", b"1")]


@warped
async def test_a_text_that_changes_while_it_is_told_is_told_again() -> None:
    board = Board()
    board.put("a", b"1")
    topic, text = await board.due()
    board.put("a", b"2")
    board.done(topic, text)

    assert await told(board) == [("a", b"2")]


@warped
async def test_what_is_dropped_is_cleared_and_forgotten() -> None:
    board = Board()
    board.put("a/1", b"1")
    await told(board)
    board.drop(board.topics("a/"))

    assert await told(board) == [("a/1", b"")]
    assert not board.holds("a/1")
    board.all_again()
    assert board.is_told


@warped
async def test_nothing_is_due_until_something_is_put() -> None:
    board = Board()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(board.due())
        await asyncio.sleep(0)
        assert not waiting.done()
        board.put("a", b"1")

    assert waiting.result() == ("a", b"1")
