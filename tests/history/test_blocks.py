from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.history.blocks import Block, pack_block, pack_ticks, unpack_block, unpack_ticks
from ohmstead.history.errors import DamagedBlob
from ohmstead.history.polls import pack_poll, unpack_poll
from ohmstead.history.rollups import summarise, unpack_minutes, whole

VALUES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.integers(-5000, 5000).map(lambda tenths: tenths / 10),
)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Block, int]:
    values = draw(st.lists(VALUES, min_size=1, max_size=50))
    places = draw(st.lists(st.integers(0, 80), min_size=len(values), max_size=len(values), unique=True))
    qualities = draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
    return Block(sorted(places), values, bytes(qualities)), 81


@given(blocks())
def test_a_block_comes_back_as_it_went(made: tuple[Block, int]) -> None:
    block, ticks = made
    again = unpack_block(pack_block(block, ticks), ticks)
    assert list(again.places) == list(block.places)
    assert list(again.values) == list(block.values)
    assert again.qualities == block.qualities


def test_a_block_that_is_there_at_every_tick_stores_no_places() -> None:
    block = Block([0, 1, 2], [1.5, 1.5, 1.5], bytes(3))
    assert unpack_block(pack_block(block, 3), 3).places == range(3)


def test_a_block_does_not_fit_another_hour() -> None:
    blob = pack_block(Block([0, 1, 2], [1.0, 2.0, 3.0], bytes(3)), 3)
    with pytest.raises(DamagedBlob, match="does not fit"):
        unpack_block(blob, 2)


@given(st.lists(st.integers(0, 3_599_999), min_size=1, unique=True).map(sorted))
def test_ticks_come_back_as_they_went(offsets_ms: list[int]) -> None:
    assert unpack_ticks(pack_ticks(offsets_ms)) == offsets_ms


def test_an_hour_of_ten_second_ticks_is_small() -> None:
    assert len(pack_ticks(range(0, 3_600_000, 10_000))) < 25


def test_minutes_are_counted_summed_and_bounded() -> None:
    blob, hour = summarise([0, 59_999, 60_000, 3_599_999], [1.5, 2.5, -3.0, 4.0])
    assert unpack_minutes(blob) == [
        (0, 2, 4.0, 1.5, 2.5),
        (1, 1, -3.0, -3.0, -3.0),
        (59, 1, 4.0, 4.0, 4.0),
    ]
    assert hour == (0, 4, 5.0, -3.0, 4.0)


@given(st.lists(st.tuples(st.integers(0, 3_599_999), VALUES), min_size=1))
def test_minutes_add_up_to_the_hour(samples: list[tuple[int, float]]) -> None:
    samples.sort()
    blob, hour = summarise([offset for offset, _ in samples], [value for _, value in samples])
    minutes = whole(unpack_minutes(blob))
    assert minutes[:2] == hour[:2]
    assert minutes[2] == pytest.approx(hour[2], rel=1e-9, abs=1e-6)
    assert minutes[3:] == hour[3:]


@given(st.lists(st.tuples(VALUES, st.integers(0, 2**32 - 1), st.integers(0, 3)), max_size=40))
def test_a_poll_comes_back_as_it_went(entries: list[tuple[float, int, int]]) -> None:
    values, signals, qualities = zip(*entries, strict=True) if entries else ((), (), ())
    poll = unpack_poll(pack_poll(values, signals, qualities))
    assert poll == [(signal, value, quality) for value, signal, quality in entries]


@given(st.binary())
def test_rubbish_is_no_poll(blob: bytes) -> None:
    with pytest.raises(DamagedBlob):
        unpack_poll(blob)
