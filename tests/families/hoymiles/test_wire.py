from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.hoymiles.wire import (
    LIMIT_BYTES,
    MAGIC,
    PLAIN,
    Conversation,
    Extension,
    Frame,
    decode_frame,
    encode_frame,
    message_of,
)
from ohmstead.kit.wire import Damage
from ohmstead.model import BadChecksum, LeftoverBytes, Truncated, UnknownMessage, WireError

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
MALFORMED = {vector["id"]: bytes.fromhex(vector["hex"]) for vector in VECTORS["malformed"]}

FRAMES = st.builds(
    Frame,
    command_id=st.sampled_from((0xA201, 0xA211, 0xA311, 0x2305)),
    sequence=st.integers(0, 0xFFFF),
    payload=st.binary(max_size=200).map(lambda payload: payload.replace(b"HM", b"hm")),
)
CUTS = st.lists(st.integers(0, 2000), max_size=20)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    return [data[a:b] for a, b in itertools.pairwise(edges)]


def frames(found: list[Frame | Damage]) -> list[Frame]:
    return [item for item in found if isinstance(item, Frame)]


def received(data: bytes, cuts: list[int]) -> list[Frame]:
    conversation = Conversation()
    found = [item for piece in pieces(data, cuts) for item in conversation.receive(piece)]
    return frames(found + conversation.end())


@pytest.mark.parametrize("vector", VECTORS["streams"], ids=lambda vector: vector["id"])
@pytest.mark.parametrize("step", [1, 2, 7, 100_000])
def test_a_stream_gives_its_frames_however_it_is_cut(vector: dict[str, Any], step: int) -> None:
    data = bytes.fromhex(vector["hex"])
    found = received(data, list(range(0, len(data), step)))
    expected = [(int(f["command_id"], 16), f["sequence"]) for f in vector["expect_frames"]]
    assert [(frame.command_id, frame.sequence) for frame in found] == expected


@pytest.mark.parametrize("name", ["bad-crc", "bad-crc-bytes-swapped"])
def test_a_wrong_crc_is_damage_and_offline_an_error(name: str) -> None:
    conversation = Conversation()
    found = conversation.receive(MALFORMED[name]) + conversation.end()
    assert found == [Damage("wrong CRC in a frame of 155 bytes", 155)]
    with pytest.raises(BadChecksum, match="the CRC says"):
        decode_frame(MALFORMED[name])


def test_a_length_shorter_than_the_header_is_damage_and_offline_an_error() -> None:
    assert received(MALFORMED["bad-length-short"], []) == []
    with pytest.raises(WireError, match="a length of 9 is shorter than the header"):
        decode_frame(MALFORMED["bad-length-short"])


def test_a_payload_that_is_no_protobuf_is_a_frame_and_no_message() -> None:
    (frame,) = received(MALFORMED["bad-payload-not-protobuf"], [])
    with pytest.raises(WireError, match="is no RealDataNewFromDtu"):
        message_of(frame)


def test_an_id_nobody_knows_is_a_frame_and_no_message() -> None:
    with pytest.raises(UnknownMessage, match="A2FF"):
        message_of(Frame(0xA2FF, 1))


def test_a_frame_offline_is_exactly_one() -> None:
    data = encode_frame(Frame(0xA301, 1, b"\x18\x01"))
    with pytest.raises(Truncated, match="the length says 12 bytes, here are 11"):
        decode_frame(data[:-1])
    with pytest.raises(Truncated, match="10 bytes at least, here are 9"):
        decode_frame(data[:9])
    with pytest.raises(LeftoverBytes, match="1 bytes follow the frame of 12"):
        decode_frame(data + b"\x00")
    with pytest.raises(WireError, match="not with 48 54"):
        decode_frame(b"HTTP/1.1 200 OK")


def test_an_error_carries_the_header_and_never_the_payload() -> None:
    with pytest.raises(BadChecksum) as caught:
        decode_frame(MALFORMED["bad-crc"])
    assert caught.value.data == MALFORMED["bad-crc"][:10]


def test_an_empty_payload_is_a_frame_of_ten_bytes() -> None:
    assert encode_frame(Frame(0xA301, 1)).hex() == "484da3010001ffff000a"
    assert decode_frame(bytes.fromhex("484da3010001ffff000a")) == Frame(0xA301, 1)


def test_a_frame_that_no_length_can_count_is_never_sent() -> None:
    with pytest.raises(WireError, match="at most 65525 bytes"):
        encode_frame(Frame(0xA301, 1, bytes(65526)))


def test_a_storage_gateways_header_goes_there_and_back() -> None:
    frame = Frame(0xC303, 9, b"\x08\x01", Extension(gateway_serial=10_000_000_012_345, channel=1))
    assert decode_frame(encode_frame(frame)) == frame
    assert received(encode_frame(frame), [3, 11, 20]) == [frame]


def test_a_wrong_crc_with_rubbish_behind_it_is_searched_for_the_next_frame() -> None:
    good = encode_frame(Frame(0xA202, 5, b"\x08\x01"))
    lying = b"HM\xa2\x11\x00\x01\x00\x00" + (10 + len(good)).to_bytes(2) + good
    assert received(lying + b"\x00" * 8, [4, 30]) == [decode_frame(good)]


@given(st.lists(FRAMES, max_size=6), st.binary(max_size=40), CUTS)
def test_any_cut_of_any_stream_gives_the_same_frames(
    sent: list[Frame], noise: bytes, cuts: list[int]
) -> None:
    data = b"".join(encode_frame(frame) for frame in sent) + noise
    assert received(data, cuts) == received(data, [])


@given(st.lists(FRAMES, min_size=1, max_size=6), CUTS)
def test_what_one_end_sends_the_other_receives(sent: list[Frame], cuts: list[int]) -> None:
    ours, theirs = Conversation(), Conversation()
    data = b"\x00".join(ours.send(frame) for frame in sent)
    assert frames([item for piece in pieces(data, cuts) for item in theirs.receive(piece)]) == sent


@given(st.binary(max_size=400), CUTS)
def test_any_bytes_raise_nothing_and_any_cut_of_them_says_the_same(data: bytes, cuts: list[int]) -> None:
    spiced = data.replace(b"\x01", b"HM")
    assert received(spiced, cuts) == received(spiced, [])


def test_in_noise_a_good_frame_does_not_wait_for_the_rest_of_a_false_one() -> None:
    claims = b"".join(PLAIN.pack(MAGIC, 0xA201, 1, 0, length) for length in range(39_001, 39_900))
    noise = (claims + b"\x01" * (39_000 - len(claims))).ljust(39_900, b"\x02")
    good = Frame(0xA201, 7, b"\x08\x01")
    another = Frame(0xA202, 8, bytes(40_000))
    conversation = Conversation()
    assert frames(conversation.receive(noise + encode_frame(good))) == [good]
    # What is good ends the doubt: long frames are waited for again.
    assert conversation.receive(encode_frame(another)[:30_000]) == []
    assert conversation.receive(encode_frame(another)[30_000:]) == [another]


def test_memory_is_bounded_whatever_arrives() -> None:
    conversation = Conversation()
    header = b"HM\xa2\x11\x00\x01\x00\x00\xff\xff"
    for _ in range(40):
        conversation.receive(header + bytes(5000))
        assert conversation._stream.held_bytes <= LIMIT_BYTES
