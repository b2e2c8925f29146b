"""What may be shared of the traffic, and what never is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.everest.capture import Documents, EverestCodec

STATUS = (
    '{"id":1,"jsonrpc":"2.0","result":{"error":"NoError","info":{"id":"DE*ABC*E0001*1","index":1,'
    '"description":"Anna\'s \\"car\\" }","available_connectors":[{"index":1,"type":"cType2"}],'
    '"supported_energy_transfer_modes":["AC_three_phase_core"]}}}'
)


def test_figures_and_words_of_the_interface_stay_and_the_owners_go() -> None:
    (frame,) = EverestCodec().frames("<", STATUS.encode())

    assert json.loads(frame)["result"] == {
        "error": "NoError",
        "info": {
            "id": "*",
            "index": 1,
            "description": "*",
            "available_connectors": [{"index": 1, "type": "cType2"}],
            "supported_energy_transfer_modes": ["AC_three_phase_core"],
        },
    }


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ('{"method":"API.Hello","params":{"token":"ohm_abcdef"}}', "ohm_abcdef"),
        ('{"method":"EVSE.SetFlags","params":{"state":"at 5 Elm Street"}}', "Elm"),
        ('[{"result":{"charger_info":{"serial":"SN-0001","model":"EX-22"}}}]', "SN-0001"),
    ],
)
def test_what_nobody_knows_to_be_harmless_is_blanked(text: str, secret: str) -> None:
    (frame,) = EverestCodec().frames(">", text.encode())

    assert secret.encode() not in frame


@given(st.lists(st.integers(1, 40), max_size=20))
def test_the_stream_may_be_cut_anywhere(cuts: list[int]) -> None:
    stream, whole = (STATUS + "null" + STATUS).encode(), EverestCodec()
    codec, found, at = EverestCodec(), list[bytes](), 0
    for size in cuts:
        found += codec.frames("<", stream[at : at + size])
        at += size
    found += codec.frames("<", stream[at:])

    assert found == whole.frames("<", stream)
    assert len(found) == 2


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@pytest.mark.long
@given(st.lists(st.dictionaries(st.text(), JSON) | st.lists(JSON), max_size=5))
def test_every_document_is_found(documents: list[Any]) -> None:
    stream = b"".join(json.dumps(document).encode() for document in documents)

    assert [json.loads(found) for found in Documents().receive(stream)] == documents


def test_a_frame_is_described_as_it_stands() -> None:
    codec = EverestCodec()

    assert codec.describe("<", b'{"id":1,"result":{}}') == {"id": 1, "result": {}}
    assert codec.describe("<", b"[]") == {"batch": []}
