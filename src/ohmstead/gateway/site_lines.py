"""In which line of a site file a key stands: TOML parsers do not say, and people want to know."""

from __future__ import annotations

import re
from typing import Final

Place = tuple[str | int, ...]
"""A table: keys, and for an array of tables its index, such as ("device", 1)."""

HEADER: Final = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]")
KEY: Final = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


class Lines:
    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        self._arrays: dict[Place, int] = {}
        table: Place = ()
        for number, line in enumerate(text.splitlines(), start=1):
            if header := HEADER.match(line):
                table = self._enter(_parts(header[2]), is_array=header[1] == "[[")
                self._lines.setdefault(table, number)
            elif key := KEY.match(line):
                self._lines.setdefault((*table, *_parts(key[1])), number)

    def of(self, table: Place, key: str = "") -> int | None:
        """The line of a key, else of the nearest table around it."""
        place: Place = (*table, key) if key else table
        while place:
            if place in self._lines:
                return self._lines[place]
            place = place[:-1]
        return None

    def _enter(self, parts: tuple[str, ...], *, is_array: bool) -> Place:
        place: Place = ()
        for depth, part in enumerate(parts, start=1):
            place = (*place, part)
            if is_array and depth == len(parts):
                self._arrays[place] = self._arrays.get(place, -1) + 1
            if place in self._arrays:
                place = (*place, self._arrays[place])
        return place


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
