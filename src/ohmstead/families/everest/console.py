"""The interface's methods for a generic console: what each takes, as JSON Schema, and a template to begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ohmstead.families.everest.schema.documents import Document, schema
from ohmstead.families.everest.schema.methods import METHODS, OUR_METHODS, Method
from ohmstead.families.everest.schema.parameters import Parameter

ALL: Final[Mapping[str, Method]] = {**METHODS, **OUR_METHODS}
EXAMPLES: Final[Mapping[str, object]] = {
    "evse_index": 1,
    "connector_index": 1,
    "charging_allowed": True,
    "enable": True,
    "priority": 5000,
    "max_current": 16.0,
    "max_power": 11000.0,
    "phase_count": 3,
    "topics": ["EVSE.StatusChanged"],
    "evse_indexes": [1],
    "min_interval_ms": 1000,
}
"""Values that mean something, by the parameter's name."""
JSON_TYPES: Final = frozenset({"integer", "number", "boolean", "string"})


def template(method: Method) -> dict[str, object]:
    """Parameters to begin with: all that have to be given."""
    return {
        parameter.name: EXAMPLES[parameter.name] for parameter in method.parameters if _is_needed(parameter)
    }


def parameters_schema(method: Method) -> Document:
    """A JSON Schema of the named parameters; a reference ignores those that are not in its own list."""
    known = [*method.parameters, *method.extra]
    return {
        "type": "object",
        "properties": {parameter.name: _schema(parameter) for parameter in known},
        "required": [parameter.name for parameter in method.parameters if _is_needed(parameter)],
    }


def methods() -> Mapping[str, Mapping[str, Any]]:  # Any: JSON
    """By name: what it takes and returns, what it needs, and what can go wrong."""
    return {
        name: {
            "params": parameters_schema(method),
            "template": template(method),
            "result": schema(method.result),
            "scope": method.scope.value if method.scope is not None else None,
            "extension": method.extension,
            "errors": {error.value: why for error, why in method.errors.items()},
        }
        for name, method in ALL.items()
    }


def _is_needed(parameter: Parameter) -> bool:
    return not parameter.is_optional


def _schema(parameter: Parameter) -> Document:
    if parameter.kind.startswith("["):
        inner = parameter.kind.strip("[]")
        found: dict[str, Any] = {
            "type": "array",
            "items": {"type": inner if inner in JSON_TYPES else "string"},
        }
    else:
        found = {"type": parameter.kind}
    return {**found, "unit": parameter.unit} if parameter.unit else found
