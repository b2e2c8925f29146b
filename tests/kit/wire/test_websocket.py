"""WebSocket frames: both ends understand each other however the stream was cut, and a peer can break nothing but its connection."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.kit.wire.websocket import (
    Broken,
    Close,
    FrameReader,
    Incoming,
    Message,
    Ping,
    Pong,
    close_frame,
    masked,
    message_frame,
    ping_frame,
    pong_frame,
)

LIMIT_BYTES = 1000
MASK = bytes.fromhex("37fa213d")
HELLO = bytes.fromhex("48656c6c6f")


def client() -> FrameReader:
    return FrameReader(is_server=False, limit_bytes=LIMIT_BYTES)


def server() -> FrameReader:
    return FrameReader(is_server=True, limit_bytes=LIMIT_BYTES)


# --- the standard's own examples: RFC 6455, 5.7 ---


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ("810548656c6c6f", Message(HELLO, is_text=True)),
        ("827e0100" + "61" * 256, Message(b"a" * 256)),
        ("890548656c6c6f", Ping(HELLO)),
        ("8a0548656c6c6f", Pong(HELLO)),
    ],
)
def test_a_servers_frame_is_read(frame: str, message: Incoming) -> None:
    assert client().receive(bytes.fromhex(frame)) == [message]


def test_a_clients_frame_is_unmasked() -> None:
    assert server().receive(bytes.fromhex("818537fa213d7f9f4d5158")) == [Message(HELLO, is_text=True)]


def test_a_message_in_pieces_is_joined_and_control_frames_stand_between_them() -> None:
    pieces = bytes.fromhex("010348656c" + "8900" + "80026c6f")

    assert client().receive(pieces) == [Ping(), Message(HELLO, is_text=True)]


@pytest.mark.parametrize(
    ("frame", "written"),
    [
        (message_frame(Message(HELLO, is_text=True)), "810548656c6c6f"),
        (message_frame(Message(HELLO, is_text=True), MASK), "818537fa213d7f9f4d5158"),
        (message_frame(Message(b"a" * 126)), "827e007e" + "61" * 126),
        (message_frame(Message(b"a" * 65_536)), "827f0000000000010000" + "61" * 65_536),
        (ping_frame(), "8900"),
        (pong_frame(HELLO), "8a0548656c6c6f"),
        (close_frame(1000, "bye"), "880503e8627965"),
        (close_frame(1005), "8800"),
        (close_frame(1002, "ü" * 100), "887c03ea" + "c3bc" * 61),  # cut between two letters
    ],
)
def test_a_frame_is_these_bytes(frame: bytes, written: str) -> None:
    assert frame == bytes.fromhex(written)


# --- what a peer must not do ---


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("c10548656c6c6f", 1002),  # a reserved bit
        ("8300", 1002),  # kinds that do not exist
        ("8b00", 1002),
        ("0900", 1002),  # a control frame in pieces
        ("897e0080" + "00" * 128, 1002),  # and one that is too long
        ("800548656c6c6f", 1002),  # more of nothing
        ("0101618101" + "61", 1002),  # a message within a message
        ("818537fa213d7f9f4d5158", 1002),  # masked by a server
        ("827e03e9", 1009),  # too long, said before it comes
        ("827fffffffffffffffff", 1009),
        ("027e03e8" + "00" * 1000 + "800100", 1009),  # too long in pieces
        ("8101ff", 1007),  # text that is none
        ("0101c3" + "8001ff", 1007),
        ("880103", 1002),  # half a code
        ("880203ed", 1002),  # codes that are never sent
        ("88020000", 1002),
        ("880403e8ff80", 1007),  # a reason that is no text
    ],
)
def test_who_breaks_the_rules_is_told_by_which_code_and_not_heard_any_more(sent: str, code: int) -> None:
    reader = client()
    (broken,) = reader.receive(bytes.fromhex(sent))

    assert isinstance(broken, Broken)
    assert broken.code == code
    assert reader.receive(bytes.fromhex("810548656c6c6f")) == []


@pytest.mark.parametrize("sent", ["810548656c6c6f", "8100", "8200", "817e0000", "827e00024f4b"])
def test_a_client_that_does_not_mask_breaks_the_rules(sent: str) -> None:
    (broken,) = server().receive(bytes.fromhex(sent))

    assert broken == Broken(1002, "a client masks its frames, and a server does not")


def test_what_came_before_the_rules_were_broken_still_counts() -> None:
    message, broken = client().receive(bytes.fromhex("810548656c6c6f" + "8300"))

    assert message == Message(HELLO, is_text=True)
    assert isinstance(broken, Broken)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [("8800", Close(1005)), ("880203e8", Close(1000)), ("880503f0627965", Close(1008, "bye"))],
)
def test_nothing_is_read_behind_a_closing(payload: str, expected: Close) -> None:
    assert client().receive(bytes.fromhex(payload + "810548656c6c6f")) == [expected]


def test_the_largest_message_is_taken_whole_and_in_pieces() -> None:
    for frames in ("827e03e8" + "00" * 1000, "027e01f4" + "00" * 500 + "807e01f4" + "00" * 500):
        assert client().receive(bytes.fromhex(frames)) == [Message(bytes(1000))]


# --- any input ---

messages = st.builds(Message, st.binary(max_size=300)) | st.builds(
    lambda text: Message(text.encode(), is_text=True), st.text(max_size=100)
)
masks = st.binary(min_size=4, max_size=4)


@given(st.lists(messages, max_size=8), masks, st.lists(st.integers(0, 3000), max_size=12))
def test_what_a_client_sends_a_server_reads_however_it_is_cut(
    sent: list[Message], mask: bytes, cuts: list[int]
) -> None:
    stream = b"".join(message_frame(message, mask) for message in sent)

    assert _read(server(), stream, cuts) == sent


@given(messages, st.lists(st.integers(0, 300), max_size=6), st.booleans())
def test_a_message_is_the_same_in_one_piece_and_in_many(
    message: Message, cuts: list[int], has_pings: bool
) -> None:
    stops = sorted({0, len(message.data), *(cut for cut in cuts if cut < len(message.data))})
    parts = [message.data[begin:end] for begin, end in pairwise(stops)] or [b""]
    stream = b""
    for number, part in enumerate(parts):
        opcode = 0 if number else 1 if message.is_text else 2
        last = 0x80 if number == len(parts) - 1 else 0
        size = bytes([len(part)]) if len(part) < 126 else b"\x7e" + len(part).to_bytes(2, "big")
        stream += bytes([opcode | last]) + size + part
        stream += ping_frame(b"?") if has_pings else b""

    assert [found for found in client().receive(stream) if found != Ping(b"?")] == [message]


@given(st.lists(st.binary(max_size=40), max_size=20), st.booleans())
def test_rubbish_raises_nothing_and_ends_with_one_broken_rule_at_most(
    pieces: list[bytes], is_server: bool
) -> None:
    reader = FrameReader(is_server=is_server, limit_bytes=LIMIT_BYTES)
    found = [incoming for piece in pieces for incoming in reader.receive(piece)]

    assert not any(isinstance(incoming, Close | Broken) for incoming in found[:-1])


@given(st.binary(max_size=500), masks)
def test_masking_twice_is_not_masking(data: bytes, mask: bytes) -> None:
    assert masked(masked(data, mask), mask) == data
    assert masked(data, mask) == bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))


def _read(reader: FrameReader, stream: bytes, cuts: list[int]) -> list[Incoming]:
    stops = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    return [found for begin, end in pairwise(stops) for found in reader.receive(stream[begin:end])]
