"""Golden frames: recorded from devices, or made by published clients from recorded values."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict

from ohmstead.families.hoymiles.messages import MESSAGES
from ohmstead.families.hoymiles.wire import Conversation, Frame, decode_frame, encode_frame, message_of
from ohmstead.kit.wire import crc16_modbus

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
FRAMES = VECTORS["frames"]


def names(vectors: list[dict[str, Any]]) -> list[str]:
    return [vector["id"] for vector in vectors]


def plain(value: Any) -> Any:
    """Protobuf's JSON writes 64-bit integers as texts; the vectors have numbers."""
    if isinstance(value, dict) and set(value) == {"hex"}:
        return base64.b64encode(bytes.fromhex(value["hex"])).decode()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


@pytest.mark.parametrize("vector", FRAMES, ids=names(FRAMES))
def test_a_golden_frame_decodes_and_comes_out_again_byte_for_byte(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    frame = decode_frame(data)
    assert f"0x{frame.command_id:04X}" == vector["frame"]["command_id"]
    assert frame.sequence == vector["frame"]["sequence"]
    message = message_of(frame)
    assert message.DESCRIPTOR.name == vector["message"]
    assert plain(MessageToDict(message, preserving_proto_field_name=True)) == plain(vector["decoded"])
    assert encode_frame(Frame(frame.command_id, frame.sequence, message.SerializeToString())) == data


@pytest.mark.parametrize("vector", FRAMES, ids=names(FRAMES))
def test_a_golden_frame_arrives_byte_by_byte(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    conversation = Conversation()
    arrived = [found for byte in data for found in conversation.receive(bytes((byte,)))]
    assert arrived == [decode_frame(data)]


@pytest.mark.parametrize("vector", FRAMES, ids=names(FRAMES))
def test_a_golden_message_is_built_from_its_fields(vector: dict[str, Any]) -> None:
    message = ParseDict(plain(vector["decoded"]), MESSAGES[int(vector["frame"]["command_id"], 16)]())
    assert message.SerializeToString() == bytes.fromhex(vector["payload_hex"])


@pytest.mark.parametrize("vector", VECTORS["crcs"], ids=names(VECTORS["crcs"]))
def test_the_crc_of_known_bytes_is_known(vector: dict[str, Any]) -> None:
    assert crc16_modbus(bytes.fromhex(vector["data"])) == int(vector["crc"], 16)
