"""Readings as signals: which fields a role has, and their values as numbers. Pure."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import isfinite
from operator import attrgetter
from typing import Any, Final

import msgspec

from ohmstead.model import Reading

_NOT_SIGNALS: Final = frozenset({"device", "at", "quality"})


class Role(msgspec.Struct, frozen=True):
    """What one reading type says, in the order of its fields."""

    name: str
    fields: tuple[str, ...]
    values: Callable[[Reading], tuple[Any, ...]]  # whatever types the fields have


@lru_cache(maxsize=64)
def role_of(kind: type[Reading]) -> Role:
    names = (field.name for field in msgspec.structs.fields(kind))
    fields = tuple(name for name in names if name not in _NOT_SIGNALS)
    tag = kind.__struct_config__.tag
    if len(fields) > 1:
        return Role(str(tag), fields, attrgetter(*fields))
    return Role(str(tag), fields, lambda reading: tuple(getattr(reading, name) for name in fields))


def as_number(value: object) -> float | None:
    """None for what is no finite number: it is not stored."""
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if isfinite(number) else None
