"""Complaints about a site file's keys: which one, in which line, and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from typing import Final, get_args, get_type_hints

import msgspec

from ohmstead.gateway.site_lines import Lines, Place
from ohmstead.model import ConfigError

PATH: Final = re.compile(r" - at `\$\.?(.*?)`$")
"""Where msgspec found a value of a wrong type."""
MISSING: Final = re.compile(r"Object missing required field `(.*?)`")
CHOICE: Final = re.compile(r"Invalid enum value (.*)")
TYPE: Final = re.compile(r"`([a-z]+)( \| null)?`")
WORDS: Final[Mapping[str, str]] = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "date": "a date",
}
"""What msgspec calls the types, and what people who write a file call them."""


def table_fields(struct: type[msgspec.Struct]) -> frozenset[str]:
    return frozenset(field.encode_name for field in msgspec.structs.fields(struct))


def require_known(
    table: Mapping[str, object], known: Collection[str], file: str, lines: Lines, place: Place
) -> None:
    """Raises `ConfigError` for the first key that is not known, with the nearest one that is."""
    for key in table:
        if key not in known:
            raise ConfigError(
                f"unknown key {key!r}; {meant(key, known)}", file=file, line=lines.of(place, key)
            )


def meant(word: str, known: Collection[str]) -> str:
    """Of a word that is not known: the nearest one that is, or all of them."""
    import difflib  # noqa: PLC0415 - only for a mistake

    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(known))}."


@contextmanager
def with_place(
    file: str, lines: Lines, place: Place, kind: type[msgspec.Struct] | None = None
) -> Iterator[None]:
    """Give what goes wrong inside a table, which is of that kind, its file and line."""
    try:
        yield
    except msgspec.ValidationError as error:
        raise _placed(str(error), file, lines, place, kind) from error
    except ConfigError as error:
        if error.file:
            raise
        cause = error.__cause__
        if isinstance(cause, msgspec.ValidationError):
            raise _placed(str(cause), file, lines, place, kind) from error
        first_word = str(error).partition(" ")[0]
        raise ConfigError(str(error), file=file, line=lines.of(place, first_word)) from error


def _placed(
    words: str, file: str, lines: Lines, place: Place, kind: type[msgspec.Struct] | None
) -> ConfigError:
    if lacking := MISSING.match(words):
        return ConfigError(f"{lacking[1]} is missing.", file=file, line=lines.of(place))
    found = PATH.search(words)
    inner: Place = _steps(found[1]) if found else ()
    name = next((step for step in reversed(inner) if isinstance(step, str)), "the table")
    what = TYPE.sub(lambda named: WORDS.get(named[1], named[1]), PATH.sub("", words))
    if (other := CHOICE.match(what)) and kind is not None and (choices := _choices(kind, inner)):
        what = f"{other[1]} is none of {', '.join(map(repr, choices))}"
    return ConfigError(f"{name}: {what}.", file=file, line=lines.of((*place, *inner)))


def _choices(kind: type[msgspec.Struct], place: Place) -> tuple[str, ...]:
    """The words of which one is to stand in a field, or in the list that is there."""
    said = get_type_hints(kind).get(str(place[0])) if place else None
    if place and isinstance(place[-1], int):
        said = next(iter(get_args(said)), None)
    if isinstance(said, type) and issubclass(said, Enum):
        return tuple(str(each.value) for each in said)
    return tuple(word for word in get_args(said) if isinstance(word, str))


def _steps(path: str) -> Place:
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path))
