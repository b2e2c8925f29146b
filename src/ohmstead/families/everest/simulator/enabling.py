"""Who has said that a connector is to work or to rest. Each source has one say; the strongest one counts."""

from __future__ import annotations

from typing import Final

import msgspec

STRONGEST: Final = 0
WEAKEST: Final = 10_000


class Say(msgspec.Struct, frozen=True):
    is_enabled: bool
    priority: int
    """0 is the strongest, 10000 the weakest."""


class Enabling:
    def __init__(self) -> None:
        self._says: dict[str, Say] = {}

    def say(self, source: str, say: Say) -> None:
        self._says[source] = say

    @property
    def is_enabled(self) -> bool:
        """Nobody's say is yes. Of equally strong ones, a no counts."""
        if not self._says:
            return True
        return min(self._says.values(), key=lambda say: (say.priority, say.is_enabled)).is_enabled
