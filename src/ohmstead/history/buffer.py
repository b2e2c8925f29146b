"""Holds what is recorded until it is on the disk. Bounded: when the disk stays away too long the oldest goes first,
and leaves a gap with a reason behind.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from ohmstead.history.items import Item, Missed, Poll

CAPACITY: Final = 200_000
"""Polls; about 100 MB. An hour of 500 devices asked every ten seconds fits."""
AT_ONCE: Final = 5_000
"""In one commit, so that trying again on a full disk costs milliseconds, however much waits."""
DROPPED: Final = "the disk could not be written for too long"


class Buffer:
    """Items are numbered from 1 as they come, and settle when they are durable or given up."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._waiting: deque[tuple[int, Item]] = deque()
        self._taken: list[tuple[int, Item]] = []
        self._losses: dict[str, Missed] = {}
        self._reported: dict[str, Missed] = {}
        self.recorded = 0
        self.stored = 0
        self.dropped = 0
        self.last_dropped = 0

    def __len__(self) -> int:
        return len(self._waiting) + len(self._taken)

    @property
    def settled(self) -> int:
        """The fate of everything up to this number is known."""
        oldest = self._taken[0] if self._taken else self._waiting[0] if self._waiting else None
        return self.recorded if oldest is None else oldest[0] - 1

    def add(self, item: Item) -> None:
        self.recorded += 1
        self._waiting.append((self.recorded, item))
        self._trim()

    def take(self) -> list[Item]:
        """The oldest, as many as one commit carries. `keep` them or `put_back` before the next take."""
        self._taken = [self._waiting.popleft() for _ in range(min(AT_ONCE, len(self._waiting)))]
        self._reported, self._losses = self._losses, {}
        return [*self._reported.values(), *(item for _, item in self._taken)]

    def keep(self) -> None:
        """What was taken is durable."""
        self.stored += len(self._taken)
        self._taken = []
        self._reported = {}

    def put_back(self) -> None:
        """What was taken could not be stored."""
        self._waiting.extendleft(reversed(self._taken))
        self._taken = []
        reported, self._reported = self._reported, {}
        for missed in reported.values():
            self._lose(missed)
        self._trim()

    def _trim(self) -> None:
        while len(self._waiting) > self._capacity:
            number, item = self._waiting.popleft()
            self.dropped += 1
            self.last_dropped = max(self.last_dropped, number)
            self._lose(item)

    def _lose(self, item: Item) -> None:
        if isinstance(item, Poll):
            item = Missed(item.device, item.at_ms, item.at_ms, 1, DROPPED)
        before = self._losses.get(item.source, item)
        self._losses[item.source] = Missed(
            item.source,
            min(before.first_ms, item.first_ms),
            max(before.last_ms, item.last_ms),
            item.polls + (before.polls if before is not item else 0),
            DROPPED,
        )
