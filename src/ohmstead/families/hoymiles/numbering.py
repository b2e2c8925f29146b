"""The numbers of requests."""

from __future__ import annotations

from random import Random


class Sequence:
    """Numbers the requests of one side.

    It starts anywhere and goes on over all connections, so that a late answer to a request of the connection before
    never carries the number of one that is due.
    """

    def __init__(self, random: Random) -> None:
        self._next = random.randrange(0x10000)

    def take(self) -> int:
        taken, self._next = self._next, (self._next + 1) % 0x10000
        return taken
