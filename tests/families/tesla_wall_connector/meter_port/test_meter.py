"""Frames, registers and the law of the meter port."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.tesla_wall_connector.meter_port import (
    CURRENTS,
    IDENTITY,
    POLLED,
    POWERS,
    PROBE,
    Figures,
    Reply,
    Request,
    allowed_a,
    answer,
    encode_reply,
    encode_request,
    floats,
    ramped_a,
    registers,
    replies,
    requests,
    shown_a,
)
from ohmstead.kit.wire import Damage, Frame, crc16_modbus

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))
RS485 = VECTORS["rs485"]


def test_the_four_requests_are_those_of_captures() -> None:
    frames = [bytes.fromhex(request["frame"]) for request in RS485["requests"]]

    assert [encode_request(request) for request in POLLED] == frames
    assert [frame.value for frame in requests().feed(b"".join(frames)) if isinstance(frame, Frame)] == list(
        POLLED
    )


def test_the_probe_is_answered_as_captured() -> None:
    response = RS485["responses"][0]
    reply = answer(PROBE, registers(Figures()))

    assert reply == Reply(tuple(response["registers"]))
    assert encode_reply(reply).hex() == response["frame"]
    assert replies().feed(bytes.fromhex(response["frame"])) == [Frame(17, reply)]


def test_powers_are_answered_as_captured() -> None:
    block = RS485["power_block_example"]
    reply = answer(POWERS, registers(Figures(power_w=tuple(block["watts"]))))

    assert encode_reply(reply).hex() == block["frame"]
    assert floats(reply.registers) == (*block["watts"], block["total"])


def test_the_identity_has_its_texts_where_units_look_for_them() -> None:
    words = answer(IDENTITY, registers(Figures())).registers
    text = struct.pack(">55H", *words)

    assert text[:18] == b"0x000004714B056861"
    assert text[20:31] == b"1.6.1-Tesla"
    assert text[-18:] == b"04:71:4B:05:68:61\0"


def test_currents_may_be_asked_with_their_total() -> None:
    image = registers(Figures(current_a=(1.5, 2.0, 3.0, 0.0)))

    assert floats(answer(CURRENTS, image).registers) == (1.5, 2.0, 3.0, 0.0)
    assert floats(answer(Request(0xF4, 10), image).registers) == (1.5, 2.0, 3.0, 0.0, 6.5)
    assert answer(Request(500, 3), image) == Reply((0, 0, 0))


@pytest.mark.parametrize("sample", RS485["floats"], ids=lambda sample: sample["hex"])
def test_floats_have_the_high_word_first(sample: dict[str, str]) -> None:
    words = struct.unpack(">2H", bytes.fromhex(sample["hex"]))

    assert floats(words) == (pytest.approx(sample["value"], rel=1e-6),)


@pytest.mark.parametrize("sample", VECTORS["hsc_rtu_crc"], ids=lambda sample: sample["frame_without_crc"])
def test_the_other_use_of_the_port_has_the_same_checksum(sample: dict[str, str]) -> None:
    crc = crc16_modbus(bytes.fromhex(sample["frame_without_crc"]))

    assert crc.to_bytes(2, "little").hex() == sample["crc_bytes"]


@given(st.binary(max_size=40), st.lists(st.integers(1, 9), max_size=12))
def test_noise_costs_no_request_that_follows_and_any_cut_gives_the_same(
    noise: bytes, sizes: list[int]
) -> None:
    # Eight bytes of quiet line: no beginning in the noise can reach into the request.
    stream = noise + bytes(8) + encode_request(CURRENTS)
    whole = requests().feed(stream)
    cut, found, at = requests(), [], 0
    for size in [*sizes, len(stream)]:
        found += cut.feed(stream[at : at + size])
        at += size

    assert [item for item in found if isinstance(item, Frame)] == [i for i in whole if isinstance(i, Frame)]
    assert whole[-1] == Frame(8, CURRENTS)


def test_a_wrong_checksum_is_damage() -> None:
    frame = bytearray(encode_reply(Reply((1, 2))))
    frame[-1] ^= 1

    assert all(isinstance(item, Damage) for item in replies().feed(bytes(frame)))


@pytest.mark.parametrize(
    ("metered_a", "own_a", "allowed"),
    [(10.0, 0.0, 15.0), (20.0, 0.0, 0.0), (20.0, 8.0, 13.0), (40.0, 8.0, 0.0), (0.0, 0.0, 16.0)],
)
def test_the_law_leaves_what_the_conductor_has_left(metered_a: float, own_a: float, allowed: float) -> None:
    assert allowed_a(25.0, metered_a, own_a, 16.0) == allowed


@given(st.floats(6, 32), st.floats(0, 32))
def test_what_is_shown_makes_a_unit_take_what_is_wanted(wanted_a: float, own_a: float) -> None:
    assert allowed_a(63.0, shown_a(63.0, wanted_a, own_a), own_a, 32.0) == pytest.approx(wanted_a, abs=0.03)


@pytest.mark.parametrize(
    ("before_a", "wanted_a", "elapsed_s", "expected_a"),
    [
        (6.0, 16.0, 1.0, 7.0),
        (16.0, 10.0, 2.0, 14.0),
        (16.0, 0.0, 1.0, 0.0),
        (0.0, 16.0, 1.0, 7.0),
        (9.0, 9.4, 1.0, 9.4),
    ],
)
def test_a_wanted_current_changes_by_an_ampere_a_second_and_stops_at_once(
    before_a: float, wanted_a: float, elapsed_s: float, expected_a: float
) -> None:
    assert ramped_a(before_a, wanted_a, elapsed_s) == expected_a
