"""Frames come out of a stream however it was cut, whatever stands between them, within a bounded buffer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ohmstead.kit.wire import Damage, Drop, Frame, NeedMore, Reassembler

START = 0x7E
LIMIT_BYTES = 64


def cut(buffer: memoryview, final: bool) -> NeedMore | Drop | Frame[bytes]:
    """An invented wire: 7E, length 1 to 40, that many bytes, their sum."""
    if buffer[0] != START:
        return Drop(max(bytes(buffer).find(START), 0) or len(buffer), "no start byte")
    if len(buffer) < 2:
        return NeedMore()
    size = buffer[1] + 3
    if not 4 <= size <= 43:
        return Drop(1, "impossible length")
    if len(buffer) < size:
        return NeedMore()
    body = bytes(buffer[2 : size - 1])
    return Frame(size, body) if buffer[size - 1] == sum(body) & 0xFF else Drop(1, "wrong sum")


def frame(body: bytes) -> bytes:
    return bytes([START, len(body)]) + body + bytes([sum(body) & 0xFF])


def bodies(found: list[Frame[bytes] | Damage]) -> list[bytes]:
    return [item.value for item in found if isinstance(item, Frame)]


def damaged_bytes(found: list[Frame[bytes] | Damage]) -> int:
    return sum(item.size for item in found if isinstance(item, Damage))


frames = st.binary(min_size=1, max_size=40).map(frame)
streams = st.lists(frames | st.binary(max_size=30), max_size=12).map(b"".join)


@st.composite
def cut_streams(draw: st.DrawFn) -> list[bytes]:
    stream = draw(streams)
    places = sorted(draw(st.lists(st.integers(0, len(stream)), max_size=20)))
    edges = [0, *places, len(stream)]
    return [stream[start:end] for start, end in pairwise(edges)]


@given(cut_streams())
@example([frame(b"\x7e\x05abc"), b"\x7e", b"\x28" + frame(b"hidden behind a length that lies")])
def test_any_cut_of_any_stream_gives_the_same_frames(pieces: list[bytes]) -> None:
    whole, parts, bytewise = (Reassembler(cut, LIMIT_BYTES) for _ in range(3))
    stream = b"".join(pieces)

    expected = whole.feed(stream) + whole.end()
    in_parts = [item for piece in pieces for item in parts.feed(piece)] + parts.end()
    by_byte = [item for byte in stream for item in bytewise.feed(bytes([byte]))] + bytewise.end()

    assert bodies(in_parts) == bodies(by_byte) == bodies(expected)
    assert damaged_bytes(in_parts) == damaged_bytes(by_byte) == damaged_bytes(expected)


@given(cut_streams())
def test_every_byte_is_in_a_frame_or_in_the_damage_and_the_buffer_keeps_its_limit(
    pieces: list[bytes],
) -> None:
    reassembler = Reassembler(cut, LIMIT_BYTES)
    found = []
    for piece in pieces:
        found += reassembler.feed(piece)
        assert reassembler.held_bytes <= LIMIT_BYTES
    found += reassembler.end()

    assert reassembler.held_bytes == 0
    assert sum(item.size for item in found) == sum(map(len, pieces))


def test_a_half_received_frame_waits_for_the_rest() -> None:
    reassembler = Reassembler(cut, LIMIT_BYTES)

    assert reassembler.feed(bytes.fromhex("7e 03 61 62")) == []
    assert reassembler.feed(bytes.fromhex("63 26 7e")) == [Frame(6, b"abc")]
    assert reassembler.held_bytes == 1


def test_it_finds_its_feet_after_rubbish_and_says_how_much_there_was() -> None:
    reassembler = Reassembler(cut, LIMIT_BYTES)

    found = reassembler.feed(b"rubbish" + frame(b"good") + b"\x7e\x00" + frame(b"too"))

    assert found == [
        Damage("no start byte", 7),
        Frame(7, b"good"),
        Damage("impossible length", 1),
        Damage("no start byte", 1),
        Frame(6, b"too"),
    ]


def test_a_run_of_rubbish_is_one_piece_of_damage() -> None:
    reassembler = Reassembler(cut, LIMIT_BYTES)

    found = reassembler.feed(b"\x00" * 1_000_000)

    assert found == [Damage("no start byte", 1_000_000)]


def test_a_cut_that_never_has_enough_cannot_fill_the_memory() -> None:
    reassembler: Reassembler[bytes] = Reassembler(lambda buffer, final: NeedMore(), 10)

    found = reassembler.feed(bytes(100))

    assert found == [Damage("no frame within 10 bytes", 91)]
    assert reassembler.held_bytes == 9
    assert reassembler.end() == [Damage("the stream ended within a frame", 9)]


def test_a_frame_behind_one_that_was_cut_off_comes_out_at_the_end() -> None:
    reassembler = Reassembler(cut, LIMIT_BYTES)

    assert reassembler.feed(b"\x7e\x28begin" + frame(b"whole")) == []
    assert reassembler.end() == [
        Damage("the stream ended within a frame", 1),
        Damage("no start byte", 6),
        Frame(8, b"whole"),
    ]


def test_a_cut_that_claims_more_than_there_is_takes_what_there_is() -> None:
    reassembler: Reassembler[bytes] = Reassembler(lambda buffer, final: Drop(1_000, "greedy"), 10)

    assert reassembler.feed(b"abc") == [Damage("greedy", 3)]


def test_a_buffer_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 byte, not 0"):
        Reassembler(cut, 0)


def test_a_frame_that_will_not_become_whole_can_be_skipped() -> None:
    stream = Reassembler(
        lambda buffer, final: NeedMore() if len(buffer) < 4 else Frame(4, bytes(buffer[:4])), 16
    )
    assert stream.feed(b"abc") == []
    assert stream.skip(2, "too late") == [Damage("too late", 2)]
    assert stream.held_bytes == 1
    assert stream.skip(2, "too late") == [Damage("too late", 1)]
    assert stream.skip(2, "too late") == []
