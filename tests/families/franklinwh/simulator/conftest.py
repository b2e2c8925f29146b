from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ohmstead.families.franklinwh.simulator.plant.counters import Flows
from ohmstead.families.franklinwh.simulator.plant.gateway import Gateway
from ohmstead.families.franklinwh.simulator.plant.options import PlantOptions
from ohmstead.families.franklinwh.simulator.plant.profiles import PROFILES, PROGRAMMES, identity
from ohmstead.kit.world import Household, Place, World

MIDNIGHT = datetime(2026, 6, 20, 4, 0, tzinfo=UTC)
"""In New York."""
ALBANY = Place(latitude_deg=42.65, longitude_deg=-73.75, utc_offset_s=-4 * 3600.0)


class LeapClock:
    speed = 1.0

    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        self.at = max(self.at, at)


class Home(msgspec.Struct):
    """A plant with a household, and a clock that leaps."""

    world: World
    clock: LeapClock
    gateway: Gateway

    def live(self, seconds: float = 1.0) -> Flows:
        self.clock.at += timedelta(seconds=seconds)
        self.world.catch_up()
        return self.gateway.flows

    def live_until(self, is_so: Callable[[], bool], most_s: int = 7200) -> int:
        """Second by second; how many it took."""
        for second in range(1, most_s + 1):
            self.live()
            if is_so():
                return second
        raise AssertionError(f"not within {most_s} s")


def make_home(
    model: str = "us_v1_full", *, at: datetime = MIDNIGHT, seed: int = 1, options: PlantOptions | None = None
) -> Home:
    clock = LeapClock(at)
    world = World(clock, seed=seed, place=ALBANY, nominal_voltage_v=240.0, nominal_frequency_hz=60.0)
    profile = PROFILES[model]
    gateway = Gateway(
        profile.sites[0],
        profile.region,
        identity(profile.sites[0], seed, 0),
        world,
        world.circuit("main"),
        programmes=PROGRAMMES,
        options=PlantOptions() if options is None else options,
    )
    world.attach("household", Household(ALBANY, seed=seed))
    world.attach("gateway", gateway)
    return Home(world, clock, gateway)


@pytest.fixture(scope="session")
def home() -> Callable[..., Home]:
    return make_home
