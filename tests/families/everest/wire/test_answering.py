"""The server's end of JSON-RPC, in both modes."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.everest.schema.methods import METHODS, OUR_METHODS
from ohmstead.families.everest.wire import Mode, Problem, Question, read_question
from ohmstead.families.everest.wire.answering import Outcome

EVERY_METHOD = {**METHODS, **OUR_METHODS}
RPC = '"jsonrpc":"2.0"'
WRONG_COUNT = (-32603, "internal server error: invalid number of parameters")
TYPE_ERROR = "invalid parameter: [json.exception.type_error.302] type must be "


def question(text: str | bytes, mode: Mode = Mode.REFERENCE) -> Question:
    return read_question(text.encode() if isinstance(text, str) else text, EVERY_METHOD, mode)


def call(method: str, params: object, mode: Mode = Mode.REFERENCE, **members: object) -> Question:
    return question(
        json.dumps({"jsonrpc": "2.0", "method": method, "id": 1, "params": params} | members), mode
    )


def answered(read: Question, outcomes: Sequence[Outcome] | None = None) -> str | None:
    frame = read.answer([{"error": "NoError"}] * len(read.calls) if outcomes is None else outcomes)
    return frame.decode() if frame is not None else None


def refusal(read: Question) -> tuple[int, str]:
    error = json.loads(answered(read) or "")["error"]
    return error["code"], error["message"]


@pytest.mark.parametrize("text", ["", "null", " null ", "{", "nul", "\ufeff{}", "[" * 4000, '{"a":1e999}'])
def test_the_reference_says_nothing_to_what_it_cannot_read(text: str) -> None:
    read = question(text)

    assert (answered(read), read.is_json) == (None, False)


def test_bytes_that_are_no_text_are_no_json() -> None:
    assert answered(question(b'"\xff"')) is None


@pytest.mark.parametrize("text", ["", "{", "[" * 4000])
def test_our_own_mode_names_malformed_json(text: str) -> None:
    assert answered(question(text, Mode.IMPROVED)) == (
        '{"error":{"code":-32700,"message":"parse error"},"id":null,"jsonrpc":"2.0"}'
    )


@pytest.mark.parametrize(
    ("id_", "echoed"),
    [
        ("7", "7"),
        ("1.5", "1.5"),
        ("-3", "-3"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ('"a\\"b"', '"a\\"b"'),
        ("null", "null"),
    ],
)
@pytest.mark.parametrize("mode", Mode)
def test_the_id_comes_back(id_: str, echoed: str, mode: Mode) -> None:
    read = question(f'{{{RPC},"method":"ChargePoint.GetActiveErrors","id":{id_}}}', mode)

    assert answered(read) == f'{{"id":{echoed},"jsonrpc":"2.0","result":{{"error":"NoError"}}}}'


@pytest.mark.parametrize("id_", ["true", "{}", "[]"])
def test_what_can_be_no_id_is_refused_without_one(id_: str) -> None:
    assert answered(question(f'{{{RPC},"method":"API.Hello","id":{id_}}}')) == (
        '{"error":{"code":-32600,"message":"invalid request: id field must be a number, string or null"},'
        '"id":null,"jsonrpc":"2.0"}'
    )


def test_a_request_without_an_id_is_carried_out_and_answered_by_an_empty_frame() -> None:
    text = f'{{{RPC},"method":"EVSE.SetACChargingCurrent","params":[1,16]}}'

    assert [one.arguments for one in question(text).calls] == [{"evse_index": 1, "max_current": 16.0}]
    assert answered(question(text)) == ""
    assert answered(question(text, Mode.IMPROVED)) is None


def test_a_wrong_request_without_an_id_is_answered_by_an_empty_frame_too() -> None:
    assert answered(question(f'{{{RPC},"method":"Nope"}}')) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "[]"),
        (f'[{{{RPC},"method":"API.Hello"}}]', "[]"),
        ("5", '"invalid request: expected array or object"'),
        ('"x"', '"invalid request: expected array or object"'),
        ("{}", '"invalid request: missing jsonrpc field set to \\"2.0\\""'),
    ],
)
def test_what_is_no_single_request_is_answered_as_the_reference_does(text: str, expected: str) -> None:
    told = answered(question(text)) or ""

    assert told == expected or f'"message":{expected}}},"id":null' in told


def test_each_element_of_a_batch_is_answered_in_its_place() -> None:
    read = question(
        f'[1,{{{RPC},"method":"ChargePoint.GetActiveErrors","id":"x"}},[],{{{RPC},"method":"Nope"}}]'
    )
    replies = json.loads(answered(read, [{"error": "NoError"}]) or "")

    assert [(reply["id"], reply.get("error", {}).get("code")) for reply in replies] == [
        (None, -32600),
        ("x", None),
        (None, -32600),
    ]


@pytest.mark.parametrize(("mode", "expected"), [(Mode.IMPROVED, None), (Mode.REFERENCE, 101)])
def test_a_batch_beyond_measure_is_refused_as_one_where_the_reference_takes_it(
    mode: Mode, expected: int | None
) -> None:
    document = f'{{{RPC},"method":"ChargePoint.GetActiveErrors","id":1}}'
    assert len(question(f"[{','.join([document] * 100)}]", mode).calls) == 100
    read = question(f"[{','.join([document] * 101)}]", mode)
    if expected is not None:
        assert len(read.calls) == expected
        return

    assert answered(read) == (
        '{"error":{"code":-32600,"message":"invalid request: a batch has up to 100 requests"},"id":null,"jsonrpc":"2.0"}'
    )


@pytest.mark.parametrize(
    ("method", "params", "code_and_message"),
    [
        ("EVSE.GetInfo", None, WRONG_COUNT),
        ("EVSE.GetInfo", [], WRONG_COUNT),
        ("EVSE.EnableConnector", [1, 1, True], WRONG_COUNT),
        ("API.Hello", [1], WRONG_COUNT),
        ("API.Hello", {}, (-32602, "invalid parameter: procedure doesn't support named parameter")),
        ("EVSE.GetInfo", {}, (-32602, 'invalid parameter: missing named parameter "evse_index"')),
        ("EVSE.GetInfo", {"evse_index": None}, (-32602, TYPE_ERROR + "number, but is null")),
        ("EVSE.GetInfo", {"evse_index": {}}, (-32602, TYPE_ERROR + "number, but is object")),
        ("EVSE.SetChargingAllowed", [1, 1], (-32602, TYPE_ERROR + "boolean, but is number")),
        ("evse.GetInfo", [1], (-32601, "method not found: evse.GetInfo")),
    ],
)
def test_the_reference_refuses_in_its_own_words(
    method: str, params: object, code_and_message: tuple[int, str]
) -> None:
    assert refusal(call(method, params)) == code_and_message


@pytest.mark.parametrize(
    ("given", "taken"),
    [(1.7, 1), (-1.7, -1), (True, 1), (4294967297, 1), (2147483648, -2147483648), (1e30, None)],
)
def test_the_reference_makes_whole_numbers_of_all_numbers(given: float, taken: int | None) -> None:
    (one,) = call("EVSE.GetInfo", [given]).calls

    assert taken is None or one.arguments == {"evse_index": taken}


@pytest.mark.parametrize("given", [1.7, True, 4294967297, "1", None])
def test_our_own_mode_takes_no_number_for_another(given: object) -> None:
    assert refusal(call("EVSE.GetInfo", [given], Mode.IMPROVED))[0] == -32602


def test_our_own_mode_takes_a_whole_number_written_as_a_fraction() -> None:
    (one,) = call("EVSE.GetInfo", [2.0], Mode.IMPROVED).calls

    assert (one.arguments, type(one.arguments["evse_index"])) == ({"evse_index": 2}, int)


def test_our_own_mode_calls_a_wrong_count_a_wrong_parameter() -> None:
    assert refusal(call("EVSE.GetInfo", [], Mode.IMPROVED))[0] == -32602


def test_our_own_mode_accepts_no_parameters_as_an_empty_object_and_a_token_everywhere() -> None:
    assert call("ChargePoint.GetActiveErrors", {}, Mode.IMPROVED).calls[0].arguments == {}
    assert call("ChargePoint.GetActiveErrors", {"token": "t"}, Mode.IMPROVED).calls[0].arguments == {
        "token": "t"
    }


def test_the_extra_parameters_are_ignored_by_the_reference_and_read_by_ours() -> None:
    params = {"evse_index": 1, "max_current": 16, "strict": True, "x": 1}

    assert call("EVSE.SetACChargingCurrent", params).calls[0].arguments == {
        "evse_index": 1,
        "max_current": 16.0,
    }
    assert call("EVSE.SetACChargingCurrent", params, Mode.IMPROVED).calls[0].arguments == {
        "evse_index": 1,
        "max_current": 16.0,
        "strict": True,
    }


def test_our_own_mode_understands_the_old_name_of_the_connector() -> None:
    params = {"evse_index": 1, "connector_id": 2, "enable": True, "priority": 100}

    assert call("EVSE.EnableConnector", params, Mode.IMPROVED).calls[0].arguments == {
        "evse_index": 1,
        "connector_index": 2,
        "enable": True,
        "priority": 100,
    }


def test_lists_are_read_item_by_item() -> None:
    assert call("API.GetSnapshot", [[1, 2]], Mode.IMPROVED).calls[0].arguments == {"evse_indexes": (1, 2)}
    assert refusal(call("API.GetSnapshot", [[1, "2"]], Mode.IMPROVED))[0] == -32602
    assert refusal(call("API.GetSnapshot", [1], Mode.IMPROVED))[0] == -32602


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"method":"API.Hello"}', True),
        (f'{{{RPC},"method":"API.Hello","id":1,"params":{{}}}}', True),
        (f'[{{{RPC},"method":"API.Hello","id":1}}]', False),
        (f'{{{RPC},"method":"api.hello","id":1}}', False),
        ('"API.Hello"', False),
    ],
)
def test_a_greeting_is_one_even_when_it_is_wrong(text: str, expected: bool) -> None:
    assert question(text).is_greeting is expected


def test_an_outcome_that_is_a_problem_becomes_an_error() -> None:
    problem = Problem(-32001, "authentication required", {"reason": "missing"})

    assert answered(call("EVSE.GetStatus", [1], id=6), [problem]) == (
        '{"error":{"code":-32001,"data":{"reason":"missing"},"message":"authentication required"},'
        '"id":6,"jsonrpc":"2.0"}'
    )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "method": st.sampled_from(sorted(EVERY_METHOD)) | JSON,
        "id": JSON,
        "params": JSON
        | st.dictionaries(st.sampled_from(["evse_index", "max_current", "phase_count", "topics"]), JSON),
    },
)


@given(st.binary(max_size=200), st.sampled_from(Mode))
def test_no_bytes_make_it_raise(data: bytes, mode: Mode) -> None:
    conforms(question(data, mode), mode)


@given(JSON | REQUESTS | st.lists(REQUESTS | JSON, max_size=4), st.sampled_from(Mode))
def test_every_document_is_answered_within_the_specification(document: object, mode: Mode) -> None:
    conforms(question(json.dumps(document), mode), mode)


def conforms(read: Question, mode: Mode) -> None:
    told = answered(read)
    if not told:
        assert told is None or mode is Mode.REFERENCE
        return
    replies = json.loads(told)
    for reply in replies if isinstance(replies, list) else [replies]:
        assert reply.keys() in ({"id", "jsonrpc", "result"}, {"id", "jsonrpc", "error"})
        assert reply["jsonrpc"] == "2.0"
        assert not isinstance(reply["id"], bool | list | dict)
        if "error" in reply:
            assert reply["error"]["code"] in {-32700, -32600, -32601, -32602, -32603}
            assert reply["error"]["message"]
