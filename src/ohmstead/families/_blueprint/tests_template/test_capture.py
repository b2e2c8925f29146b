"""Recordings may be shared: nothing in them tells whose device it was."""

from __future__ import annotations

from ohmstead.families._blueprint.capture import BlueprintCodec
from ohmstead.families._blueprint.messages import Info
from ohmstead.families._blueprint.wire import Tagged, decode, encode

INFO = Tagged(9, Info(serial="BP123456", firmware=1.04, rating=400))


def test_the_serial_number_is_blanked_and_the_frame_stays_a_frame() -> None:
    first, second = encode(INFO)[:6], encode(INFO)[6:]
    codec = BlueprintCodec()

    assert codec.frames("<", first) == []
    (frame,) = codec.frames("<", second)

    assert b"BP123456" not in frame
    assert decode(frame) == Tagged(9, Info(serial="********", firmware=1.04, rating=400))


def test_a_frame_is_described_in_words() -> None:
    described = BlueprintCodec().describe("<", encode(INFO))

    assert described == {"message": "Info", "serial": "BP123456", "firmware": 1.04, "rating": 400.0}
