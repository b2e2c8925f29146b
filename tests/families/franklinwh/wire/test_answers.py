"""The cloud's envelope in all its dialects."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.franklinwh import errors
from ohmstead.families.franklinwh.wire.answers import Answer, envelope, error_of, judged, read_answer
from ohmstead.families.franklinwh.wire.reading import DEPTH, read_json, whole
from ohmstead.model import WireError

EXPECTED: dict[tuple[int, int | None], type[Exception]] = {
    (200, 401): errors.TokenExpired,
    (200, 10009): errors.TokenExpired,
    (200, 102): errors.DeviceTimeout,
    (200, 136): errors.GatewayOffline,
    (200, 181): errors.PermissionDenied,
    (200, 400): errors.ApiError,
    (200, 429): errors.RateLimited,
    (429, None): errors.RateLimited,
    (502, None): errors.InvalidResponse,
}


def test_each_known_code_is_its_own_error(vectors: dict[str, Any]) -> None:
    tested = 0
    for case in vectors["errors"]:
        if (case["http"], case.get("code")) not in EXPECTED:
            continue
        body = {} if case["code"] is None else {"code": case["code"], "message": "said"}
        with pytest.raises(EXPECTED[case["http"], case["code"]]):
            judged(read_answer(case["http"], json.dumps(body).encode()))
        tested += 1
    assert tested == 9


def test_a_queued_write_is_a_yes() -> None:
    answer = judged(read_answer(200, b'{"code":176,"message":"","result":null}'))
    assert answer.is_queued
    assert not judged(Answer(code=200)).is_queued


def test_an_empty_body_is_a_yes_without_a_result() -> None:
    assert read_answer(200, b" ") == Answer(code=200)


@pytest.mark.parametrize(
    ("body", "code", "message", "result"),
    [
        (b'{"code":200,"msg":"ok","data":[1]}', 200, "ok", [1]),
        (b'{"code":"200","msg":"ok","result":{}}', 200, "ok", {}),
        (b'{"code":200,"result":null,"data":5}', 200, "", None),
        (b'{"status":404,"message":""}', 404, "", None),
        (
            b'{"timestamp":1,"path":"/x","status":500,"error":"Internal","requestId":"r"}',
            500,
            "Internal",
            None,
        ),
    ],
)
def test_the_dialects_say_the_same(body: bytes, code: int, message: str, result: object) -> None:
    answer = read_answer(200, body)
    assert (answer.code, answer.message, answer.result) == (code, message, result)


@pytest.mark.parametrize(
    ("header", "wait_s"), [("7", 7.0), (None, 30.0), ("soon", 30.0), ("9" * 40, 86_400.0)]
)
def test_the_cloud_says_how_long_to_leave_it_alone(header: str | None, wait_s: float) -> None:
    answer = read_answer(429, b"", {} if header is None else {"retry-after": header})
    refused = error_of(answer)
    assert isinstance(refused, errors.RateLimited)
    assert refused.retry_after == wait_s
    assert refused.after.total_seconds() == wait_s


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>bad gateway</html>"),
        (502, b"<html>"),
        (503, b""),
        (200, b"null"),
        (200, b"[]"),
        (200, b'"text"'),
        (200, b'{"code":200,"resu'),
        (200, b"{}"),
        (200, b'{"code":true}'),
        (200, b'\xff\xfe{"code":200}'),
        (200, b'{"code":200,"result":' + b"[" * DEPTH + b"]" * DEPTH + b"}"),
        (200, b"[" * 200_000),
    ],
    ids=range(12),
)
def test_what_is_no_answer_is_told_so(status: int, body: bytes) -> None:
    with pytest.raises(errors.InvalidResponse) as caught:
        read_answer(status, body)
    assert caught.value.status_code == status
    assert len(caught.value.body) <= 200


def test_a_number_that_is_none_does_not_spoil_the_others() -> None:
    answer = read_answer(200, b'{"code":200,"result":{"soc":NaN,"p_sun":1e400,"p_uti":1.5}}')
    assert str(answer.result) == "{'soc': nan, 'p_sun': inf, 'p_uti': 1.5}"


def test_brackets_in_a_text_are_no_depth() -> None:
    assert read_json(json.dumps({"name": "[" * 100 + '"\\' + "{" * 100}).encode())["name"].count("[") == 100


def test_a_text_that_never_ends_is_refused_at_once() -> None:
    began_s = time.process_time()
    with pytest.raises(WireError, match="no JSON"):
        read_json(b"[" + b"[]," * (DEPTH + 1) + b'"' + b'\\"' * 20_000)

    assert time.process_time() - began_s < 1.0


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(WireError, match="surrogates"):
        read_json(b'{"name":"\\ud800"}')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5),
        ("5", 5),
        (" -5", -5),
        (5.0, 5),
        (5.5, None),
        (True, None),
        ("x", None),
        ("²", None),
        (None, None),
        ("9" * 50, None),
    ],
)
def test_whole_numbers_come_as_numbers_or_as_texts(value: object, expected: int | None) -> None:
    assert whole(value) == expected


def test_an_error_repeats_no_address_and_no_serial() -> None:
    said = b"Account owner@example.com does not exist for 10060005A02X00000001"
    answer = read_answer(200, b'{"code":10086,"message":"%s"}' % said)
    assert str(error_of(answer)) == (
        "the cloud answered with code 10086: Account (hidden) does not exist for (hidden)."
    )


def test_the_other_end_wraps_its_results_the_same_way() -> None:
    wrapped = envelope(200, [1, 2], total=2)
    assert wrapped == {
        "code": 200,
        "message": "Query success!",
        "result": [1, 2],
        "total": 2,
        "success": True,
    }
    assert read_answer(200, json.dumps(wrapped).encode()).result == [1, 2]


@given(st.binary(), st.sampled_from([200, 404, 429, 502]))
def test_no_bytes_raise_anything_but_our_error(body: bytes, status: int) -> None:
    try:
        read_answer(status, body)
    except errors.InvalidResponse as error:
        assert error.status_code == status
