"""A group of units that share one supply: the leader gives each that asks its share, in turns when there is not enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from ohmstead.families.tesla_wall_connector.simulator.identity import Identity

LEAST_A: Final = 6
MOST_UNITS: Final = 6
TURN_S: Final = 15 * 60
"""When there is too little for all, those that wait come next after so long."""


class Member(Protocol):
    @property
    def identity(self) -> Identity: ...
    @property
    def wants(self) -> bool: ...


class Group:
    """The leader is the first member."""

    def __init__(self, members: Sequence[Member], network_limit_a: int) -> None:
        self.members = list(members)
        self.network_limit_a = network_limit_a
        self.is_enabled = True
        self.round_robin_index = 0
        self.shares_a: dict[str, int] = {}
        """By serial, of those that may charge now."""
        self._shared_at_s = -1.0
        self._turned_at_s = -1.0

    @property
    def leader(self) -> Member:
        return self.members[0]

    def share_a(self, member: Member, now_s: float) -> float:
        if now_s != self._shared_at_s:
            self._shared_at_s = now_s
            self._share(now_s)
        return self.shares_a.get(member.identity.serial, 0)

    def _share(self, now_s: float) -> None:
        asking = [member.identity.serial for member in self.members if member.wants]
        room = min(len(asking), self.network_limit_a // LEAST_A)
        if not asking or not room or not self.is_enabled:
            self.shares_a = {}
            return
        if room == len(asking):
            self._turned_at_s = now_s
        elif now_s - self._turned_at_s >= TURN_S:
            self._turned_at_s = now_s
            self.round_robin_index = (self.round_robin_index + room) % len(asking)
        first = self.round_robin_index % len(asking)
        chosen = (asking[first:] + asking[:first])[:room]
        self.shares_a = dict.fromkeys(chosen, self.network_limit_a // room)
