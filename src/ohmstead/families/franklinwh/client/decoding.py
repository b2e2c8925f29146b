"""From the vendor's record to typed attributes, by the field tables, each field judged by itself: a wrong one is named
with its reason and the others are kept. Runs for every field of every poll, so each table is turned into a plan once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from ohmstead.families.franklinwh.facts.fields import Field, Kind, When
from ohmstead.families.franklinwh.facts.fields.field import LIMITS

Record = Mapping[str, Any]  # Any: the vendor's JSON
LARGEST: Final = 1e15
"""Beyond it no measurement and no code lies; also what a float still counts one by one."""
UNLIMITED: Final = (-LARGEST, LARGEST)
_PATH: Final = re.compile(r"([^\[\]]+)\[(\d+)\]")


class Bad(Exception):
    """What is wrong with a value; caught field by field."""


class Step(NamedTuple):
    """How one attribute is found and read. A tuple, since taking one apart is what a poll does a hundred times."""

    name: str
    entry: str
    """In `missing` and `bad`."""
    key: str
    place: int
    """Within a list; -1: the value is none."""
    read: Callable[[Any], Any]
    """Any: the vendor's JSON in, the attribute's type out. Raises `Bad`."""


class Decoded(msgspec.Struct, frozen=True):
    """What a record says, what it does not say, and what it says wrongly."""

    values: dict[str, Any]
    """Any: each attribute's own type."""
    missing: set[str]
    bad: dict[str, str]


def plan(fields: Iterable[Field], prefix: str, *, is_stored: bool = False) -> tuple[Step, ...]:
    """The steps for all attributes that begin with `prefix`, such as `current.`, of live answers or of stored ones."""
    return tuple(
        _step(field, prefix, is_stored=is_stored) for field in fields if field.attribute.startswith(prefix)
    )


def decode(steps: Iterable[Step], record: Record) -> Decoded:
    values: dict[str, Any] = {}  # Any: each attribute's own type
    missing: set[str] = set()
    bad: dict[str, str] = {}
    for name, entry, key, place, read in steps:
        value = record.get(key)
        if place >= 0:
            value = value[place] if isinstance(value, list) and len(value) > place else None
        if value is None:
            missing.add(entry)
            continue
        try:
            values[name] = read(value)
        except Bad as reason:
            bad[entry] = str(reason)
    return Decoded(values, missing, bad)


def _step(field: Field, prefix: str, *, is_stored: bool) -> Step:
    path = _PATH.fullmatch(field.raw)
    return Step(
        name=field.attribute.removeprefix(prefix),
        entry=field.attribute,
        key=path[1] if path else field.raw,
        place=int(path[2]) if path else -1,
        read=_reader(field, field.per if is_stored or field.when is not When.STORED else 1),
    )


def _reader(
    field: Field, per: int
) -> Callable[[Any], Any]:  # Any: the vendor's JSON in, the field's type out
    low, high = LIMITS.get(field.unit, UNLIMITED)
    whole_only = field.when is When.WHOLE

    def number(value: object) -> float:
        if per == 1 and type(value) is float and low <= value <= high:
            return value  # nearly all of them
        found = as_number(value)
        if per != 1 and not (whole_only and isinstance(found, float)):
            found = found / per
        if not low <= found <= high:
            raise Bad(f"{found:g} {field.unit} is beyond what a home can be")
        return float(found)

    if field.kind is Kind.NUMBER:
        return number
    if field.kind is Kind.NUMBERS:
        return lambda value: [number(each) for each in _as_list(value)]
    return _READERS[field.kind]


def as_number(value: object) -> int | float:
    """A number, also from its text. Raises `Bad`."""
    if isinstance(value, str) and len(value) < 40:
        try:
            value = float(value) if not value.strip().removeprefix("-").isdecimal() else int(value)
        except ValueError:
            raise Bad("the text is no number") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Bad(f"{type(value).__name__} is no number")
    if not abs(value) < LARGEST:  # neither is NaN
        raise Bad("it is not finite, or larger than anything there is")
    return value


def as_count(value: object) -> int:
    """A whole number, also from its text, or from a flag. Raises `Bad`."""
    if type(value) is int and -LARGEST < value < LARGEST:
        return value  # nearly all of them
    if isinstance(value, bool):
        return int(value)
    found = as_number(value)
    if not float(found).is_integer():
        raise Bad(f"{found:g} is no code")
    return int(found)


def as_flag(value: object) -> bool:
    """True or false, also as 0 and 1. Raises `Bad`."""
    if isinstance(value, bool):
        return value
    found = as_count(value)
    if found not in {0, 1}:
        raise Bad(f"{found} is neither yes nor no")
    return found == 1


def as_text(value: object) -> str:
    """A text without what cannot be printed. Raises `Bad`."""
    if isinstance(value, (list, dict)):
        raise Bad(f"{type(value).__name__} is no text")
    text = str(value)
    return text if text.isprintable() else "".join(letter for letter in text if letter.isprintable())


def _as_list(value: object) -> list[Any]:  # Any: the vendor's JSON
    if not isinstance(value, list):
        raise Bad(f"{type(value).__name__} is no list")
    return value


_READERS: Final[Mapping[Kind, Callable[[Any], Any]]] = {  # Any: the vendor's JSON in, the field's type out
    Kind.COUNT: as_count,
    Kind.SWITCH: as_count,
    Kind.INSTANT: as_count,
    Kind.FLAG: as_flag,
    Kind.TEXT: as_text,
    Kind.CLOCK: as_text,
    Kind.COUNTS: lambda value: [as_count(each) for each in _as_list(value)],
    Kind.TEXTS: lambda value: [as_text(each) for each in _as_list(value)],
    Kind.CELLS: lambda value: value,
    Kind.ANYTHING: lambda value: value,
}
