from __future__ import annotations

import json
import re
from typing import Any

import pytest
from asked import Open

from ohmstead.api import LIVE, ROUTES, document
from ohmstead.kit.tokens import Scope
from ohmstead.testing import warped

DOCUMENT: dict[str, Any] = json.loads(document())  # Any: JSON


def references(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()


def test_it_says_which_version_it_is_and_names_the_licence() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert DOCUMENT["info"]["title"] == "Ohmstead"
    assert DOCUMENT["info"]["license"]["identifier"] == "Apache-2.0"


def test_every_route_is_described_and_nothing_else() -> None:
    described = {
        (method.upper(), path) for path, operations in DOCUMENT["paths"].items() for method in operations
    }
    assert described == {(route.method, f"/api/v1{route.path}") for route in ROUTES}
    assert len(described) == len(ROUTES)


def test_only_commands_need_control() -> None:
    assert [route.path for route in ROUTES if route.scope is Scope.CONTROL] == ["/commands"]


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert references(DOCUMENT) <= {f"#/components/schemas/{name}" for name in schemas}
    assert {"StateView", "DeviceView", "Flows", "Receipt", "Problem", "SolarReading"} <= set(schemas)


def test_names_of_operations_are_unique() -> None:
    names = [op["operationId"] for operations in DOCUMENT["paths"].values() for op in operations.values()]
    assert len(set(names)) == len(names)


def test_parameters_stand_where_their_path_has_them() -> None:
    for path, operations in DOCUMENT["paths"].items():
        for operation in operations.values():
            inside = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
            assert inside == set(re.findall(r"\{(\w+)\}", path))
            assert all(p["required"] for p in operation.get("parameters", ()) if p["in"] == "path")


def test_the_limits_of_a_question_are_in_the_document() -> None:
    parameters = {p["name"]: p for p in DOCUMENT["paths"]["/api/v1/history"]["get"]["parameters"]}
    assert parameters["device"]["required"] is True
    assert parameters["start"]["required"] is False
    numbers = [schema for schema in parameters["step_s"]["schema"]["anyOf"] if schema["type"] == "number"]
    assert (numbers[0]["minimum"], numbers[0]["maximum"]) == (1, 31_622_400)


def test_a_command_says_what_each_status_means() -> None:
    responses = DOCUMENT["paths"]["/api/v1/commands"]["post"]["responses"]
    expected = ["200", "202", "400", "401", "403", "408", "413", "415", "421", "422", "429", "503"]
    assert list(responses) == expected
    assert "nobody knows what became of it" in responses["202"]["description"]
    assert list(responses["422"]["content"]) == ["application/problem+json"]


@warped
async def test_it_is_served(opened: Open) -> None:
    async with opened() as asked:
        status, served = await asked.get("/openapi.json")
    assert status == 200
    assert served == DOCUMENT


ANSWERED = [
    route
    for route in ROUTES
    if route.method == "GET" and route is not LIVE and not route.path.startswith("/captures/")
]


@pytest.mark.long
@pytest.mark.parametrize("route", ANSWERED, ids=lambda route: route.path)
@warped
async def test_what_is_answered_is_what_the_document_promises(
    opened: Open, route: Any
) -> None:  # Any: a Route
    query = {"/history": {"device": "roof/1164a00212345", "signal": "solar.power_w"}}.get(route.path, {})
    async with opened() as asked:
        await asked.gateway.history.flush()
        path = route.path.replace("{id}", "roof/1164a00212345")
        status, answer = await asked.get(path, params=query)
    operation = DOCUMENT["paths"][f"/api/v1{route.path}"]["get"]
    schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    assert mismatches(answer, schema, "$") == []


def mismatches(value: Any, schema: dict[str, Any], at: str) -> list[str]:  # Any: JSON
    """What JSON Schema says against a value, for the parts of it that our document uses."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        tries = [mismatches(value, option, at) for option in schema["anyOf"]]
        return [] if [] in tries else [f"{at}: {value!r} fits none of {len(tries)}: {min(tries, key=len)}"]
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "number": (int, float),
        "integer": int,
        "boolean": bool,
        "null": type(None),
    }
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r}"]
    if not isinstance(value, kinds[schema["type"]]) or (
        isinstance(value, bool) and schema["type"] != "boolean"
    ):
        return [f"{at}: {value!r} is no {schema['type']}"]
    if schema["type"] == "array":
        items = schema.get("items", {"type": "null"})
        return [found for i, item in enumerate(value) for found in mismatches(item, items, f"{at}[{i}]")]
    return mismatched_fields(value, schema, at) if schema["type"] == "object" else []


def mismatched_fields(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:  # Any: JSON
    properties = schema.get("properties", {})
    missing = [f"{at}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    unknown = [f"{at}.{name} is not in it" for name in value if properties and name not in properties]
    inside = [
        found
        for name, field in value.items()
        if name in properties
        for found in mismatches(field, properties[name], f"{at}.{name}")
    ]
    return missing + unknown + inside
