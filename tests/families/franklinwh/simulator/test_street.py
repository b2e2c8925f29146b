"""A street that is dark at the same time every day, and a connection of its own for a gateway."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ohmstead.families.franklinwh.simulator.starting import simulate
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped


@warped
async def test_an_annex_goes_dark_at_its_hours_and_the_house_does_not() -> None:
    world = World(ScaledClock(datetime(2026, 6, 21, 11, 58, 2, tzinfo=UTC)))
    extras = {
        "plain": "true",
        "latency": "0",
        "zone": "Europe/Berlin",
        "circuit": "annex",
        "outage": "14:00-14:05",
    }
    async with simulate(SimulatorOptions(extras=extras), world), TaskScope() as scope:
        scope.start(world.run())
        seen = []
        for _ in range(10):
            await elapse(60)
            world.catch_up()
            seen.append((world.circuit("annex").grid.is_up, world.grid.is_up))

    assert [annex for annex, _ in seen] == [True, *[False] * 5, *[True] * 4]
    assert all(house for _, house in seen)


@pytest.mark.parametrize("text", ["14:00", "14:00-13:00", "24:00-25:00", "noon"])
@warped
async def test_hours_that_cannot_be_are_told_as_such(text: str) -> None:
    world = World(ScaledClock(datetime(2026, 6, 21, 12, tzinfo=UTC)))

    with pytest.raises(ConfigError, match="HH:MM-HH:MM"):
        async with simulate(SimulatorOptions(extras={"outage": text}), world):
            pass
