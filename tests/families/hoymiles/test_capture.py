"""What may be shared of the traffic, and what never is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.hoymiles.capture import HoymilesCodec
from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.protos.command_pb2 import CommandToDtu
from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu, AppDtuInfo
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu, SinglePhaseData
from ohmstead.families.hoymiles.wire import Conversation, Frame, decode_frame, encode_frame, message_of

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))


def blanked(*frames: Frame, direction: str = "<") -> list[Frame]:
    codec = HoymilesCodec()
    return [decode_frame(f) for frame in frames for f in codec.frames(direction, encode_frame(frame))]


@pytest.mark.parametrize("vector", VECTORS["frames"], ids=lambda vector: vector["id"])
def test_a_frame_keeps_its_size_and_its_numbers_and_loses_who_it_was(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    codec = HoymilesCodec()
    if vector["frame"]["encrypted"]:
        # Without the inventory, which has the seed, nothing can be read: what stays is how much it was.
        (frame,) = codec.frames("<", data)
        assert frame[:6] == data[:6]
        assert set(frame[10:]) == {0}
        return
    (frame,) = codec.frames("<", data)
    if vector["id"] != "res-hist-power-unpacked":  # ours packs the list
        assert len(frame) == len(data)
    assert frame[:6] == data[:6]
    for serial in ("4143A0112233", "1412A0334455", "10FD8A001122", f"{10000000012345:012X}"):
        assert serial.encode() not in frame
        assert (int(serial, 16)).to_bytes(6) not in frame
    if vector["operation"] == "real_data_new":
        assert message_of(decode_frame(frame)).time == message_of(decode_frame(data)).time


def test_what_was_sealed_is_written_in_the_clear_and_blanked() -> None:
    seed = bytes(range(16))
    inventory = AppDevInfoFromDtu(dtu=AppDtuInfo(feature_flags=1 << 25, encryption_seed=seed))
    codec = HoymilesCodec()
    (told,) = codec.frames("<", encode_frame(Frame(0xA201, 1, inventory.SerializeToString())))
    assert seed not in told
    live = RealDataNewFromDtu(time=1_718_000_000, single_phase=[SinglePhaseData(serial=0x1412A0334455)])
    sealed = Conversation(Cipher(seed)).send(Frame(0xA211, 2, live.SerializeToString()))
    (written,) = codec.frames("<", sealed)
    found = message_of(decode_frame(written))
    assert isinstance(found, RealDataNewFromDtu)
    assert found.time == 1_718_000_000
    assert f"{found.single_phase[0].serial:012X}" == "141200000001"


def test_a_recording_that_begins_on_a_sealed_link_keeps_what_is_clear_and_can_read_all_from_the_next_inventory() -> (
    None
):
    seed = bytes(range(16))
    sealed = Conversation(Cipher(seed))
    live = RealDataNewFromDtu(time=1_718_000_000).SerializeToString()
    inventory = AppDevInfoFromDtu(dtu=AppDtuInfo(feature_flags=1 << 25, encryption_seed=seed))
    codec = HoymilesCodec()
    found = [
        decode_frame(written)
        for frame in (
            Frame(0xA211, 1, live),
            Frame(0xA201, 2, inventory.SerializeToString()),
            Frame(0xA211, 3, live),
        )
        for written in codec.frames("<", sealed.send(frame))
    ]
    assert [frame.sequence for frame in found] == [1, 2, 3]
    before, told, after = found
    assert before.payload == bytes(len(live))
    assert isinstance(message_of(told), AppDevInfoFromDtu)
    assert after.payload == live


def test_passwords_names_and_addresses_are_gone() -> None:
    config = ConfigGetFromDtu(
        wifi_ssid="SolarNet",
        wifi_password="hunter2",
        ap_password="x",
        ip_0=192,
        mac_3=4,
        wifi_mac_5=200,
        lock_password=123456,
        server_send_time=5,
        netmask_0=255,
    )
    (frame,) = blanked(Frame(0xA209, 1, config.SerializeToString()))
    found = message_of(frame)
    assert isinstance(found, ConfigGetFromDtu)
    assert (found.wifi_ssid, found.wifi_password, found.ap_password) == ("********", "*******", "*")
    assert (found.ip_0, found.mac_3, found.wifi_mac_5, found.lock_password) == (128, 1, 128, 16384)
    assert (found.server_send_time, found.netmask_0) == (5, 255)


def test_equal_serials_stay_equal_and_keep_their_model() -> None:
    live = RealDataNewFromDtu(
        dtu_serial="4143A0112233",
        single_phase=[SinglePhaseData(serial=0x1412A0334455), SinglePhaseData(serial=0x1412A0999999)],
    )
    first, second = blanked(*[Frame(0xA211, n, live.SerializeToString()) for n in (1, 2)])
    assert first.payload == second.payload
    found = message_of(first)
    assert isinstance(found, RealDataNewFromDtu)
    assert found.dtu_serial == "414300000001"
    assert [f"{i.serial:012X}" for i in found.single_phase] == ["141200000002", "141200000003"]


def test_a_limit_may_be_read_and_a_parameter_that_may_be_a_password_may_not() -> None:
    limit = CommandToDtu(action=8, data="A:800,B:0,C:0\r")
    wifi = CommandToDtu(action=19, data="hunter2\r")
    found = [
        message_of(f) for f in blanked(*[Frame(0xA305, 1, m.SerializeToString()) for m in (limit, wifi)])
    ]
    assert [m.data for m in found if isinstance(m, CommandToDtu)] == ["A:800,B:0,C:0\r", "********"]


def test_what_nobody_knows_is_zeros() -> None:
    assert blanked(Frame(0xA2FF, 1, b"hunter2")) == [Frame(0xA2FF, 1, bytes(7))]
    assert blanked(Frame(0xA211, 1, b"\xffhunter2")) == [Frame(0xA211, 1, bytes(8))]


def test_unknown_fields_are_left_out() -> None:
    extra = ConfigGetFromDtu(server_send_time=5).SerializeToString() + b"\xfa\x3e\x07hunter2"
    (frame,) = blanked(Frame(0xA209, 1, extra))
    assert b"hunter2" not in frame.payload


def test_a_frame_in_words_names_its_message() -> None:
    codec = HoymilesCodec()
    limit = CommandToDtu(action=8, transaction_id=7, data="A:800,B:0,C:0\r")
    (frame,) = codec.frames(">", encode_frame(Frame(0xA305, 9, limit.SerializeToString())))
    assert codec.describe(">", frame) == {
        "id": "A305",
        "sequence": 9,
        "message": "CommandToDtu",
        "action": 8,
        "transaction_id": "7",
        "data": "A:800,B:0,C:0\r",
    }


@given(st.binary(max_size=300))
def test_no_payload_makes_it_raise(payload: bytes) -> None:
    codec = HoymilesCodec()
    for command_id in (0xA209, 0xA211, 0xA201, 0xA305):
        for frame in codec.frames("<", encode_frame(Frame(command_id, 1, payload))):
            codec.describe("<", frame)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_no_text_of_a_secret_comes_through(secret: str) -> None:
    config = ConfigGetFromDtu(wifi_password=secret, meter_kind="x")
    (frame,) = blanked(Frame(0xA209, 1, config.SerializeToString()))
    found = message_of(frame)
    assert isinstance(found, ConfigGetFromDtu)
    assert set(found.wifi_password) <= {"*"}
    assert len(frame.payload) == len(config.SerializeToString())
