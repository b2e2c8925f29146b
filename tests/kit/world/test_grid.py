from __future__ import annotations

import statistics
from itertools import pairwise

import pytest

from ohmstead.kit.world import Grid

HOUR_S = range(1_750_000_000, 1_750_003_600)


def test_the_voltage_swings_slowly_about_its_nominal_with_a_little_noise() -> None:
    grid = Grid(seed=4)
    hour_v = [grid.voltage_v(second_s) for second_s in HOUR_S]
    changes_v = [after - before for before, after in pairwise(hour_v)]

    assert statistics.mean(hour_v) == pytest.approx(230.0, abs=0.1)
    assert 231.5 < max(hour_v) < 234.0
    assert 226.0 < min(hour_v) < 228.5
    assert statistics.stdev(changes_v) == pytest.approx(0.4 * 2**0.5, rel=0.1)


def test_the_frequency_stays_within_a_tenth_of_a_hertz() -> None:
    grid = Grid(seed=4, nominal_frequency_hz=60.0)
    hour_hz = [grid.frequency_hz(second_s) for second_s in HOUR_S]

    assert statistics.mean(hour_hz) == pytest.approx(60.0, abs=0.002)
    assert statistics.stdev(hour_hz) == pytest.approx(0.015, rel=0.1)
    assert max(abs(value_hz - 60.0) for value_hz in hour_hz) <= 0.1


def test_a_street_of_another_voltage_swings_in_proportion() -> None:
    assert Grid(nominal_voltage_v=115.0).voltage_v(5) == pytest.approx(Grid().voltage_v(5) / 2.0)


def test_the_meter_counts_each_direction_and_never_falls() -> None:
    grid = Grid()
    grid.carry(3600.0, 1.0)
    grid.carry(-7200.0, 1.0)
    grid.carry(0.0, 1.0)

    assert (grid.imported_wh, grid.exported_wh, grid.power_w) == (1.0, 2.0, 0.0)
