"""The OpenAPI 3.1 document, generated from the contract table and the types it names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from http import HTTPStatus
from typing import Any, Final

import msgspec

from ohmstead import __version__
from ohmstead.api.contract import PREFIX, Route
from ohmstead.api.problems import CONTENT_TYPE, Problem
from ohmstead.api.routes import ROUTES

Json = dict[str, Any]  # Any: JSON
ANY_REQUEST: Final = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,  # too many are connected
)
ANY_BODY: Final = (
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)
TOKEN: Final[Json] = {
    "type": "http",
    "scheme": "bearer",
    "description": "Made with `ohmstead token create`. On the machine itself none is needed, unless its owner says so.",
}
_NO_BODY: Final[Json] = {
    "description": "Nothing but its type, which pages of others cannot send.",
    "required": True,
    "content": {"application/json": {"schema": {"type": "object", "maxProperties": 0}}},
}
REFERENCE: Final = "#/components/schemas/{name}"


@cache
def document() -> bytes:
    """The document as JSON."""
    return msgspec.json.format(msgspec.json.encode(described(ROUTES)), indent=2)


def described(routes: Sequence[Route]) -> Json:
    types = [Problem, *(kind for route in routes for kind in (route.ask, route.answer))]
    schemas, components = msgspec.json.schema_components(types, ref_template=REFERENCE)
    of_type = dict(zip(map(repr, types), schemas, strict=True))
    paths: Json = {}
    for route in routes:
        paths.setdefault(PREFIX + route.path, {})[route.method.lower()] = _operation(
            route, of_type, components
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ohmstead",
            "version": __version__,
            "summary": "One home's energy: read, remembered, commanded.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": TOKEN}},
    }


def _operation(route: Route, of_type: Json, components: Json) -> Json:
    answered = {
        str(status.value): {"description": words, **_content(route, of_type)}
        for status, words in route.statuses.items()
    }
    declined = {
        str(status.value): {
            "description": status.phrase,
            "content": {CONTENT_TYPE: {"schema": of_type[repr(Problem)]}},
        }
        for status in sorted({*ANY_REQUEST, *(ANY_BODY if route.has_body else ()), *route.problems})
    }
    operation: Json = {
        "operationId": f"{route.method.lower()}{route.path.replace('/', '_').replace('{', '').replace('}', '')}",
        "summary": route.summary,
        "x-scope": route.scope.value if route.scope is not None else None,
        "security": [{"token": []}] if route.scope is not None else [],
        "responses": {**answered, **declined},
    }
    parameters = _parameters(route, components[route.ask.__name__])
    if not route.has_body:
        return {**operation, "parameters": parameters}
    if parameters:
        return {**operation, "parameters": parameters, "requestBody": _NO_BODY}
    content = {"application/json": {"schema": of_type[repr(route.ask)]}}
    return {**operation, "requestBody": {"required": True, "content": content}}


def _content(route: Route, of_type: Json) -> Json:
    if route.answer is None:
        return {}
    schema = of_type[repr(route.answer)] if route.answer is not bytes else {}
    return {"content": {route.content_type: {"schema": schema}}}


def _parameters(route: Route, schema: Json) -> list[Json]:
    required = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "path" if f"{{{name}}}" in route.path else "query",
            "required": name in required,
            "schema": field,
        }
        for name, field in schema["properties"].items()
        if not route.has_body or f"{{{name}}}" in route.path
    ]
