"""What a gateway does with its packs while the street is there: one function for each mode and kind of tariff block.

Each says the power it wants, discharging positive; `settled` then cuts it to what reserve and power control allow, and
says how much of the solar power may flow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from ohmstead.families.franklinwh.facts.codes import ExportMode, WorkMode
from ohmstead.families.franklinwh.simulator.plant.settings import Limits, Settings

SELF_CONSUMPTION: Final = 6
"""The tariff block that does what self-consumption does; also what happens without a tariff."""


class Situation(NamedTuple):
    """Of one second, in W on the house's side. A tuple: one is made every simulated second."""

    demand_w: float
    """What the home draws, circuits and vehicle port included; negative when something else feeds in."""
    solar_w: float
    """What the panels could give."""
    soc_pct: float
    charge_w: float
    discharge_w: float
    """What the packs can take and give."""
    dispatch: int = SELF_CONSUMPTION


class Decision(NamedTuple):
    battery_w: float
    solar_w: float


Law = Callable[[Situation], float]


def _self_consumption(now: Situation) -> float:
    return now.demand_w - now.solar_w


def _home_only(now: Situation) -> float:
    return max(0.0, now.demand_w - now.solar_w)


def _idle(_: Situation) -> float:
    return 0.0


def _solar_only(now: Situation) -> float:
    return min(0.0, now.demand_w - now.solar_w)


def _home_and_grid(now: Situation) -> float:
    return now.discharge_w


def _fill(now: Situation) -> float:
    return -now.charge_w


DISPATCHES: Final[Mapping[int, Law]] = MappingProxyType(
    {
        1: _home_only,
        2: _idle,
        3: _solar_only,
        SELF_CONSUMPTION: _self_consumption,
        7: _home_and_grid,
        8: _fill,
    }
)


def decide(settings: Settings, now: Situation) -> Decision:
    """Of packs and panels, for the next second."""
    if settings.is_backup:
        return settled(_fill(now), now, settings.limits)
    law: Law = _self_consumption
    if settings.work_mode is WorkMode.TIME_OF_USE:
        law = DISPATCHES.get(now.dispatch, _self_consumption)
    wanted_w = law(now)
    if wanted_w > 0.0 and now.soc_pct <= settings.reserve_pct:
        wanted_w = 0.0
    return settled(wanted_w, now, settings.limits)


def settled(wanted_w: float, now: Situation, limits: Limits) -> Decision:
    """Within what power control allows of charging from, discharging to, drawing from and feeding the street."""
    deficit_w = now.demand_w - now.solar_w
    if wanted_w > 0.0:
        may_export = limits.feed_flag == ExportMode.SOLAR_AND_BATTERY
        exported_w = allowed_w(limits.grid_discharge_kw) if may_export else 0.0
        battery_w = min(wanted_w, now.discharge_w, max(0.0, deficit_w) + exported_w)
    else:
        surplus_w = max(0.0, -deficit_w)
        drawn_w = min(allowed_w(limits.grid_charge_kw), allowed_w(limits.import_kw) - max(0.0, deficit_w))
        battery_w = -min(-wanted_w, now.charge_w, surplus_w + max(0.0, drawn_w))
    return Decision(battery_w, now.solar_w - _curtailed_w(deficit_w - battery_w, now, limits))


def _curtailed_w(grid_w: float, now: Situation, limits: Limits) -> float:
    feed_w = 0.0 if limits.feed_flag == ExportMode.NONE else allowed_w(limits.feed_kw)
    return min(now.solar_w, max(0.0, -grid_w - feed_w))


def allowed_w(limit_kw: float) -> float:
    return float("inf") if limit_kw < 0.0 else 1000.0 * limit_kw
