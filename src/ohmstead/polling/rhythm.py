"""When a source is due: slots on a grid of civil time. Pure; a late poll moves no later one, and none is made up for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.model import PollingContract

SHORTEST_WIRE_S: Final = 1.0
"""However fast civil time runs, no source is asked more often than this."""
UNKNOWN_INTERVAL_S: Final = 30.0
"""Until a source has opened once and told its contract."""


def interval(contract: PollingContract | None, speed: float) -> timedelta:
    """Civil time between two polls."""
    if contract is None:
        return timedelta(seconds=max(UNKNOWN_INTERVAL_S, SHORTEST_WIRE_S * speed))
    per_call_s = 3600 / contract.calls_per_hour if contract.calls_per_hour else 0.0
    civil_s = max(contract.interval_s, contract.shortest_s, per_call_s, SHORTEST_WIRE_S * speed)
    return timedelta(seconds=civil_s)


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """Slots in a row that ended without a sample."""

    first_at: datetime
    last_at: datetime
    """When the last of them was due."""
    polls: int


class Rhythm:
    """The slot that is due: from `due` until `due + every`. One poll inside it serves it."""

    def __init__(self, start: datetime, every: timedelta) -> None:
        self.due = start
        self.every = every

    @property
    def slot_ends(self) -> datetime:
        return self.due + self.every

    def is_late(self, now: datetime) -> bool:
        """Whether an answer for the due slot comes when the next one has begun."""
        return now >= self.slot_ends

    def is_too_late(self, now: datetime) -> bool:
        """Whether it tells more of a later slot than of the due one: then it serves the slot in which it comes."""
        return now >= self.slot_ends + self.every

    def served(self, now: datetime) -> None:
        """The due slot has its sample. A clock that was set back does not silence the source."""
        self.due = min(self.slot_ends, now + self.every)

    def skip_missed(self, now: datetime) -> Missed | None:
        """Step over the slots that ended unserved, and say which. None: there was none."""
        self.due = min(self.due, now + self.every)
        polls = (now - self.due) // self.every
        if polls < 1:
            return None
        first_at, self.due = self.due, self.due + polls * self.every
        return Missed(first_at=first_at, last_at=self.due - self.every, polls=polls)
