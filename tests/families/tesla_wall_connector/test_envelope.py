"""Bodies of the configuration channel, byte for byte and in both directions."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict

from ohmstead.families.tesla_wall_connector.envelope import call, opened, place, reply, reply_name
from ohmstead.families.tesla_wall_connector.errors import (
    NotInFirmware,
    PresenceLapsed,
    RequestFailed,
    ValueRefused,
    refusal,
)
from ohmstead.families.tesla_wall_connector.protos.common_pb2 import CommonMessages
from ohmstead.families.tesla_wall_connector.protos.envelope_pb2 import AuthEnvelope, MessageEnvelope
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import (
    WCAPIConfigureSettingsRequest,
    WCAPIGetConfigRequest,
    WCMessages,
)
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import WCSettings
from ohmstead.model import UnknownMessage, WireError

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
BODIES = VECTORS["tedapi"]
DIN = VECTORS["din"]


def by_name(name: str) -> bytes:
    return bytes.fromhex(next(body["hex"] for body in BODIES if body["name"] == name))


@pytest.mark.parametrize("vector", BODIES, ids=lambda vector: vector["name"])
def test_a_body_decodes_to_what_it_says(vector: dict[str, Any]) -> None:
    auth = AuthEnvelope.FromString(bytes.fromhex(vector["hex"]))
    payload = MessageEnvelope.FromString(auth.payload)

    assert len(bytes.fromhex(vector["hex"])) == vector["length"]
    shown = MessageToDict(payload, preserving_proto_field_name=True, use_integers_for_enums=True)
    assert rounded(shown) == rounded(vector["decoded"]["payload"])
    assert auth.external_auth.type == vector["decoded"]["external_auth"]["type"]


@pytest.mark.parametrize("vector", BODIES, ids=lambda vector: vector["name"])
def test_the_message_of_a_body_encodes_to_the_same_bytes(vector: dict[str, Any]) -> None:
    body = bytes.fromhex(vector["hex"])
    found = opened(body)

    encode = call if found.name.endswith("_request") else reply

    assert encode(found.message, DIN) == body


@pytest.mark.parametrize(
    "vector",
    [body for body in BODIES if body.get("schema") != "2022"],  # its unknown field is in no picture
    ids=lambda vector: vector["name"],
)
def test_a_message_made_from_its_picture_encodes_to_the_same_bytes(vector: dict[str, Any]) -> None:
    envelope = ParseDict(vector["decoded"]["payload"], MessageEnvelope())
    auth = ParseDict({"external_auth": vector["decoded"]["external_auth"]}, AuthEnvelope())
    auth.payload = envelope.SerializeToString()

    assert auth.SerializeToString().hex() == vector["hex"]


def test_calls_have_the_sizes_that_owners_saw() -> None:
    def limit(current_a: int) -> WCAPIConfigureSettingsRequest:
        return WCAPIConfigureSettingsRequest(settings=WCSettings(max_output_current_amps=current_a))

    assert len(call(WCAPIGetConfigRequest(), DIN)) == 48
    assert len(call(limit(6), DIN)) == 52
    assert len(call(limit(0), DIN)) == 50  # zero is not sent: the settings are empty and nothing changes
    assert [len(by_name(f"set_current_{name}")) for name in ("6_response", "13_response_load_sharing")] == [
        60,
        139,
    ]


def test_a_field_whose_wire_type_has_changed_is_kept_as_unknown() -> None:
    body = by_name("get_config_response_2022_schedule_status")

    found = opened(body)

    assert found.name == "get_config_response"
    assert reply(found.message, DIN) == body


@pytest.mark.parametrize("vector", BODIES[:9], ids=lambda vector: vector["name"])
def test_a_body_cut_anywhere_raises_only_our_error(vector: dict[str, Any]) -> None:
    body = bytes.fromhex(vector["hex"])
    for size in range(len(body)):
        try:
            opened(body[:size])
        except WireError:
            continue


def test_what_is_no_wall_connectors_message_is_named() -> None:
    stranger = AuthEnvelope(payload=MessageEnvelope(teg={}).SerializeToString()).SerializeToString()
    with pytest.raises(UnknownMessage, match="teg"):
        opened(stranger)


def test_every_message_of_both_groups_has_one_place_and_every_request_a_reply() -> None:
    for messages in (WCMessages, CommonMessages):
        names = {field.name for field in messages.DESCRIPTOR.fields}
        for field in messages.DESCRIPTOR.fields:
            kind = type(getattr(messages(), field.name))
            assert place(kind)[1] == field.name
            if field.name.endswith("_request"):
                assert reply_name(field.name) in names
    assert [field.number for field in WCMessages.DESCRIPTOR.fields] == list(range(1, 67))


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (16, PresenceLapsed, "hold the button on the handle for 5 s"),
        (12, NotInFirmware, "does not know"),
        (3, ValueRefused, "invalid argument"),
        (9, ValueRefused, "failed precondition"),
        (11, ValueRefused, "out of range"),
        (13, RequestFailed, "internal: worn out"),
        (99, RequestFailed, "unknown code"),
    ],
)
def test_error_codes_become_exceptions(code: int, kind: type[Exception], says: str) -> None:
    error = refusal(code, "worn out" if code == 13 else "", "configure_settings")

    assert type(error) is kind
    assert says in str(error)
    assert error.code == code
    assert error.retryable is (kind is RequestFailed)


def rounded(value: Any) -> Any:  # Any: JSON
    """Floats of 32 bits to what their text says; and bytes as they are written elsewhere."""
    match value:
        case dict():
            return {key: rounded(item) for key, item in value.items()}
        case list():
            return [rounded(item) for item in value]
        case float():
            return float(f"{value:.6g}")
        case str() if value.endswith("="):
            return base64.b64decode(value)
    return value
