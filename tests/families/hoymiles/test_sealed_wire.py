"""Frames on a link that encrypts: where the tag belongs, and what stands there when it is missing."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.messages import EXCHANGES
from ohmstead.families.hoymiles.messages.exchange import Role
from ohmstead.families.hoymiles.wire import Conversation, Frame, Seal, encode_frame, is_sealed
from ohmstead.kit.wire import Damage

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
MALFORMED = {vector["id"]: bytes.fromhex(vector["hex"]) for vector in VECTORS["malformed"]}
SEED = bytes.fromhex("00112233445566778899aabbccddeeff")
LIVE = Frame(0xA311, 0x1234, b"\x10\x01")
CLEAR = Frame(0xA201, 0x0100, b"\x0a\x01x")

FRAMES = st.builds(
    Frame,
    command_id=st.sampled_from((0xA201, 0xA202, 0xA211, 0xA311, 0x2305)),
    sequence=st.integers(0, 0xFFFF),
    payload=st.binary(max_size=60),
)
CUTS = st.lists(st.integers(0, 600), max_size=12)


def conversation(seed: bytes = SEED) -> Conversation:
    return Conversation(Cipher(seed))


def received(data: bytes, cuts: list[int] = ()) -> list[Frame | Damage]:  # type: ignore[assignment]
    link = conversation()
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    found = [item for a, b in itertools.pairwise(edges) for item in link.receive(data[a:b])]
    return found + link.end()


def frames(found: list[Frame | Damage]) -> list[Frame]:
    return [item for item in found if isinstance(item, Frame)]


def good(frame: Frame) -> Frame:
    seal = Seal.GOOD if is_sealed(frame.command_id) else Seal.NONE
    return Frame(frame.command_id, frame.sequence, frame.payload, seal=seal)


def test_which_ids_are_sealed_is_what_the_table_of_exchanges_says() -> None:
    for exchange in EXCHANGES:
        if exchange.role is not Role.APP:
            continue
        # The open one: an answer that may be sealed although its request never is.
        if exchange.name != "heartbeat":
            assert is_sealed(exchange.answer_id) == exchange.encrypted, exchange.name
        assert is_sealed(exchange.request_id) == exchange.encrypted, exchange.name


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_tags_lie_outside_the_length_and_only_behind_sealed_frames(step: int) -> None:
    (vector,) = (v for v in VECTORS["streams"] if v["id"] == "stream-encrypted-two")
    data = bytes.fromhex(vector["hex"])
    found = frames(received(data, list(range(0, len(data), step))))
    assert [(f.command_id, f.seal) for f in found] == [
        (0xA211, Seal.GOOD),
        (0xA201, Seal.NONE),
        (0xA211, Seal.GOOD),
    ]


def test_a_frame_waits_for_its_tag_and_says_so() -> None:
    link = conversation()
    assert link.receive(MALFORMED["bad-enc-missing-tag"]) == []
    assert link.awaits_tag


def test_another_seed_is_a_broken_seal_and_not_damage() -> None:
    (frame,) = conversation(b"\xff" * 16).receive(MALFORMED["enc-wrong-seed"])
    assert isinstance(frame, Frame)
    assert (frame.command_id, frame.sequence, frame.seal) == (0xA211, 0x1234, Seal.BROKEN)


def test_a_clear_frame_followed_by_silence_had_no_tag() -> None:
    link = conversation()
    assert link.receive(encode_frame(LIVE)) == []
    assert link.silence() == [LIVE]
    assert not link.awaits_tag


def test_a_clear_frame_followed_by_another_had_no_tag() -> None:
    assert received(encode_frame(LIVE) + encode_frame(LIVE) + encode_frame(CLEAR)) == [LIVE, LIVE, CLEAR]


def test_a_clear_frame_before_the_end_had_no_tag() -> None:
    assert received(encode_frame(LIVE)) == [LIVE]


def test_silence_says_nothing_about_half_a_frame_or_half_a_tag() -> None:
    link = conversation()
    data = link.send(LIVE)
    for size in (5, 11, len(data) - 3):
        partial = conversation()
        assert partial.receive(data[:size]) == []
        assert partial.silence() == []
        assert partial.receive(data[size:]) == [good(LIVE)]


def test_a_heartbeat_answer_is_taken_sealed_or_not() -> None:
    beat = Frame(0xA202, 3, b"\x08\x01")
    assert received(conversation().send(beat)) == [good(beat)]
    clear = Conversation(Cipher(SEED), seals_heartbeats=False).send(beat)
    assert clear == encode_frame(beat)
    assert received(clear) == [beat]


@pytest.mark.parametrize("behind", [b"", encode_frame(CLEAR)])
def test_a_sealed_frame_with_a_wrong_crc_is_dropped_with_its_tag(behind: bytes) -> None:
    data = bytearray(conversation().send(LIVE))
    data[6] ^= 1
    expected: list[Frame | Damage] = [Damage("wrong CRC in a frame of 12 bytes", len(data))]
    assert received(bytes(data) + behind) == expected + ([CLEAR] if behind else [])


def test_who_holds_a_cipher_does_not_show_its_seed() -> None:
    assert SEED.hex() not in repr(Cipher(SEED))
    assert repr(SEED) not in repr(Cipher(SEED))


@settings(deadline=None)  # the first example loads the cipher
@given(st.lists(FRAMES, min_size=1, max_size=5), CUTS)
def test_what_one_end_seals_the_other_opens_however_it_is_cut(sent: list[Frame], cuts: list[int]) -> None:
    data = b"".join(conversation().send(frame) for frame in sent)
    assert received(data, cuts) == [good(frame) for frame in sent]


@settings(deadline=None)  # the first example loads the cipher
@given(st.lists(FRAMES, max_size=4), st.binary(max_size=40), CUTS)
def test_any_cut_of_any_stream_gives_the_same(sent: list[Frame], noise: bytes, cuts: list[int]) -> None:
    data = b"".join(conversation().send(f) for f in sent) + noise + b"".join(map(encode_frame, sent))
    assert frames(received(data, cuts)) == frames(received(data))
