"""What the settings make of a battery, as a table."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from ohmstead.families.givenergy.simulator.dynamics.control import (
    Order,
    Settings,
    Situation,
    Window,
    battery_w,
    decide,
)
from ohmstead.families.givenergy.types import BatteryPauseMode, ExportPriority

NOW = Situation(
    minute=12 * 60,
    soc_pct=50.0,
    pv_w=0.0,
    load_w=400.0,
    most_charge_w=2600.0,
    most_discharge_w=2600.0,
    capacity_wh=8000.0,
)
SUNNY = {"pv_w": 3000.0}
WINDOW = (Window(11 * 60, 13 * 60),)
ELSEWHEN = (Window(1 * 60, 5 * 60),)
CHARGING = Settings(charges_in_windows=True, charge_windows=WINDOW)
STORING = Settings(discharges_in_windows=True, discharge_windows=WINDOW)
EXPORTING = replace(STORING, is_export_mode=True)

CASES: dict[str, tuple[Settings, dict[str, Any], float]] = {
    "eco covers the house": (Settings(), {}, 400.0),
    "eco takes the surplus": (Settings(), SUNNY, -2600.0),
    "eco takes a small surplus": (Settings(), {"pv_w": 1000.0}, -600.0),
    "no more than there is": (Settings(), {"load_w": 9000.0}, 2600.0),
    "the reserve is kept": (Settings(reserve_pct=50.0), {}, 0.0),
    "the reserve does not stop charging": (Settings(reserve_pct=60.0), SUNNY, -2600.0),
    "half a C is the most": (Settings(), {"capacity_wh": 2000.0, "load_w": 5000.0}, 1000.0),
    "a limit in hundredths of C": (Settings(charge_limit_c=0.1), SUNNY, -800.0),
    "more than half a C has no effect": (Settings(discharge_limit_c=1.0), {"load_w": 9000.0}, 2600.0),
    "a limit of nothing": (Settings(discharge_limit_c=0.0), {}, 0.0),
    "a share of the rating": (Settings(charge_limit=0.5), SUNNY, -1300.0),
    "a charge window takes from the grid": (CHARGING, {}, -2600.0),
    "outside its window there is no charging": (replace(CHARGING, charge_windows=ELSEWHEN), {}, 400.0),
    "a switched-off window is none": (replace(CHARGING, charges_in_windows=False), {}, 400.0),
    "at the target it neither charges nor discharges": (replace(CHARGING, charge_target_pct=50.0), {}, 0.0),
    "the window's own target counts too": (
        replace(CHARGING, charge_windows=(Window(660, 780, 40.0),)),
        {},
        0.0,
    ),
    "timed discharge covers the house in its window": (STORING, {}, 400.0),
    "and saves outside it": (replace(STORING, discharge_windows=ELSEWHEN), {}, 0.0),
    "but takes surplus there": (replace(STORING, discharge_windows=ELSEWHEN), SUNNY, -2600.0),
    "timed export gives all": (EXPORTING, {}, 2600.0),
    "down to the window's floor": (
        replace(EXPORTING, discharge_windows=(Window(660, 780, 50.0),)),
        {},
        0.0,
    ),
    "an export limit in watts": (replace(EXPORTING, export_limit_w=1000.0), {}, 1400.0),
    "paused charging": (Settings(pause=BatteryPauseMode.PAUSE_CHARGE), SUNNY, 0.0),
    "paused charging still discharges": (Settings(pause=BatteryPauseMode.PAUSE_CHARGE), {}, 400.0),
    "paused discharging": (Settings(pause=BatteryPauseMode.PAUSE_DISCHARGE), {}, 0.0),
    "paused altogether, even in a charge window": (
        replace(CHARGING, pause=BatteryPauseMode.PAUSE_BOTH),
        {},
        0.0,
    ),
    "a pause in its window": (Settings(pause=BatteryPauseMode.PAUSE_BOTH, pause_window=WINDOW[0]), {}, 0.0),
    "a pause at another time": (
        Settings(pause=BatteryPauseMode.PAUSE_BOTH, pause_window=ELSEWHEN[0]),
        {},
        400.0,
    ),
    "battery first": (Settings(priority=ExportPriority.BATTERY_FIRST), {"pv_w": 1000.0}, -1000.0),
    "grid first": (Settings(priority=ExportPriority.GRID_FIRST), SUNNY, 0.0),
    "grid first still covers the house": (Settings(priority=ExportPriority.GRID_FIRST), {}, 400.0),
    "forced charge": (Settings(force_charge=True), {}, -2600.0),
    "forced discharge": (Settings(force_discharge=True), {}, 2600.0),
    "forced discharge ends at the reserve": (Settings(force_discharge=True, reserve_pct=50.0), {}, 0.0),
}


@pytest.mark.parametrize("case", CASES)
def test_the_battery_does_what_its_settings_say(case: str) -> None:
    settings, situation, expected_w = CASES[case]
    assert battery_w(settings, replace(NOW, **situation)) == pytest.approx(expected_w)


@pytest.mark.parametrize(
    ("minute", "covered"),
    [(22 * 60 + 59, False), (23 * 60, True), (0, True), (299, True), (300, False)],
)
def test_a_window_may_wrap_midnight_and_ends_before_its_last_minute(minute: int, covered: bool) -> None:
    assert Window(23 * 60, 5 * 60).covers(minute) is covered


def test_a_window_that_ends_where_it_starts_never_opens() -> None:
    assert not any(Window(0, 0).covers(minute) for minute in range(1440))


def test_the_first_open_window_counts() -> None:
    settings = replace(CHARGING, charge_windows=(Window(660, 780, 80.0), Window(660, 780, 30.0)))
    assert decide(settings, 700, 50.0).order is Order.CHARGE
