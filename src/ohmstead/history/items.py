"""What waits to be stored: polls of one device, and polls that brought nothing."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ohmstead.history.times import to_ms
from ohmstead.model import Reading, Sample


class Poll(msgspec.Struct, frozen=True, gc=False):
    """All that one device said at one instant."""

    at_ms: int
    device: str
    readings: tuple[Reading, ...]


class Missed(msgspec.Struct, frozen=True, gc=False):
    """One or more polls in a row that brought nothing, for one reason."""

    source: str
    first_ms: int
    last_ms: int
    polls: int
    reason: str


Item = Poll | Missed


def items_of(sample: Sample, due: datetime | None = None) -> list[Item]:
    """One poll for each device of the sample, and for each thing it says is missing a miss of the poll that was due."""
    at_ms, due_ms = to_ms(sample.at), to_ms(due or sample.at)
    by_device: dict[str, dict[type[Reading], Reading]] = {}
    for reading in sample.readings:
        # said twice in one role: the last word counts
        by_device.setdefault(reading.device, {})[type(reading)] = reading
    items: list[Item] = [Poll(at_ms, device, tuple(roles.values())) for device, roles in by_device.items()]
    items += [Missed(source, due_ms, due_ms, 1, reason) for source, reason in sample.missing.items()]
    return items
