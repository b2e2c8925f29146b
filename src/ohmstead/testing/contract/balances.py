"""What the meters promise: they agree with the simulated home's own physics."""

from __future__ import annotations

import asyncio

from ohmstead.model import ROLES, GridReading
from ohmstead.testing.contract.bench import at_home, read_once
from ohmstead.testing.contract.promise import Subject, expect

TOLERANCE_W = 20.0
TOLERANCE_PCT = 3.0
"""Meters round, and show what was some seconds ago."""

SIGNS = {"solar": 1, "grid": 1, "battery": 1, "generator": 1, "load": -1, "chargers": -1, "v2l": -1}


async def the_meters_balance(subject: Subject) -> None:
    """Sources less sinks is nothing; a grid that the family does not meter is the world's own."""
    async with at_home(subject) as (home, source):
        await asyncio.sleep(source.contract.interval_s)
        readings = (await read_once(source)).readings
        powers_w = [SIGNS[ROLES[type(reading)]] * (reading.power_w or 0.0) for reading in readings]
        powers_w.append(-sum(getattr(reading, "losses_w", None) or 0.0 for reading in readings))
        if not any(isinstance(reading, GridReading) for reading in readings):
            powers_w.append(home.world.grid.power_w)
        largest_w = max(map(abs, powers_w), default=0.0)
        allowed_w = TOLERANCE_W + largest_w * TOLERANCE_PCT / 100
        expect(
            abs(sum(powers_w)) <= allowed_w,
            f"the powers {powers_w} W leave {sum(powers_w):.0f} W unaccounted for",
        )
