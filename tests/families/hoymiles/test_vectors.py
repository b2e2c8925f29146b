"""Golden frames: recorded from devices, or made by published clients from recorded values."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from google.protobuf.json_format import MessageToDict, ParseDict

from ohmstead.families.hoymiles.crypto import TAG_BYTES, Cipher, associated_data, key_of, nonce_of
from ohmstead.families.hoymiles.wire import Conversation, Extension, Frame, Seal, message_of
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


def cipher_of(vector: dict[str, Any]) -> Cipher | None:
    """A link that encrypts carries clear frames as well."""
    seed = vector.get("encryption_seed")
    return Cipher(bytes.fromhex(seed)) if seed else None


def frame_of(vector: dict[str, Any]) -> Frame:
    extended = vector.get("extended")
    return Frame(
        int(vector["frame"]["command_id"], 16),
        vector["frame"]["sequence"],
        bytes.fromhex(vector["payload_hex"]),
        Extension(extended["serial"], extended["channel"]) if extended else None,
        Seal.GOOD if vector["frame"]["encrypted"] else Seal.NONE,
    )


@pytest.mark.parametrize("vector", FRAMES, ids=names(FRAMES))
def test_a_golden_frame_arrives_at_once_or_byte_by_byte(vector: dict[str, Any]) -> None:
    data = bytes.fromhex(vector["hex"])
    assert Conversation(cipher_of(vector)).receive(data) == [frame_of(vector)]
    conversation = Conversation(cipher_of(vector))
    arrived = [found for byte in data for found in conversation.receive(bytes((byte,)))]
    assert arrived == [frame_of(vector)]


@pytest.mark.parametrize("vector", FRAMES, ids=names(FRAMES))
def test_a_golden_frame_says_what_it_says_and_comes_out_again_byte_for_byte(vector: dict[str, Any]) -> None:
    message = message_of(frame_of(vector))
    assert message.DESCRIPTOR.name == vector["message"]
    assert plain(MessageToDict(message, preserving_proto_field_name=True)) == plain(vector["decoded"])
    built = ParseDict(plain(vector["decoded"]), type(message)())
    frame = msgspec.structs.replace(frame_of(vector), payload=built.SerializeToString())
    if vector["id"] == "res-hist-power-unpacked":
        assert frame.payload.hex() != vector["payload_hex"]  # ours packs it, as newer senders do
        frame = frame_of(vector)
    assert Conversation(cipher_of(vector)).send(frame).hex() == vector["hex"]


@pytest.mark.parametrize("vector", VECTORS["crypto"], ids=names(VECTORS["crypto"]))
def test_a_payload_is_sealed_as_known(vector: dict[str, Any]) -> None:
    seed, command_id = bytes.fromhex(vector["seed"]), int(vector["command_id"], 16)
    sequence, payload = vector["sequence"], bytes.fromhex(vector["plaintext"])
    assert key_of(seed).hex() == vector["key"]
    assert nonce_of(seed, command_id, sequence).hex() == vector["nonce"]
    assert associated_data(command_id, sequence).hex() == vector["aad"]
    sealed = Cipher(seed).seal(command_id, sequence, payload)
    assert sealed.hex() == vector["ciphertext"] + vector["tag"]
    assert Cipher(seed).open(command_id, sequence, sealed) == payload
    assert Cipher(seed).open(command_id, sequence ^ 1, sealed) is None
    assert len(vector["tag"]) == 2 * TAG_BYTES


@pytest.mark.parametrize("vector", VECTORS["crcs"], ids=names(VECTORS["crcs"]))
def test_the_crc_of_known_bytes_is_known(vector: dict[str, Any]) -> None:
    assert crc16_modbus(bytes.fromhex(vector["data"])) == int(vector["crc"], 16)
