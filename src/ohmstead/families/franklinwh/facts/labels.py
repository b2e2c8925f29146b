"""Words for the vendor's code numbers. A code nobody has seen before gets a word too, and never an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import overload


class Labels(Mapping[int, str]):
    """Read-only. A code that is not in the table reads `Unknown (n)`, by subscript and by `get` alike; `in`, `len`
    and iteration see only the known ones.
    """

    def __init__(self, known: Mapping[int, str]) -> None:
        self._known = dict(known)

    def __getitem__(self, code: int) -> str:
        return self._known.get(code) or f"Unknown ({code})"

    @overload
    def get(self, key: int, /) -> str: ...
    @overload
    def get(self, key: int, default: object, /) -> str: ...
    def get(self, key: int, default: object = None, /) -> str:
        return self[key]

    def __contains__(self, code: object) -> bool:
        return code in self._known

    def __iter__(self) -> Iterator[int]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __repr__(self) -> str:
        return f"Labels({self._known!r})"
