"""The tunnel's envelope, from both ends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.franklinwh.wire.envelope import TunnelRequest, read_reply, read_request, reply, request
from ohmstead.families.franklinwh.wire.texts import compact, crc, spaced
from ohmstead.model import WireError

GATEWAY = "10060005A02X00000001"
PAYLOADS = st.dictionaries(
    st.text(), st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


def ask(payload: str, command: int = 311) -> bytes:
    return request(command, payload, gateway=GATEWAY, at_s=1759674145, number=3)


def test_every_request_has_the_length_and_the_checksum_of_the_capture(vectors: dict[str, Any]) -> None:
    cases = vectors["mqtt_envelope"]["cases"]
    for case in cases:
        text = case["dataArea_text"]
        sent = json.loads(ask(text, case["cmdType"]))

        assert compact(json.loads(text)) == text
        assert (sent["len"], sent["crc"]) == (case["len"], case["crc"]), case["name"]
    assert len(cases) == 20


def test_the_requests_of_the_app_come_out_as_it_sent_them(vectors: dict[str, Any]) -> None:
    for sample in vectors["mqtt_samples"]:
        asked = sample["request"]
        sent = request(
            asked["cmdType"],
            compact(asked["dataArea"]),
            gateway=GATEWAY,
            at_s=asked["timeStamp"],
            number=0,
            language=None,
        )
        assert json.loads(sent) == asked


def test_a_request_is_exactly_this_text() -> None:
    assert ask('{"opt":0}') == (
        b'{"lang":"EN_US","cmdType":311,"equipNo":"10060005A02X00000001","type":0,"timeStamp":1759674145,'
        b'"snno":3,"len":9,"crc":"871767CE","dataArea":{"opt":0}}'
    )


def test_replies_count_their_length_over_the_loose_text(vectors: dict[str, Any]) -> None:
    for sample in vectors["mqtt_samples"]:
        answer = sample["response"]["result"]
        asked = read_request(json.dumps(sample["request"]).encode())
        built = reply(
            asked,
            answer["dataArea"],
            reply_command=answer["cmdType"],
            at_s=answer["timeStamp"],
            number=answer["snno"],
        )
        assert built["len"] == answer["len"]
        assert isinstance(built["dataArea"], str)
        assert json.loads(built["dataArea"]) == answer["dataArea"]
        assert len(spaced(answer["dataArea"])) + 1 == answer["len"]


def test_a_checksum_that_does_not_fit_is_noticed() -> None:
    assert read_request(ask('{"opt":1,"Sw1Name":"K\\u00fcche"}')).is_intact
    assert not read_request(ask('{"opt":0}').replace(b"871767CE", b"871767CF")).is_intact
    assert not read_request(ask('{"opt":0}').replace(b'"len":9', b'"len":10')).is_intact


def test_a_payload_may_come_as_a_text() -> None:
    asked = read_request(b'{"cmdType":353,"equipNo":"g","dataArea":"{\\"opt\\":0}"}')
    assert asked.payload == {"opt": 0}
    assert read_reply({"cmdType": 354, "snno": 951, "dataArea": {"opt": 0}}).payload == {"opt": 0}


@given(PAYLOADS, st.integers(min_value=1, max_value=999))
def test_what_one_end_sends_the_other_reads(payload: dict[str, Any], command: int) -> None:
    asked = read_request(request(command, compact(payload), gateway=GATEWAY, at_s=1, number=2))
    expected = TunnelRequest(
        command=command, gateway=GATEWAY, payload=payload, number=2, at_s=1, is_intact=True
    )
    assert asked == expected
    answered = read_reply(reply(asked, payload, reply_command=command + 1, at_s=1, number=7))
    assert (answered.command, answered.payload, answered.number) == (command + 1, payload, 7)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b'{"cmdType":311}',
        b'{"cmdType":"x","dataArea":{}}',
        b'{"cmdType":1,"dataArea":"{"}',
    ],
)
def test_a_request_that_is_none_is_told_so(body: bytes) -> None:
    with pytest.raises(WireError):
        read_request(body)


@pytest.mark.long
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_reply_raises_anything_but_our_error(result: object) -> None:
    try:
        read_reply(result)
    except WireError as error:
        assert str(error)


def test_infinity_is_not_sent_to_a_gateway() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        compact({"soc": float("inf")})


def test_the_checksum_is_eight_digits_with_its_zeros() -> None:
    assert crc('{"opt":0}') == "871767CE"
    assert crc('{"opt":18}') == "0C21CBAB"
