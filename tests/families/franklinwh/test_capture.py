"""Recordings keep what happened, and nothing of whose home it was."""

from __future__ import annotations

import json

import pytest

from ohmstead.families.franklinwh.capture import FranklinWHCodec

SERIAL = "10060005A02X00000001"


def message(first: str, body: str) -> bytes:
    data = body.encode()
    return f"{first}\r\ncontent-length: {len(data)}\r\n\r\n".encode() + data


REQUEST = message(
    f"POST /hes-gateway/terminal/sendMqtt?gatewayId={SERIAL}&lang=en_US&token=canary HTTP/1.1",
    json.dumps({"cmdType": 311, "equipNo": SERIAL, "dataArea": {"opt": 0, "order": SERIAL}}),
)
ANSWER = message(
    "HTTP/1.1 200",
    json.dumps(
        {
            "code": 200,
            "message": "Query success!",
            "result": {
                "equipNo": SERIAL,
                "dataArea": json.dumps(
                    {"Sw1Mode": 1, "Sw1Name": "canary sauna", "wifi_Pw": "canary", "secretPin": 1234}
                ),
                "token": "canary",
                SERIAL: {"latitude": 41.41},
            },
        }
    ),
)


def recorded(direction: str, data: bytes) -> bytes:
    return b"".join(FranklinWHCodec().frames(direction, data))


def test_a_recording_keeps_numbers_of_known_names_only() -> None:
    found = recorded("<", ANSWER)

    assert b"canary" not in found
    assert SERIAL.encode() not in found
    assert b"41.41" not in found
    assert b"1234" not in found
    body = json.loads(found.partition(b"\r\n\r\n")[2])
    assert (body["code"], body["message"]) == (200, "Query success!")
    assert json.loads(body["result"]["dataArea"])["Sw1Mode"] == 1


def test_a_request_line_keeps_its_path_and_little_of_its_query() -> None:
    found = recorded(">", REQUEST)

    assert found.startswith(b"POST /hes-gateway/terminal/sendMqtt?lang=en_US HTTP/1.1\r\n")
    assert json.loads(found.partition(b"\r\n\r\n")[2])["cmdType"] == 311


def test_a_path_nobody_knows_is_blanked() -> None:
    assert b"canary" not in recorded(">", message("GET /user/canary HTTP/1.1", ""))


def test_the_same_serial_stays_the_same() -> None:
    codec = FranklinWHCodec()
    first, second = codec.frames(">", REQUEST)[0], codec.frames("<", ANSWER)[0]

    pseudonym = json.loads(first.partition(b"\r\n\r\n")[2])["equipNo"]
    assert len(pseudonym) == len(SERIAL)
    assert json.loads(second.partition(b"\r\n\r\n")[2])["result"]["equipNo"] == pseudonym


@pytest.mark.parametrize("body", ["<html>canary</html>", "account=canary%40example.com&password=x", "{"])
def test_of_what_cannot_be_read_only_the_size_is_kept(body: str) -> None:
    found = recorded(">", message("POST /hes-gateway/terminal/sendMqtt HTTP/1.1", body))

    assert found.endswith(b"\r\n\r\n" + b"*" * len(body))


def test_a_frame_is_described_in_words() -> None:
    codec = FranklinWHCodec()

    told = codec.describe("<", codec.frames("<", ANSWER)[0])

    assert (told["http"], told["document"]["code"]) == ("HTTP/1.1 200", 200)
    assert codec.describe("<", b"HTTP/1.1 502\r\n\r\n***") == {"http": "HTTP/1.1 502", "bytes": 3}
