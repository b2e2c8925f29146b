"""Golden frames, and what any cut or any rubbish must not change."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families._blueprint.messages import Live, ReadLive, SetLimit
from ohmstead.families._blueprint.wire import LARGEST, Conversation, Tagged, decode, encode
from ohmstead.kit.wire import Damage
from ohmstead.model import BadChecksum, LeftoverBytes, Truncated, UnknownMessage

LIVE_FRAME = bytes.fromhex("b107 07 82 09 0c1b 0001e240 00ff 50 2e1d")
LIVE = Tagged(7, Live(power=309.9, energy=123_456, temperature=25.5, limit=80))


def test_a_frame_of_live_values_reads_and_writes_the_same() -> None:
    assert decode(LIVE_FRAME) == LIVE
    assert encode(LIVE) == LIVE_FRAME


def test_a_power_that_is_not_known_is_none() -> None:
    unknown = Tagged(1, Live(power=None, energy=1, temperature=None, limit=100))

    assert decode(encode(unknown)) == unknown


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (LIVE_FRAME[:4], Truncated),
        (LIVE_FRAME[:-1], Truncated),
        (LIVE_FRAME + b"\0", LeftoverBytes),
        (LIVE_FRAME[:-1] + b"\0", BadChecksum),
        (bytes.fromhex("b107 01 55 00 37fe"), UnknownMessage),
    ],
)
def test_a_broken_frame_says_how_it_is_broken(frame: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        decode(frame)


@given(cuts=st.sets(st.integers(0, 60)))
def test_any_cut_of_the_stream_gives_the_same_messages(cuts: set[int]) -> None:
    stream = (
        b"noise"
        + LIVE_FRAME
        + b"\xb1"
        + encode(Tagged(2, ReadLive()))
        + encode(Tagged(3, SetLimit(limit=40)))
    )
    conversation = Conversation()
    edges = [0, *sorted(cuts), len(stream)]

    found = [item for start, end in pairwise(edges) for item in conversation.receive(stream[start:end])]

    assert [item for item in found if not isinstance(item, Damage)] == [
        LIVE,
        Tagged(2, ReadLive()),
        Tagged(3, SetLimit(limit=40)),
    ]


@given(rubbish=st.binary(max_size=2_000))
def test_rubbish_raises_nothing_and_the_next_frames_are_found(rubbish: bytes) -> None:
    conversation = Conversation()

    conversation.receive(rubbish)
    # A claim of up to 255 bytes may stand at the rubbish's end; behind it the stream is whole again.
    found = conversation.receive(LIVE_FRAME * (LARGEST // len(LIVE_FRAME) + 2))

    assert LIVE in found
