"""Energy counters: what flowed since the beginning, and since the inverter's midnight."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


class Tally(msgspec.Struct):
    """One quantity, in Wh of this simulation."""

    total_wh: float = 0.0
    at_midnight_wh: float = 0.0

    @property
    def today_wh(self) -> float:
        return self.total_wh - self.at_midnight_wh


class Tallies:
    """By name: solar, import, export, load, charge, discharge, output and more, as the body counts them."""

    def __init__(self) -> None:
        self._by_name: dict[str, Tally] = {}
        self.days = 0
        """Midnights that have passed: from the first on, what the registers had counted before is yesterday's."""
        self.was_cleared = False
        """Whether the lifetime counters were reset."""

    def __getitem__(self, name: str) -> Tally:
        found = self._by_name.get(name)
        return self._by_name.setdefault(name, Tally()) if found is None else found

    def add(self, powers_w: Mapping[str, float], dt_s: float) -> None:
        for name, power_w in powers_w.items():
            self[name].total_wh += power_w * dt_s / 3600.0

    def midnight(self) -> None:
        self.days += 1
        for tally in self._by_name.values():
            tally.at_midnight_wh = tally.total_wh

    def clear(self) -> None:
        """Every counter starts again from nothing."""
        self._by_name.clear()
        self.was_cleared = True
        self.days += 1
