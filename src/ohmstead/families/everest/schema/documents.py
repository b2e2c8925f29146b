"""The declarations as JSON Schema, and what a document has that they do not say.

`ImplementationIdentifier` and `EVSEInfoObj` may have further members; no other object may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.objects import EVSEInfoObj, ImplementationIdentifier

OPEN: Final = frozenset({ImplementationIdentifier, EVSEInfoObj})

Document = Mapping[str, Any]
"""A JSON object. Any: a schema's members are of every type."""


class Deviation(msgspec.Struct, frozen=True):
    """`place` is such as "status.ac_charge_param.evse_max_current". A newer server may well have further ones."""

    place: str
    reason: str
    is_addition: bool = False
    """A member or a text that is not known, as a later version may send it."""


@cache
def schema(kind: type[Object]) -> Document:
    """The JSON Schema of one object, complete in itself."""
    return _schema(inspect.type_info(kind))


def deviations(document: object, kind: type[Object]) -> tuple[Deviation, ...]:
    """Where a document is not what the schema says; nothing for a conforming one."""
    return tuple(_deviations(document, schema(kind), ""))


@cache
def conforms(kind: type[Object]) -> Callable[[object], bool]:
    """A quick check of a document that is of this kind: whether it has nothing that the schema does not know."""
    return _known(inspect.type_info(kind)) or _anything


def _anything(_: object) -> bool:
    return True


def _known(kind: inspect.Type) -> Callable[[object], bool] | None:
    """None for what need not be looked at."""
    match kind:
        case inspect.Metadata(type=inner):
            return _known(inner)
        case inspect.EnumType(cls=cls):
            texts = frozenset(member.value for member in cls)
            return lambda value: isinstance(value, str) and value in texts
        case inspect.VarTupleType(item_type=item):
            return _each(_known(item))
        case inspect.UnionType(types=types):
            checks = [check for check in map(_known, types) if check is not None]
            return checks[0] if len(checks) == 1 else None
        case inspect.StructType(cls=cls, fields=fields):
            return _known_members(cls, fields)
        case _:
            return None


def _each(one: Callable[[object], bool] | None) -> Callable[[object], bool] | None:
    if one is None:
        return None
    return lambda value: isinstance(value, list) and all(map(one, value))


def _known_members(cls: type, fields: tuple[inspect.Field, ...]) -> Callable[[object], bool]:
    names = frozenset(field.encode_name for field in fields)
    deeper = tuple(
        (field.encode_name, check) for field in fields if (check := _known(field.type)) is not None
    )
    is_open = cls in OPEN

    def knows(value: object) -> bool:
        if not isinstance(value, dict) or not (is_open or value.keys() <= names):
            return False
        return all(inner(value[name]) for name, inner in deeper if name in value)

    return knows


def _schema(kind: inspect.Type) -> Document:
    match kind:
        case inspect.Metadata(type=inner):
            return {**_schema(inner), **_facts(kind.extra or {})}
        case inspect.StructType(cls=cls, fields=fields):
            members = {field.encode_name: _schema(_sent(field)) for field in fields}
            required = [field.encode_name for field in fields if field.required]
            told = {"title": cls.__name__, "type": "object", "properties": members, "required": required}
            return told if cls in OPEN else {**told, "additionalProperties": False}
        case inspect.EnumType(cls=cls):
            return {"title": cls.__name__, "type": "string", "enum": [member.value for member in cls]}
        case inspect.VarTupleType(item_type=item):
            return {"type": "array", "items": _schema(item)}
        case inspect.UnionType(types=types):
            return {"anyOf": [_schema(inner) for inner in types]}
        case _:
            return {"type": JSON_NAMES[type(kind)]}


JSON_NAMES: Final[Mapping[type[inspect.Type], str]] = {
    inspect.BoolType: "boolean",
    inspect.FloatType: "number",
    inspect.IntType: "integer",
    inspect.NoneType: "null",
    inspect.StrType: "string",
}


def _sent(field: inspect.Field) -> inspect.Type:
    """A member that may be absent is never sent as null."""
    if field.required or not isinstance(field.type, inspect.UnionType):
        return field.type
    (sent,) = (kind for kind in field.type.types if not isinstance(kind, inspect.NoneType))
    return sent


def _facts(extra: Mapping[str, object]) -> Document:
    return {{"min_length": "minLength"}.get(name, name): value for name, value in extra.items()}


def _deviations(document: object, told: Document, place: str) -> Iterator[Deviation]:
    match told:
        case {"anyOf": choices}:
            found = [tuple(_deviations(document, choice, place)) for choice in choices]
            yield from () if () in found else found[0]
        case {"type": "object"} if isinstance(document, dict):
            yield from _of_members(document, told, place)
        case {"type": "array", "items": items} if isinstance(document, list):
            for index, item in enumerate(document):
                yield from _deviations(item, items, f"{place}[{index}]")
        case {"type": name} if not _is(document, name):
            yield Deviation(place, f"is no {name}: {document!r:.60}")
        case {"enum": texts} if document not in texts:
            yield Deviation(place, f"is a text of its own: {document!r:.60}", is_addition=True)
        case {"minLength": least} if isinstance(document, str) and len(document) < least:
            yield Deviation(place, f"is shorter than {least} characters: {document!r}")


def _of_members(document: Mapping[str, object], told: Document, place: str) -> Iterator[Deviation]:
    members = told["properties"]
    for name in told["required"]:
        if name not in document:
            yield Deviation(f"{place}.{name}".lstrip("."), "is missing")
    for name, value in document.items():
        where = f"{place}.{name}".lstrip(".")
        if name in members:
            yield from _deviations(value, members[name], where)
        elif "additionalProperties" in told:
            yield Deviation(where, f"is a member of its own: {value!r:.60}", is_addition=True)


def _is(document: object, name: str) -> bool:
    if isinstance(document, bool):
        return name == "boolean"
    return isinstance(document, PYTHON_TYPES[name])


PYTHON_TYPES: Final[Mapping[str, type | tuple[type, ...]]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}
