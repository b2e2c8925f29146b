"""From a vendor's record to a struct: each field by its own type, so that one wrong value spoils nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)


def typed(kind: type[S], record: Mapping[str, Any], names: Mapping[str, tuple[str, ...]], **known: Any) -> S:
    """A `kind` with what the record holds under the vendor's `names` of each field; the first that has its type counts.

    A text that is a number, and a number that is a flag, are taken. What is missing or of another type keeps the field's default. Any: the vendor's JSON, and fields of any type.
    """
    for field, theirs in names.items():
        for name in theirs:
            try:
                known[field] = msgspec.convert(record[name], _types(kind)[field], strict=False)
            except (KeyError, msgspec.ValidationError):
                continue
            break
    return kind(**known)


@cache
def _types(kind: type[msgspec.Struct]) -> Mapping[str, Any]:  # Any: annotations, as msgspec takes them
    return {field.name: field.type for field in msgspec.structs.fields(kind)}


T = TypeVar("T")


def first(record: Mapping[str, Any], names: tuple[str, ...], kind: type[T]) -> T | None:
    """The first of the names whose value is of the type."""
    for name in names:
        try:
            return msgspec.convert(record[name], kind, strict=False)
        except (KeyError, msgspec.ValidationError):
            continue
    return None
