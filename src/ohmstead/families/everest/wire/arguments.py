"""From `params` to arguments, or to what is wrong with them.

The reference converts numbers as its language does: fractions are cut, truth values count as numbers, whole numbers
keep their lowest 32 bits. Our own mode takes no number for another.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Final

from ohmstead.families.everest.schema.methods import Method
from ohmstead.families.everest.schema.parameters import Parameter
from ohmstead.families.everest.wire.mode import Mode
from ohmstead.families.everest.wire.problem import Code, Problem, invalid_parameter
from ohmstead.families.everest.wire.text import json_type

Arguments = Mapping[str, object]

WRONG_COUNT: Final = Problem(Code.INTERNAL_ERROR, "internal server error: invalid number of parameters")
NO_NAMES: Final = invalid_parameter("procedure doesn't support named parameter")


def arguments(
    method: Method, params: list[object] | dict[str, object] | None, mode: Mode
) -> Arguments | Problem:
    """By name, each of the kind that the method wants; optional ones only when they were given."""
    given = (
        _by_position(method, params or [], mode)
        if not isinstance(params, dict)
        else _by_name(method, params, mode)
    )
    if isinstance(given, Problem):
        return given
    checked: dict[str, object] = {}
    for parameter, value in given:
        got = _of_kind(parameter, value, mode)
        if isinstance(got, Problem):
            return got
        checked[parameter.name] = got
    return checked


Given = list[tuple[Parameter, object]]


def _by_position(method: Method, params: list[object], mode: Mode) -> Given | Problem:
    least = sum(not parameter.is_optional for parameter in method.parameters)
    if not least <= len(params) <= len(method.parameters):
        if mode is Mode.REFERENCE:
            return WRONG_COUNT
        return invalid_parameter(
            f"expected {least} to {len(method.parameters)} parameters, but found {len(params)}"
        )
    return list(zip(method.parameters, params, strict=False))


def _by_name(method: Method, params: dict[str, object], mode: Mode) -> Given | Problem:
    if mode is Mode.REFERENCE:
        known, params = method.parameters, dict(params)
    else:
        known, params = (*method.parameters, *method.extra), _without_aliases(method, params)
    names = {parameter.name for parameter in known}
    if not method.parameters and (mode is Mode.REFERENCE or not params.keys() <= names):
        return NO_NAMES
    for parameter in method.parameters:
        if parameter.name not in params and not parameter.is_optional:
            return invalid_parameter(f'missing named parameter "{parameter.name}"')
    return [(parameter, params[parameter.name]) for parameter in known if parameter.name in params]


def _without_aliases(method: Method, params: dict[str, object]) -> dict[str, object]:
    aliases = {extra.name: extra.alias_of for extra in method.extra if extra.alias_of}
    meant = {aliases[name]: value for name, value in params.items() if name in aliases}
    return meant | {name: value for name, value in params.items() if name not in aliases}


def _of_kind(parameter: Parameter, value: object, mode: Mode) -> object | Problem:
    wanted = SIMPLE.get(parameter.kind)
    if wanted is None:
        return _list_of(parameter, value, mode)
    found = json_type(value)
    if wanted == "number" and found == "boolean" and mode is Mode.REFERENCE:
        found, value = "number", int(bool(value))
    if found != wanted:
        return invalid_parameter(f"[json.exception.type_error.302] type must be {wanted}, but is {found}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return _number(parameter, value, mode)


SIMPLE: Final = {"integer": "number", "number": "number", "boolean": "boolean", "string": "string"}
LOWEST: Final = -(2**31)
HIGHEST: Final = 2**31 - 1


def _number(parameter: Parameter, value: float, mode: Mode) -> float | Problem:
    if parameter.kind == "number":
        try:
            return float(value)
        except OverflowError:  # a whole number beyond every float
            return invalid_parameter(f"{parameter.name} is too large")
    if mode is Mode.REFERENCE:
        return ctypes.c_int32(int(value)).value
    if value != int(value):
        return invalid_parameter(f"{parameter.name} must be a whole number, but is {value}")
    if not LOWEST <= value <= HIGHEST:
        return invalid_parameter(f"{parameter.name} must be a number of 32 bits")
    return int(value)


def _list_of(parameter: Parameter, value: object, mode: Mode) -> object | Problem:
    inner = parameter.kind.strip("[]")
    item_kind = Parameter(parameter.name, inner if inner in SIMPLE else "string")
    if not isinstance(value, list):
        return invalid_parameter(f"{parameter.name} must be an array, but is {json_type(value)}")
    items = [_of_kind(item_kind, item, mode) for item in value]
    return next((item for item in items if isinstance(item, Problem)), tuple(items))
