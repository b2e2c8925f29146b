"""What a recording may hold: every measurement, and nobody's name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.givenergy.capture import GivEnergyCodec, redact_frame
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    Heartbeat,
    LanConfiguration,
    ReadReply,
    ReadRequest,
    Role,
    WriteReply,
    decode_frame,
    encode_frame,
)

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
ROLES = {"rx": Role.CLIENT, "tx": Role.ADAPTER}
UNIT, ADAPTER = "SA2114G731", "WF2125G946"
CANARIES = ("SA2114G731", "WF2125G946", "BG2134G555", "CH2301G812", "203.0.113.9")


def words(text: str) -> tuple[int, ...]:
    raw = text.encode("latin-1")
    return tuple(int.from_bytes(raw[n : n + 2]) for n in range(0, len(raw), 2))


def leaks(data: bytes) -> list[str]:
    """Runs of six characters of a canary, in reading order or with the bytes of registers exchanged."""
    swapped = bytes(data[n ^ 1] if n ^ 1 < len(data) else data[n] for n in range(len(data)))
    shifted = data[:1] + bytes(
        data[1:][n ^ 1] if n ^ 1 < len(data) - 1 else data[1:][n] for n in range(len(data) - 1)
    )
    runs = {canary[n : n + 6] for canary in CANARIES for n in range(len(canary) - 5)}
    # What stays on purpose: the letters, the date of manufacture, the letter behind it.
    kept = {canary[:7] for canary in CANARIES[:4]}
    runs = {run for run in runs if not any(run in keep for keep in kept)}
    return [run for run in runs for seen in (data, swapped, shifted) if run.encode() in seen]


@pytest.mark.parametrize("vector", VECTORS["redaction_frames"], ids=lambda vector: vector["source"])
def test_a_frame_is_redacted_as_recorded(vector: dict[str, Any]) -> None:
    role = ROLES[vector["direction"]]
    safe = redact_frame(bytes.fromhex(vector["hex"]), role)
    assert safe.hex() == vector["expect"]["hex"]
    assert redact_frame(safe, role) == safe


@pytest.mark.parametrize("vector", VECTORS["frames"], ids=lambda vector: vector["source"])
def test_redacting_twice_changes_nothing_more(vector: dict[str, Any]) -> None:
    role = Role.ADAPTER if vector["direction"] == "request" else Role.CLIENT
    once = redact_frame(bytes.fromhex(vector["hex"]), role)
    assert redact_frame(once, role) == once
    assert len(once) == len(bytes.fromhex(vector["hex"]))


def page(base: int, bank: Bank = Bank.IR, device: int = 0x32, **places: str) -> ReadReply:
    held = list(range(1000, 1060))
    for name, text in places.items():
        at = int(name[1:]) - base
        held[at : at + len(text) // 2] = words(text)
    return ReadReply(device, bank, base, tuple(held), UNIT, ADAPTER)


@pytest.mark.parametrize(
    "message",
    [
        page(60, r110="BG2134G555"),
        page(0, Bank.HR, 0x11, r13="SA2114G731"),
        page(0, Bank.HR, 0x11, r8="GB12435G55"[:10]),
        page(2040, device=0x11, r2066="CH2301G812"),
        page(1840, device=0x11, r1841="CH2301G812"),
        WriteReply(0x11, 20, 1, "SA2114G731", ADAPTER),
        WriteReply(0x11, 20, 1, "SA21\0\0G731", ADAPTER),
        Heartbeat(ADAPTER),
        LanConfiguration("203.0.113.9,255.255.255.0,203.0.113.1\r\n\r\n", ADAPTER),
    ],
)
def test_no_canary_survives_in_a_frame(message: Any) -> None:
    safe = redact_frame(encode_frame(message))
    assert leaks(safe) == []
    assert type(decode_frame(safe)) is type(message)


def test_a_module_serial_in_two_parts_is_redacted() -> None:
    """Field case 27, second half."""
    held = list(range(1000, 1060))
    held[50:55] = [int.from_bytes(b"BG"), 1051, 1052, 1053, 0]
    held[55:59] = words("2134G555")
    safe = decode_frame(redact_frame(encode_frame(ReadReply(0x52, Bank.IR, 60, tuple(held), UNIT, ADAPTER))))
    assert isinstance(safe, ReadReply)
    assert safe.words[50] == int.from_bytes(b"BG")
    assert safe.words[55:59] == words("2134G000")


def test_a_damaged_gateway_serial_is_blanked() -> None:
    """Field case 20."""
    safe = decode_frame(redact_frame(encode_frame(WriteReply(0x11, 20, 1, "GW21\0\0G731", ADAPTER))))
    assert safe == WriteReply(0x11, 20, 1, "**********", "WF2125G000")


def test_a_frame_nobody_can_read_keeps_no_run_that_might_be_a_name() -> None:
    frame = bytearray(encode_frame(page(0, Bank.HR, 0x11, r13="SA2114G731")))
    frame[75] ^= 0x10  # within the serial, so that it has no serial's shape any more
    safe = redact_frame(bytes(frame))
    assert leaks(safe) == []
    assert len(safe) == len(frame)
    assert safe[:8] == frame[:8]
    assert safe[100:160] == frame[100:160]
    assert redact_frame(safe) == safe


def test_a_serial_cut_by_a_segment_is_still_redacted() -> None:
    """Field case 27, first half."""
    frame = encode_frame(page(60, r110="BG2134G555"))
    for at in range(1, len(frame)):
        codec = GivEnergyCodec()
        frames = [*codec.frames("<", frame[:at]), *codec.frames("<", frame[at:])]
        assert len(frames) == 1
        assert leaks(frames[0]) == []


def test_what_is_sent_is_redacted_too() -> None:
    """Field case 28."""
    (frame,) = GivEnergyCodec().frames(">", encode_frame(ReadRequest(0x11, Bank.IR, 0, 60, serial=ADAPTER)))
    assert frame[8:18] == b"WF2125G000"


@given(
    cut=st.integers(1, 163), flips=st.lists(st.tuples(st.integers(0, 163), st.integers(1, 255)), max_size=4)
)
def test_no_damage_brings_a_canary_to_light(cut: int, flips: list[tuple[int, int]]) -> None:
    frame = bytearray(encode_frame(page(60, r110="BG2134G555")))
    for at, bits in flips:
        frame[at] ^= bits
    codec = GivEnergyCodec()
    shown = [
        *codec.frames("<", bytes(frame)),
        *codec.frames("<", encode_frame(page(60, r110="BG2134G555"))[:cut]),
    ]
    shown += codec.end("<")
    assert leaks(b"\0".join(shown)) == []


def test_the_end_of_a_recording_shows_that_something_was_there_and_not_what() -> None:
    codec = GivEnergyCodec()
    assert codec.frames("<", encode_frame(page(60, r110="BG2134G555"))[:140]) == []
    (rest,) = codec.end("<")
    assert rest == bytes(140)


def test_a_frame_in_words_names_nobody_it_should_not() -> None:
    lan = encode_frame(LanConfiguration("203.0.113.9,255.255.255.0,203.0.113.1\r\n\r\n", ADAPTER))
    codec = GivEnergyCodec()
    assert "203" not in str(codec.describe("<", lan))
    said = codec.describe("<", encode_frame(page(60)))
    assert (said["message"], said["device"], said["base"]) == ("ReadReply", "0x32", 60)
    assert codec.describe("<", b"\0" * 40)["bytes"] == 40
    assert re.match("a frame starts", codec.describe("<", b"\0" * 40)["unreadable"])
