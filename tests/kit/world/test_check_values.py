"""A clear day at the reference place, against values published with the model: 2 x 400 W on an 800 W inverter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.kit.world import Panel, Place, World
from ohmstead.model import ReplayedClock

RATED_W = 800.0


def converted_w(dc_w: float) -> float:
    load = dc_w / RATED_W
    return dc_w * max(0.75, 0.965 - 0.004 / max(load, 0.02))


@pytest.mark.parametrize(
    ("day_of_year", "energy_kwh", "peak_w"), [(172, 6.01, 701.0), (80, 4.68, 628.0), (355, 2.32, 427.0)]
)
def test_a_clear_day_yields_what_was_published(day_of_year: int, energy_kwh: float, peak_w: float) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day_of_year - 1)
    world = World(ReplayedClock(start), place=Place(50.0, 10.0, 3600.0))
    world.weather.set_clear_sky()
    world.weather.set_ambient(18.0, 6.0)
    panel = Panel(400.0, 30.0, 180.0)

    powers_w = []
    for minute in range(1440):
        state = panel.operate(world, start + timedelta(minutes=minute))
        producing = state.irradiance_w_m2 > 8.0
        powers_w.append(min(RATED_W, converted_w(2.0 * state.power_w)) if producing else 0.0)

    assert sum(powers_w) / 60.0 / 1000.0 == pytest.approx(energy_kwh, rel=0.01)
    assert max(powers_w) == pytest.approx(peak_w, rel=0.01)
