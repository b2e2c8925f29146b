"""The declarations as JSON Schema, and what a document has that they do not say.

`ImplementationIdentifier` and `EVSEInfoObj` may have further members; no other object may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final, Literal

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
def conforms(kind: type[Object]) -> Callable[[msgspec.Raw], bool]:
    """A quick check of a document that is of this kind: whether it has nothing that the schema does not know."""
    decoder = msgspec.json.Decoder(_known(inspect.type_info(kind)))

    def knows(document: msgspec.Raw) -> bool:
        try:
            decoder.decode(document)
        except (ValueError, RecursionError):
            return False
        return True

    return knows


def _known(kind: inspect.Type) -> Any:  # Any: a type, made here
    """The type with nothing left in it but what may be new: members, and the texts of enumerations."""
    match kind:
        case inspect.Metadata(type=inner):
            return _known(inner)
        case inspect.EnumType(cls=cls):
            return Literal[tuple(member.value for member in cls)]
        case inspect.VarTupleType(item_type=item):
            return list[_known(item)]  # type: ignore[misc]  # as above
        case inspect.UnionType(types=types):
            told = [_known(one) for one in types if not isinstance(one, inspect.NoneType)]
            return told[0] | None if len(told) == 1 else msgspec.Raw
        case inspect.StructType(cls=cls, fields=fields):
            members = [(field.encode_name, _known(field.type), None) for field in fields]
            return msgspec.defstruct(cls.__name__, members, forbid_unknown_fields=cls not in OPEN, gc=False)
        case _:
            return CHEAPEST.get(type(kind), msgspec.Raw)


CHEAPEST: Final[Mapping[type[inspect.Type], Any]] = {  # Any: types
    inspect.BoolType: bool,
    inspect.FloatType: float,
    inspect.IntType: int,
}
"""To decode into, where nothing can be new."""


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
