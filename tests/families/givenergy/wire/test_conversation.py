"""Whole streams: however cut, the same messages come out; rubbish never raises and never hides a good frame for long."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    LIMIT_BYTES,
    BadFrame,
    Conversation,
    ErrorReply,
    Flaw,
    Function,
    Heartbeat,
    LanConfiguration,
    NullMessage,
    ReadReply,
    ReadRequest,
    Received,
    Role,
    WriteReply,
    WriteRequest,
    encode_frame,
)
from ohmstead.families.givenergy.wire.framing import cut
from ohmstead.kit.wire import Damage, Frame, Reassembler

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))
PAGE = ReadReply(0x32, Bank.IR, 60, tuple(range(60)), "SA1234G567", "WF1234G567")
OTHER = ReadReply(0x11, Bank.IR, 0, tuple(range(100, 160)), "SA1234G567", "WF1234G567")
BEAT = Heartbeat("WF1234G567")


def name(vector: dict[str, Any]) -> str:
    return str(vector["source"])


def good(found: list[Received]) -> list[Received]:
    return [item for item in found if not isinstance(item, Damage)]


@pytest.mark.parametrize("vector", VECTORS["streams"], ids=name)
def test_a_recorded_stream_gives_its_frames_and_keeps_what_is_not_whole(vector: dict[str, Any]) -> None:
    stream = Reassembler(cut, LIMIT_BYTES)
    frames = [
        item.value.hex()
        for chunk in vector["chunks"]
        for item in stream.feed(bytes.fromhex(chunk))
        if isinstance(item, Frame)
    ]
    assert frames == vector["expect"]["frames"]
    assert stream.held_bytes == len(vector["expect"]["kept_bytes"]) // 2


KINDS = {
    (ReadReply, Bank.HR): "read_holding_response",
    (ReadReply, Bank.IR): "read_input_response",
    (ReadReply, Bank.MR): "read_meter_product_response",
    (ErrorReply, Function.READ_HOLDING): "read_holding_error",
    (ErrorReply, Function.READ_INPUT): "read_input_error",
    (ErrorReply, Function.WRITE): "write_single_error",
    (WriteReply, None): "write_single_response",
    (Heartbeat, None): "heartbeat",
    (LanConfiguration, None): "lan_config",
    (NullMessage, None): "null",
}
RAW_KINDS = {3: "read_holding_response", 4: "read_input_response", 0x16: "read_meter_product_response"}


def kind(item: Received) -> str:
    if isinstance(item, BadFrame):
        return RAW_KINDS[item.frame[27]]
    if isinstance(item, ReadReply):
        return KINDS[ReadReply, item.bank]
    if isinstance(item, ErrorReply):
        return KINDS[ErrorReply, Function(item.function)]
    return KINDS[type(item), None]


@pytest.mark.parametrize("vector", VECTORS["captures"], ids=name)
def test_a_capture_gives_its_frames_and_nothing_else(vector: dict[str, Any]) -> None:
    conversation = Conversation()
    found: list[Received] = []
    for _, direction, chunk in vector["lines"]:
        if direction == "rx":
            found += conversation.receive(bytes.fromhex(chunk))
    counts: dict[str, int] = {}
    for item in found:
        counts[kind(item)] = counts.get(kind(item), 0) + 1
    expect = vector["expect"]
    assert counts == expect["frame_kinds"]
    assert [n for n, item in enumerate(found) if isinstance(item, BadFrame)] == expect[
        "crc_bad_frame_indices"
    ]
    assert conversation.held_bytes == expect["rx_tail_bytes"]


MESSAGES = [
    PAGE,
    OTHER,
    BEAT,
    WriteReply(0x11, 20, 1, "SA1234G567", "WF1234G567"),
    ErrorReply(0x31, 4, 180, 0, "SA1234G567", "WF1234G567"),
    LanConfiguration("203.0.113.9,255.255.255.0,203.0.113.1\r\n\r\n", "WO2203G000"),
    NullMessage(0x22, "WF1234G567"),
]
ANY_MESSAGE = st.sampled_from(MESSAGES)
NOISE = st.binary(max_size=12).filter(lambda noise: b"Y" not in noise)


@settings(deadline=None)
@given(messages=st.lists(st.tuples(NOISE, ANY_MESSAGE), max_size=6), data=st.data())
def test_any_cut_of_a_stream_with_noise_gives_the_same_messages(
    messages: list[tuple[bytes, Any]], data: st.DataObject
) -> None:
    stream = b"".join(noise + encode_frame(message) for noise, message in messages)
    conversation = Conversation()
    found: list[Received] = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += conversation.receive(stream[:size])
        stream = stream[size:]
    assert good(found) == [message for _, message in messages]


@settings(deadline=None)
@given(st.lists(st.binary(max_size=600), max_size=8), st.sampled_from(Role))
def test_rubbish_never_raises_and_never_piles_up(chunks: list[bytes], role: Role) -> None:
    conversation = Conversation(role)
    for chunk in chunks:
        for item in conversation.receive(chunk):
            assert isinstance(item, Damage) or item is not None
        assert conversation.held_bytes <= LIMIT_BYTES
    conversation.end()
    assert conversation.held_bytes == 0


@settings(max_examples=300, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 163), st.integers(1, 255)), min_size=1, max_size=3))
def test_a_frame_with_flipped_bits_is_never_taken_for_another(flips: list[tuple[int, int]]) -> None:
    frame = bytearray(encode_frame(PAGE))
    for at, bits in flips:
        frame[at] ^= bits
    for item in good(Conversation().receive(bytes(frame))):
        # What the checksum does not cover says nothing of the data.
        assert isinstance(item, ReadReply)
        assert (item.device, item.bank, item.base, item.words) == (
            PAGE.device,
            PAGE.bank,
            PAGE.base,
            PAGE.words,
        )


def test_an_unchanged_frame_is_the_very_same_message() -> None:
    conversation = Conversation()
    (first,) = conversation.receive(encode_frame(PAGE))
    (again,) = conversation.receive(encode_frame(PAGE))
    glued = conversation.receive(encode_frame(PAGE) + encode_frame(OTHER))
    assert first is again is glued[0]


def test_a_frame_like_the_last_one_is_read_as_if_it_were_the_first() -> None:
    conversation = Conversation()
    conversation.receive(encode_frame(PAGE))
    for changes in (
        {"words": tuple(range(1, 61))},
        {"words": tuple(range(30))},
        {"adapter_serial": "WF7654G321"},
        {"envelope_serial": "SA7654G321"},
    ):
        other = msgspec.structs.replace(PAGE, **changes)
        assert conversation.receive(encode_frame(other)) == [other]
        assert conversation.receive(encode_frame(other) + encode_frame(PAGE)) == [other, PAGE]


@pytest.mark.parametrize("at", range(26, 164))
def test_a_damaged_frame_like_the_last_one_is_never_believed(at: int) -> None:
    conversation = Conversation()
    conversation.receive(encode_frame(PAGE))
    damaged = bytearray(encode_frame(PAGE))
    damaged[at] ^= 0x10
    assert good(conversation.receive(bytes(damaged))) == []
    assert conversation.receive(encode_frame(PAGE))[-1] == PAGE


def test_a_frame_that_lost_its_tail_does_not_swallow_the_next() -> None:
    cut_off = encode_frame(PAGE)[:100]
    found = Conversation().receive(cut_off + encode_frame(OTHER) + encode_frame(BEAT))
    assert good(found) == [OTHER, BEAT]


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_a_frame_that_lost_its_last_bytes_does_not_swallow_the_marker_behind_it(missing: int) -> None:
    found = Conversation().receive(encode_frame(PAGE)[:-missing] + encode_frame(OTHER))
    assert good(found) == [OTHER]


def test_a_frame_that_never_becomes_whole_can_be_abandoned() -> None:
    conversation = Conversation()
    assert conversation.receive(encode_frame(PAGE)[:150]) == []
    held = conversation.held_bytes
    found = conversation.abandon()
    assert held == 150
    assert all(isinstance(item, Damage) for item in found)
    assert conversation.held_bytes == 3
    assert good(conversation.receive(encode_frame(OTHER))) == [OTHER]


def test_damage_says_what_it_is_and_whose() -> None:
    frame = bytearray(encode_frame(PAGE))
    frame[60] ^= 0xFF
    (bad,) = Conversation().receive(bytes(frame))
    assert isinstance(bad, BadFrame)
    assert (bad.flaw, bad.device, bad.size) == (Flaw.CRC, 0x32, 164)
    assert "SA1234" not in repr(bad)


def test_an_adapter_hears_what_a_client_says() -> None:
    client, adapter = Conversation(), Conversation(Role.ADAPTER)
    said = [ReadRequest(0x11, Bank.HR, 0, 60), WriteRequest(0x11, 20, 1), Heartbeat("WF1234G567", 0x20)]
    assert adapter.receive(b"".join(client.send(message) for message in said)) == said
