"""A street that goes dark at the same time every day: an outage for those who only watch."""

from __future__ import annotations

import re
from datetime import tzinfo
from typing import Final

import msgspec

from ohmstead.kit.world.bus import Bus
from ohmstead.kit.world.grid import Grid

SPAN: Final = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")


class DarkHours(msgspec.Struct, frozen=True):
    """From one `HH:MM` to another of the same day."""

    start: str
    end: str


def dark_hours(text: str) -> DarkHours | None:
    """None for no text. Raises `ValueError` for anything but `HH:MM-HH:MM`, the first before the second."""
    if not text:
        return None
    found = SPAN.fullmatch(text)
    if found is None or found[1] >= found[2]:
        raise ValueError(f"an outage is HH:MM-HH:MM within one day, not {text!r}")
    return DarkHours(found[1], found[2])


class DarkStreet:
    """On a circuit it takes and gives nothing; it fails its street and restores it, at these two minutes only."""

    def __init__(self, grid: Grid, hours: DarkHours, zone: tzinfo) -> None:
        self._grid = grid
        self._hours = hours
        self._zone = zone

    def step(self, bus: Bus, dt_s: float) -> float:
        if bus.at.second == 0:
            now = bus.at.astimezone(self._zone).strftime("%H:%M")
            if now == self._hours.start:
                self._grid.fail()
            elif now == self._hours.end:
                self._grid.restore()
        return 0.0
