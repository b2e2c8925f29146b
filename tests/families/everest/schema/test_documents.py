"""JSON Schema, and what documents have that it does not allow."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.schema.documents import Deviation, deviations, schema
from ohmstead.families.everest.schema.enums import EVSEStateEnum, ResponseErrorEnum
from ohmstead.families.everest.schema.extensions import AppliedObj, LimitObj, UnitEnum
from ohmstead.families.everest.schema.methods import METHODS, NOTIFICATIONS
from ohmstead.families.everest.schema.objects import ConnectorInfoObj, EVSEInfoObj
from ohmstead.families.everest.schema.results import ErrorResObj

CONNECTOR = {"index": 1, "type": "cType2"}


def test_an_object_becomes_a_schema_that_is_complete_in_itself() -> None:
    assert schema(LimitObj) == {
        "title": "LimitObj",
        "type": "object",
        "properties": {
            "source": {"type": "string"},
            "value": {"type": "number"},
            "unit": {"title": "UnitEnum", "type": "string", "enum": ["A", "W", "phases", "bool"]},
            "phases": {"type": "integer"},
            "valid_until": {"anyOf": [{"type": "string", "unit": "RFC 3339 text"}, {"type": "null"}]},
            "active": {"type": "boolean"},
        },
        "required": ["source", "value", "unit", "valid_until", "active"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (CONNECTOR, ()),
        ({"index": 1}, (Deviation("type", "is missing"),)),
        ({**CONNECTOR, "index": 1.5}, (Deviation("index", "is no integer: 1.5"),)),
        ({**CONNECTOR, "index": True}, (Deviation("index", "is no integer: True"),)),
        (
            {**CONNECTOR, "type": "cNew"},
            (Deviation("type", "is a text of its own: 'cNew'", is_addition=True),),
        ),
        ({**CONNECTOR, "x": 1}, (Deviation("x", "is a member of its own: 1", is_addition=True),)),
        ({**CONNECTOR, "description": None}, (Deviation("description", "is no string: None"),)),
        ([], (Deviation("", "is no object: []"),)),
    ],
)
def test_every_deviation_is_found(document: object, expected: tuple[Deviation, ...]) -> None:
    assert deviations(document, ConnectorInfoObj) == expected


def test_an_open_object_may_have_more_members_and_says_the_place_of_an_inner_deviation() -> None:
    document = {
        "index": 1,
        "id": "",
        "available_connectors": [CONNECTOR, {"index": 2}],
        "supported_energy_transfer_modes": [],
        "x": 1,
    }

    assert deviations(document, EVSEInfoObj) == (Deviation("available_connectors[1].type", "is missing"),)


def test_what_may_be_of_several_types_is_accepted_in_each() -> None:
    for value in (1.5, True, None):
        assert deviations({"value": value, "unit": "A", "requested": 1.0}, AppliedObj) == ()


def test_a_text_of_a_newer_version_is_kept_and_sent_as_it_came() -> None:
    state = msgspec.json.decode(b'"Thinking"', type=EVSEStateEnum)

    assert (state, state.is_known, msgspec.json.encode(state)) == ("Thinking", False, b'"Thinking"')
    assert EVSEStateEnum.CHARGING.is_known


def test_the_other_spelling_of_an_error_is_understood() -> None:
    answer = msgspec.json.decode(b'{"error":"ErrorInvalidConnectorId"}', type=ErrorResObj)

    assert answer.error is ResponseErrorEnum.ERROR_INVALID_CONNECTOR_INDEX


def test_a_member_that_is_absent_is_not_sent_and_a_mandatory_one_without_a_value_is() -> None:
    assert json.loads(msgspec.json.encode(AppliedObj(value=None, unit=UnitEnum.A, requested=16.0))) == {
        "value": None,
        "unit": "A",
        "requested": 16.0,
    }


def test_every_recorded_frame_conforms(vectors: dict[str, Any]) -> None:
    exchanges = [*vectors["single"], *vectors["sequence"], *vectors["rounding"]["traffic"]]
    checked = [found for one in exchanges for frame in one["receive"] for found in checks(one, frame)]

    assert len(checked) > 40
    assert [found for found in checked if found] == []


def checks(exchange: dict[str, Any], frame: str) -> list[tuple[Deviation, ...]]:
    document = json.loads(frame)
    if isinstance(document, list):
        return []
    if document.get("method") in NOTIFICATIONS:
        return [deviations(document["params"], NOTIFICATIONS[document["method"]].params)]
    if "result" in document:
        return [deviations(document["result"], METHODS[json.loads(exchange["send"])["method"]].result)]
    return []
