"""Saved traffic, opened whatever it was saved as, and nothing of it lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from ohmstead.families.tesla_wall_connector import protos
from ohmstead.families.tesla_wall_connector.decode import Node, decoded, given, message_names, participants
from ohmstead.model import ConfigError, WireError

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))
BODIES = {vector["name"]: vector for vector in VECTORS["tedapi"]}
SIX = bytes.fromhex(BODIES["set_current_6_response"]["hex"])


def leaves(nodes: Iterable[Node], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for node in nodes:
        name = f"{path}{node.name or node.number}"
        if node.fields:
            found |= leaves(node.fields, f"{name}.")
        else:
            found[name] = node.value if node.value is not None else node.hex
    return found


def test_a_reply_is_opened_down_to_its_settings() -> None:
    found = leaves(decoded(SIX).fields)

    assert found == {
        "payload.delivery_channel": "DELIVERY_CHANNEL_LOCAL_HTTPS (1)",
        "payload.sender.din": VECTORS["din"],
        "payload.recipient.local": "LOCAL_PARTICIPANT_INSTALLER (1)",
        "payload.wc.configure_settings_response.settings.max_output_current_amps": 6,
        "payload.wc.configure_settings_response.settings.gmi_mode": "WC_GROUND_MONITOR_MODE_ENABLED (3)",
        "payload.wc.configure_settings_response.settings.country": "DE",
        "payload.wc.configure_settings_response.settings.third_party_vehicle_mode": (
            "WC_THIRD_PARTY_VEHICLE_MODE_ENABLED (1)"
        ),
        "external_auth.type": "EXTERNAL_AUTH_TYPE_PRESENCE (1)",
    }


@pytest.mark.parametrize("vector", VECTORS["tedapi"], ids=lambda vector: vector["name"])
def test_what_is_shown_adds_up_to_the_input(vector: dict[str, Any]) -> None:
    body = bytes.fromhex(vector["hex"])
    found = decoded(body)

    assert not found.error
    assert sum(node.size_bytes for node in found.fields) == len(body)


def test_a_field_nobody_knows_is_shown_by_number_and_opened_as_far_as_it_goes() -> None:
    found = decoded(bytes.fromhex("aa02060a040a020805"), "WCSettings")

    (stranger,) = found.fields
    assert (stranger.number, stranger.wire, stranger.name) == (37, "length-delimited", "")
    assert stranger.hex == "0a040a020805"
    assert leaves(found.fields) == {"37.1.1.1": 5}


def test_a_known_number_with_another_wire_type_is_unknown() -> None:
    body = bytes.fromhex(BODIES["get_config_response_2022_schedule_status"]["hex"])

    assert leaves(decoded(body).fields)["payload.wc.get_config_response.charge_schedule.2"] == 1


def test_a_reply_cut_anywhere_shows_what_came_and_where_it_ends() -> None:
    for size in range(len(SIX)):
        found = decoded(SIX[:size])
        assert bool(found.error) is (size not in (0, 56))
        assert sum(node.size_bytes for node in found.fields) in (
            size,
            size - 1,
        )  # but for half a tag or length
    assert "payload.sender.din" in leaves(decoded(SIX[:40]).fields)
    assert decoded(SIX[:40]).error.startswith("at byte 40: the bytes end")


@examples(st.binary(max_size=300))
def test_no_bytes_raise_anything(data: bytes) -> None:
    decoded(data)
    with suppress(WireError):
        given(data)


def test_the_messages_of_every_schema_file_are_known() -> None:
    declared = {
        name
        for file in sorted(Path(protos.__path__[0]).glob("*.proto"))
        for name in re.findall(r"^message (\w+)", file.read_text(), re.MULTILINE)
    }

    assert len(declared) == 215
    assert set(message_names()) == declared


def test_any_message_may_be_named_in_any_case_and_a_wrong_name_finds_the_nearest() -> None:
    assert decoded(b"\x08\x06", "wcsettings").fields[0].value == 6
    with pytest.raises(ConfigError, match="WCVitals"):
        decoded(b"", "WCVital")


@pytest.mark.parametrize(
    "saved",
    [
        SIX,
        SIX.hex().encode(),
        SIX.hex(" ").encode(),
        SIX.hex(":").upper().encode(),
        b"\n".join(b"0x" + f"{byte:02x}".encode() for byte in SIX),
        "\n".join(
            f"{at:08x}  {SIX[at : at + 16].hex(' ')}  |..some.text..|" for at in range(0, len(SIX), 16)
        ).encode(),
        "\n".join(f"{at:04x}: {SIX[at : at + 16].hex(' ')}" for at in range(0, len(SIX), 16)).encode(),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n\r\n" + SIX,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3c\r\n" + SIX + b"\r\n0\r\n\r\n",
        b"POST /tedapi/v1 HTTP/1.1\r\nHost: 192.168.92.1\r\nContent-Length: 60\r\n\r\n" + SIX,
    ],
    ids=["raw", "hex", "blanks", "colons", "0x", "dump", "xxd", "reply", "chunked", "request"],
)
def test_it_may_be_saved_in_any_dress(saved: bytes) -> None:
    assert given(saved).body == SIX


def test_a_copy_out_of_a_browser_window_is_known_by_its_damage() -> None:
    copied = SIX.decode("utf-8", "replace").encode() + b"\xef\xbf\xbd"

    assert "packet capture" in given(copied).warning
    assert given(SIX).warning == ""


def test_nothing_to_decode_is_an_error() -> None:
    with pytest.raises(WireError, match="nothing to decode"):
        given(b" \n")


PRINTED = VECTORS["participants"]["decimal_bytes"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"  participant_dins: {number}" for number in PRINTED),
        str(PRINTED),
        "\n".join(map(str, PRINTED)),
    ],
    ids=["lines", "list", "bare"],
)
def test_members_printed_as_numbers_become_dins(text: str) -> None:
    printed = given(text.encode()).printed

    assert printed == tuple(PRINTED)
    assert participants(printed).dins == tuple(VECTORS["participants"]["dins"])


def test_a_tail_that_is_not_whole_is_told_with_its_place() -> None:
    found = participants(PRINTED[:-3])

    assert found.dins == tuple(VECTORS["participants"]["dins"][:1])
    assert found.incomplete_at == 30
