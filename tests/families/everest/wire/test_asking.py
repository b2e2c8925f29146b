"""The client's end of JSON-RPC."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from ohmstead.families.everest.schema.methods import METHODS
from ohmstead.families.everest.wire import (
    Announcement,
    Answer,
    Failure,
    Incoming,
    Mode,
    Problem,
    read_answers,
    read_question,
    written,
)
from ohmstead.kit.wire import Damage


def test_a_call_without_parameters_has_none() -> None:
    assert written("API.Hello", 1) == b'{"id":1,"jsonrpc":"2.0","method":"API.Hello"}'


def test_a_call_is_compact_and_in_alphabetical_order() -> None:
    assert written("EVSE.SetACChargingCurrent", 2, {"max_current": 7.42, "evse_index": 1}) == (
        b'{"id":2,"jsonrpc":"2.0","method":"EVSE.SetACChargingCurrent",'
        b'"params":{"evse_index":1,"max_current":7.42}}'
    )


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ()),
        (b'{"id":3,"jsonrpc":"2.0","result":{"a":1}}', (Answer(3, Raw(b'{"a":1}')),)),
        (b'{"id":3,"result":null}', (Answer(3, Raw(b"null")),)),
        (
            b'{"id":3,"error":{"code":-32601,"message":"no"},"jsonrpc":"2.0"}',
            (Failure(3, Problem(-32601, "no")),),
        ),
        (
            b'{"id":null,"error":{"code":-1,"message":"no","data":{"reason":"x"}}}',
            (Failure(None, Problem(-1, "no", {"reason": "x"})),),
        ),
        (b'{"jsonrpc":"2.0","method":"M","params":{"x":1}}', (Announcement("M", Raw(b'{"x":1}')),)),
        (b'[{"id":1,"result":2},{"method":"M"}]', (Answer(1, Raw(b"2")), Announcement("M", Raw()))),
        (b"null", (Damage("neither an answer nor a notification", 4),)),
        (b'{"id":1,"method":"M"}', (Damage("neither an answer nor a notification", 21),)),
        (b'{"id":[],"result":1}', (Damage("an answer whose id no call can have", 20),)),
    ],
)
def test_every_frame_of_a_server_is_read(data: bytes, expected: tuple[Incoming, ...]) -> None:
    assert tuple(read_answers(data)) == expected


def test_what_is_no_json_is_damage() -> None:
    (damage,) = read_answers(b'{"id":')

    assert isinstance(damage, Damage)
    assert damage.size == 6


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_answers(data)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("name", METHODS)
def test_what_one_end_asks_the_other_understands(name: str, mode: Mode) -> None:
    values = {"integer": 1, "number": 7.42, "boolean": True}
    params = {parameter.name: values[parameter.kind] for parameter in METHODS[name].parameters}
    read = read_question(written(name, 5, params or None), METHODS, mode)

    assert [(one.method.name, one.arguments, one.id) for one in read.calls] == [(name, params, 5)]
    assert read_answers(read.answer([{"error": "NoError"}]) or b"") == (
        Answer(5, Raw(b'{"error":"NoError"}')),
    )
