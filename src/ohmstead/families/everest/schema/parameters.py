"""What methods take."""

from __future__ import annotations

import msgspec


class Parameter(msgspec.Struct, frozen=True):
    """`kind` is a type's name in JSON, in brackets for a list of them."""

    name: str
    kind: str
    unit: str = ""
    is_optional: bool = False
    alias_of: str = ""
    """The parameter that is meant when this one is given in its place."""


def integer(name: str, *, is_optional: bool = False, alias_of: str = "") -> Parameter:
    return Parameter(name, "integer", is_optional=is_optional, alias_of=alias_of)


def number(name: str, unit: str, *, is_optional: bool = False) -> Parameter:
    return Parameter(name, "number", unit, is_optional)


def boolean(name: str, *, is_optional: bool = False) -> Parameter:
    return Parameter(name, "boolean", is_optional=is_optional)


def other(name: str, kind: str, *, is_optional: bool = True) -> Parameter:
    return Parameter(name, kind, is_optional=is_optional)
