"""What the broker is to hold for us: the newest retained text of each topic, and which of them it does not have yet.

Putting never waits, and a broker that is away costs no memory: the newest text of a topic takes the place of the one
before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

CLEARED = b""
"""An empty retained message removes the one before."""


class Board:
    def __init__(self) -> None:
        self._texts: dict[str, bytes] = {}
        self._due: dict[str, None] = {}
        self._stirred = asyncio.Event()

    def put(self, topic: str, text: bytes) -> None:
        """Nothing is sent for a text that stands there already."""
        if self._texts.get(topic) != text:
            self._texts[topic] = text
            self._is_due(topic)

    def drop(self, topics: Iterable[str]) -> None:
        """Remove them from the broker too."""
        for topic in topics:
            self._texts[topic] = CLEARED
            self._is_due(topic)

    def all_again(self) -> None:
        """As after a new connection, or for a listener that has just come."""
        for topic in self._texts:
            self._is_due(topic)

    def holds(self, topic: str) -> bool:
        return self._texts.get(topic, CLEARED) != CLEARED

    def topics(self, below: str = "") -> tuple[str, ...]:
        """Those with a text that begin with `below`."""
        return tuple(topic for topic, text in self._texts.items() if text and topic.startswith(below))

    @property
    def is_told(self) -> bool:
        """Whether the broker has everything."""
        return not self._due

    async def due(self) -> tuple[str, bytes]:
        """Waits for the next that the broker does not have. Say `done` when it has."""
        await self._stirred.wait()
        topic = next(iter(self._due))
        return topic, self._texts[topic]

    def done(self, topic: str, text: bytes) -> None:
        """Unless it has changed in between, and is due again."""
        if self._texts.get(topic) == text:
            self._due.pop(topic, None)
            if text == CLEARED:
                self._texts.pop(topic, None)
        if not self._due:
            self._stirred.clear()

    def _is_due(self, topic: str) -> None:
        self._due[topic] = None
        self._stirred.set()
