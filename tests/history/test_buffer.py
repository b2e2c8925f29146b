from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.history.buffer import DROPPED, Buffer
from ohmstead.history.items import Missed, Poll


def poll(at_ms: int, device: str = "roof/1") -> Poll:
    return Poll(at_ms, device, ())


def test_what_is_kept_is_settled() -> None:
    buffer = Buffer()
    buffer.add(poll(1))
    assert (buffer.recorded, buffer.settled) == (1, 0)
    assert buffer.take() == [poll(1)]
    assert (buffer.settled, len(buffer)) == (0, 1)
    buffer.keep()
    assert (buffer.settled, buffer.stored, len(buffer)) == (1, 1, 0)


def test_what_is_put_back_comes_first_next_time() -> None:
    buffer = Buffer()
    buffer.add(poll(1))
    buffer.take()
    buffer.add(poll(2))
    buffer.put_back()
    assert buffer.take() == [poll(1), poll(2)]


def test_the_oldest_goes_first_and_leaves_a_gap() -> None:
    buffer = Buffer(capacity=2)
    for at_ms in range(1, 6):
        buffer.add(poll(at_ms))
    assert (buffer.dropped, buffer.last_dropped, buffer.settled) == (3, 3, 3)
    assert buffer.take() == [Missed("roof/1", 1, 3, 3, DROPPED), poll(4), poll(5)]


def test_a_gap_that_could_not_be_stored_is_told_again() -> None:
    buffer = Buffer(capacity=1)
    buffer.add(poll(1))
    buffer.add(poll(2))
    buffer.take()
    buffer.put_back()
    buffer.add(poll(3))
    assert buffer.take() == [Missed("roof/1", 1, 2, 2, DROPPED), poll(3)]
    buffer.keep()
    buffer.add(poll(4))
    assert buffer.take() == [poll(4)]


@pytest.mark.long
@given(st.lists(st.sampled_from(("add", "take", "keep", "put back"))))
def test_every_item_is_stored_or_in_a_gap_exactly_once(moves: list[str]) -> None:
    buffer, is_out = Buffer(capacity=3), False
    items: list[Poll | Missed] = []
    stored = 0
    for move in (*moves, "keep", "take", "keep"):
        if move == "add":
            buffer.add(poll(buffer.recorded))
        elif move == "take" and not is_out:
            items, is_out = buffer.take(), True
        elif move == "keep" and is_out:
            buffer.keep()
            stored += sum(1 if isinstance(item, Poll) else item.polls for item in items)
            is_out = False
        elif move == "put back" and is_out:
            buffer.put_back()
            is_out = False
        assert len(buffer) <= 6
    assert stored == buffer.recorded == buffer.settled
