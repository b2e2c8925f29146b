"""A simulated day of the demo home's bodies, without sockets: two panels on an inverter, a household, a battery, the grid.

    .venv/bin/python benchmarks/world_day.py [DAYS]

The floor is a bare loop that calls an empty function once a step for each terminal.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from time import perf_counter

from ohmstead.kit.world import Bus, Cells, Household, Panel, World

START = datetime(2025, 6, 21, tzinfo=UTC)
DAY_S = 86_400


class BenchClock:
    """A clock that leaps, so that the day is lived in one call."""

    speed = 1.0

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        self.at = max(self.at, at)


class Inverter:
    """Both panels at their best point, converted."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._panels = (Panel(400.0), Panel(400.0))

    def step(self, bus: Bus, dt_s: float) -> float:
        if not bus.energised:
            return 0.0
        dc_w = sum(panel.operate(self._world, bus.at).power_w for panel in self._panels)
        return dc_w * max(0.75, 0.965 - 0.004 / max(dc_w / 800.0, 0.02))


class SelfConsumption:
    """A battery that works against the house connection."""

    def __init__(self) -> None:
        self._cells = Cells(9500.0)

    def step(self, bus: Bus, dt_s: float) -> float:
        return self._cells.exchange(self._cells.power_w + 0.5 * bus.grid_w, dt_s) if bus.energised else 0.0


def nothing(_bus: Bus | None, _dt_s: float) -> float:
    return 0.0


def floor_s(days: int) -> float:
    begun_s = perf_counter()
    for _ in range(days * DAY_S):
        nothing(None, 1.0)
        nothing(None, 1.0)
        nothing(None, 1.0)
    return perf_counter() - begun_s


def day_s(days: int) -> tuple[float, World]:
    clock = BenchClock()
    world = World(clock)
    world.attach("inverter", Inverter(world))
    world.attach("household", Household(world.place, seed=world.seed))
    world.attach("battery", SelfConsumption())
    clock.at = START + timedelta(days=days)
    begun_s = perf_counter()
    world.catch_up()
    return perf_counter() - begun_s, world


def main() -> None:
    days = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    bare_s = floor_s(days)
    lived_s, world = day_s(days)
    steps = days * DAY_S
    print(f"{days} simulated day(s), 4 bodies and the grid: {lived_s:.2f} s, {steps / lived_s:,.0f} steps/s")
    print(f"a step: {1e6 * lived_s / steps:.1f} us; a day: {lived_s / days:.2f} s (goal: under 2 s)")
    print(f"floor, a bare loop over 3 empty terminals: {bare_s:.3f} s; ratio {lived_s / bare_s:.0f}x")
    print(f"check: imported {world.grid.imported_wh:.0f} Wh, exported {world.grid.exported_wh:.0f} Wh")
    print("again: .venv/bin/python benchmarks/world_day.py [DAYS]")


if __name__ == "__main__":
    main()
