"""Meters that fit together, and meters that do not, over a made-up day."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ohmstead.model import Flows
from ohmstead.polling import Balance, Trouble

DAWN = datetime(2026, 6, 25, 5, tzinfo=UTC)
PER_HOUR = 120


def day(
    balance: Balance,
    *,
    hours: int = 16,
    grid_sign: int = 1,
    battery_sign: int = 1,
    seen_solar: float = 1.0,
    seed: int = 1,
) -> tuple[Trouble, ...]:
    """Clouds over a roof, a battery that charges in blocks, kettles; every 30 s, as the meters would show it."""
    chance = random.Random(seed)
    load_w, cloud, battery_w = 400.0, 1.0, 0.0
    for step in range(hours * PER_HOUR):
        at = DAWN + timedelta(hours=step / PER_HOUR)
        if step % 12 == 0:
            cloud = chance.uniform(0.2, 1.0)
        if step % 47 == 0:
            battery_w = chance.choice((0.0, -2000.0, 1500.0))
        if chance.random() < 0.03:
            load_w = chance.choice((300.0, 450.0, 2200.0))
        solar_w = max(0.0, 6000.0 * math.sin(math.pi * step / (12 * PER_HOUR))) * cloud
        grid_w = load_w - solar_w - battery_w
        shown = grid_sign * grid_w, battery_sign * battery_w, seen_solar * solar_w
        residual_w = shown[0] + shown[1] + shown[2]
        balance.see(
            Flows(
                at=at,
                solar_w=shown[2],
                grid_w=shown[0],
                battery_w=shown[1],
                generator_w=0.0,
                home_w=max(residual_w, 0.0),
                chargers_w=0.0,
                v2l_w=0.0,
                losses_w=0.0,
                unaccounted_w=min(residual_w, 0.0),
            )
        )
    return tuple(finding.trouble for finding in balance.findings())


@given(st.integers(0, 50))
def test_meters_that_fit_together_are_never_blamed(seed: int) -> None:
    assert day(Balance(), seed=seed) == ()


@given(st.integers(0, 50))
def test_a_grid_meter_the_wrong_way_round_is_found_within_a_day(seed: int) -> None:
    assert Trouble.GRID_SIGN in day(Balance(), grid_sign=-1, seed=seed)


def test_a_battery_the_wrong_way_round_is_told_from_the_grid() -> None:
    balance = Balance()
    assert Trouble.ROLE_SIGN in day(balance, battery_sign=-1, hours=72)
    (words,) = [found.words for found in balance.findings() if found.trouble is Trouble.ROLE_SIGN]
    assert "battery" in words


def test_a_roof_that_no_meter_sees_feeds_more_than_is_used() -> None:
    balance = Balance()
    day(balance, hours=8, seen_solar=0.3)
    assert Trouble.LACKING in {found.trouble for found in balance.findings()}


def test_a_finding_keeps_the_moment_it_became_sure() -> None:
    balance = Balance()
    day(balance, grid_sign=-1, hours=12)
    first = balance.findings()
    day(balance, grid_sign=-1, hours=12)
    assert [found.since for found in balance.findings() if found.trouble is Trouble.GRID_SIGN] == [
        found.since for found in first if found.trouble is Trouble.GRID_SIGN
    ]


def test_a_meter_that_is_mended_clears_itself() -> None:
    balance = Balance()
    day(balance, hours=8, seen_solar=0.3)
    day(balance, hours=10)
    assert Trouble.LACKING not in {found.trouble for found in balance.findings()}


def test_nothing_is_known_of_a_home_without_a_grid_meter() -> None:
    balance = Balance()
    for minute in range(600):
        balance.see(
            Flows(
                at=DAWN + timedelta(minutes=minute),
                solar_w=1000.0 * (minute % 10),
                grid_w=None,
                battery_w=None,
                generator_w=0.0,
                home_w=None,
                chargers_w=0.0,
                v2l_w=0.0,
                losses_w=0.0,
                unaccounted_w=None,
            )
        )
    assert balance.findings() == ()
