"""The declarations and the interface's own description say the same, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import inspect

from ohmstead.families.everest.schema import enums, error_types, extensions, methods, objects, results
from ohmstead.families.everest.schema.documents import OPEN
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.parameters import Parameter
from ohmstead.families.everest.schema.text import Text
from ohmstead.model import LimitedBy

NOT_ON_THE_LIST = {
    "AppliedResObj",
    "DetailedErrorObj",
    "DetailedErrorsResObj",
    "DetailedErrorsChangedObj",
    "DetailedSnapshotResObj",
}
"""Described as members added to other objects."""


def declared(kind: type, *modules: object) -> dict[str, Any]:
    found = [value for module in modules for value in vars(module).values() if isinstance(value, type)]
    return {value.__name__: value for value in found if issubclass(value, kind) and value is not kind}


def enumerations(*modules: object) -> dict[str, list[str]]:
    return {name: [member.value for member in kind] for name, kind in declared(Text, *modules).items()}


def test_every_enumeration_has_the_same_texts(interface: dict[str, Any]) -> None:
    assert enumerations(enums, error_types) == interface["enums"]


def test_every_enumeration_of_ours_has_the_same_texts(interface: dict[str, Any]) -> None:
    ours = enumerations(extensions)

    assert {name: ours[name] for name in interface["extensions_ours"]["enums"]} == interface[
        "extensions_ours"
    ]["enums"]


def test_every_object_has_the_same_members(interface: dict[str, Any]) -> None:
    kinds = declared(Object, objects, results)

    assert {
        name: told(kind) for name, kind in kinds.items() if not name.startswith("Phase")
    } == without_notes(interface["objects"])


def test_every_object_of_ours_has_the_same_members(interface: dict[str, Any]) -> None:
    described = without_notes(interface["extensions_ours"]["objects"])
    kinds = {
        name: kind
        for name, kind in declared(Object, extensions).items()
        if kind.__module__ == extensions.__name__
    }

    assert {name: told(kind) for name, kind in kinds.items() if name not in NOT_ON_THE_LIST} == described


def test_every_method_is_the_same(interface: dict[str, Any]) -> None:
    assert {name: method_told(method) for name, method in methods.METHODS.items()} == {
        name: method_described(method) for name, method in interface["methods"].items()
    }


def test_every_method_of_ours_is_the_same(interface: dict[str, Any]) -> None:
    described = interface["methods_ours_only"]

    assert {
        name: method_told(method) | {"params": with_extra(method), "extension": method.extension}
        for name, method in methods.OUR_METHODS.items()
    } == {
        name: method_described(method) | {"extension": method["extension"]}
        for name, method in described.items()
    }


def test_the_extra_parameters_are_the_same(interface: dict[str, Any]) -> None:
    described = dict(interface["extensions_ours"]["extended_methods"])
    everywhere = parameters_described(described.pop("*")["extra_params"])

    assert {
        name: {extra.name: parameter_told(extra) for extra in method.extra}
        for name, method in methods.METHODS.items()
    } == {
        name: parameters_described(described.get(name, {}).get("extra_params", {}))
        | ({} if name == "API.Hello" else everywhere)
        for name in methods.METHODS
    }


def test_every_notification_is_the_same(interface: dict[str, Any]) -> None:
    described = interface["notifications"] | interface["extensions_ours"]["notifications"]

    assert {
        name: (notification.params.__name__, notification.extension)
        for name, notification in methods.NOTIFICATIONS.items()
    } == {name: (one["params"], one.get("extension", "")) for name, one in described.items()}


def test_the_extensions_are_the_same(interface: dict[str, Any]) -> None:
    assert list(extensions.EXTENSIONS) == interface["extensions_ours"]["opt_in"]["names"]


def test_the_topics_are_the_notifications() -> None:
    assert {topic.value for topic in extensions.SubscriptionTopicEnum} == set(methods.NOTIFICATIONS)


def told(kind: type[Object]) -> dict[str, Any]:
    structure = inspect.type_info(kind)
    assert isinstance(structure, inspect.StructType)
    return {
        "fields": {field.encode_name: member_told(field) for field in structure.fields},
        "extra_fields_allowed": kind in OPEN,
    }


def member_told(field: inspect.Field) -> dict[str, Any]:
    kind, facts = type_told(field.type, is_optional=not field.required)
    return {"type": kind, "optional": not field.required, **facts}


def type_told(kind: inspect.Type, *, is_optional: bool = False) -> tuple[Any, dict[str, Any]]:
    match kind:
        case inspect.Metadata(type=inner, extra=extra):
            return type_told(inner)[0], dict(extra or {})
        case inspect.UnionType(types=types):
            sent = [one for one in types if not (is_optional and isinstance(one, inspect.NoneType))]
            names = [type_told(one) for one in sent]
            facts = {name: value for _, found in names for name, value in found.items()}
            return names[0][0] if len(names) == 1 else {name for name, _ in names}, facts
        case inspect.StructType(cls=cls) if cls.__name__.startswith("Phase"):
            return phases_told(kind)
        case inspect.StructType(cls=cls) | inspect.EnumType(cls=cls):
            return cls.__name__, {}
        case inspect.VarTupleType(item_type=item):
            return f"[{type_told(item)[0]}]", {}
    return {"Bool": "boolean", "Float": "number", "Int": "integer", "None": "null", "Str": "string"}[
        type(kind).__name__.removesuffix("Type")
    ], {}


def phases_told(kind: inspect.StructType) -> tuple[Any, dict[str, Any]]:
    members = {field.encode_name: member_told(field) for field in kind.fields}
    (unit,) = {member.pop("unit") for member in members.values()}
    return {"object": members}, {"unit": unit}


def without_notes(described: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {
            "fields": {
                member: {fact: value for fact, value in field.items() if fact != "note"}
                | ({"type": set(field["type"].split("|"))} if "|" in field["type"] else {})
                for member, field in one["fields"].items()
            },
            "extra_fields_allowed": one["extra_fields_allowed"],
        }
        for name, one in described.items()
    }


def parameter_told(parameter: Parameter) -> tuple[str, str, bool]:
    return parameter.kind, parameter.unit, parameter.is_optional


def parameters_described(described: Mapping[str, Any]) -> dict[str, tuple[str, str, bool]]:
    return {name: (one["type"], one.get("unit", ""), one["optional"]) for name, one in described.items()}


def method_told(method: methods.Method) -> dict[str, Any]:
    return {
        "params": {parameter.name: parameter_told(parameter) for parameter in method.parameters},
        "positional_order": [parameter.name for parameter in method.parameters],
        "result": method.result.__name__,
        "errors": {error.value for error in method.errors},
        "scope": method.scope.value if method.scope else "none",
    }


def with_extra(method: methods.Method) -> dict[str, tuple[str, str, bool]]:
    return {one.name: parameter_told(one) for one in (*method.parameters, *method.extra)}


def method_described(described: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "params": parameters_described(described["params"]),
        "positional_order": described["positional_order"],
        "result": described["result"],
        "errors": set(described["errors"]),
        "scope": described["scope"],
    }


def test_the_house_and_the_interface_know_the_same_reasons_for_less() -> None:
    assert {reason.value for reason in extensions.LimitedByEnum} == {reason.value for reason in LimitedBy}
