"""What a write came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, eq=False, kw_only=True)
class WriteResult(
    Mapping[str, Any]
):  # a dataclass, since a msgspec.Struct cannot be a Mapping; Any: vendor's JSON
    """Also the raw answer itself: `result["manuSw"]`. Its truth is whether the write was accepted."""

    accepted: bool
    """The gateway, or the cloud for it, said yes."""
    confirmed: bool | None
    """A fresh read shows what was asked for. None: it could not be read, or waits in the cloud's queue."""
    queued: bool = False
    """Kept by the cloud until the gateway is back."""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    mismatched: tuple[str, ...] = ()
    """The fields that do not show what was asked for."""
    raw: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""

    def __getitem__(self, key: str) -> Any:  # Any: the vendor's JSON
        return self.raw[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def with_note(self, note: str) -> WriteResult:
        return replace(self, note=note)

    def __bool__(self) -> bool:
        return self.accepted
