"""What may be shared of the traffic, and what never is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.capture import TeslaWallConnectorCodec

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
OWNERS = (b"PGT21000000001", b"aG9tZS1uZXQ=", b"home-net", b"192.168.1.70", b"02:00:00:00:00:01")


def http(body: bytes, first: str = "HTTP/1.1 200 OK") -> bytes:
    return f"{first}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize("kind", ["vitals", "lifetime", "version", "wifi_status"])
def test_documents_keep_their_figures_and_lose_whose_they_are(kind: str) -> None:
    for vector in VECTORS["rest"][kind]:
        (frame,) = TeslaWallConnectorCodec().frames("<", http(vector["raw"].encode()))
        body = frame.partition(b"\r\n\r\n")[2]

        assert len(body) == len(vector["raw"])
        assert not any(owner in frame for owner in OWNERS)
        if kind in ("vitals", "lifetime"):
            assert body == vector["raw"].encode()


@pytest.mark.parametrize("vector", VECTORS["tedapi"], ids=lambda vector: vector["name"])
def test_calls_keep_their_settings_and_lose_whose_they_are(vector: dict[str, Any]) -> None:
    codec = TeslaWallConnectorCodec()
    (frame,) = codec.frames("<", http(bytes.fromhex(vector["hex"])))

    assert not any(owner in frame for owner in OWNERS)
    assert bytes.fromhex("020000000001") not in frame
    assert "http" in codec.describe("<", frame)
    if "current_13_response" in vector["name"]:
        text = json.dumps(codec.describe("<", frame))
        assert '"max_output_current_amps": 13' in text
        assert text.count("1529455-02-D--PGT0000000000") == 3  # the sender and two members, still told apart


def test_a_din_keeps_its_part_number() -> None:
    (frame,) = TeslaWallConnectorCodec().frames("<", http(VECTORS["din"].encode()))

    assert frame.endswith(b"\r\n\r\n1529455-02-D--PGT00000000001")


def test_what_nobody_has_marked_is_blanked() -> None:
    codec = TeslaWallConnectorCodec()
    (document,) = codec.frames("<", http(b'{"owner":"Jane \\" Doe","grid_v":230.1,"cut":"Ja'))
    (page,) = codec.frames("<", http(b"<html>Jane</html>"))

    assert b"Jane" not in document + page
    assert b'"grid_v":230.1' in document


def test_what_is_no_message_is_dropped_and_the_next_one_found() -> None:
    frames = TeslaWallConnectorCodec().frames("<", b"rubbish\r\n\r\n" + http(b'{"grid_v":1.0}'))

    assert [frame[-14:] for frame in frames] == [b'{"grid_v":1.0}']
    assert TeslaWallConnectorCodec().frames("<", bytes(5000)) == []
