"""The power a car takes, on any wiring, without asking which it is.

There is no field for it. On a European unit it is the sum over the phases; on a North American one that sum would be up
to a third too high, since its three figures are not three phases. Which case holds shows in the voltages, but only
while the contactor is closed: what was learnt then is kept by whoever asks. Values are apparent power; the true power of
an on-board charger is within 1 % of it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.documents import Version, Vitals

LIVE_V: Final = 90.0
"""Below, a conductor behind the contactor is dead, and its current is noise."""
NEAR_V: Final = 25.0
SPLIT_HZ: Final = 55.0
SPLIT_PARTS: Final = ("1457768", "1734412")
"""Part numbers of North American and Universal units."""


class Wiring(StrEnum):
    PHASES = "phases"
    """One or three phases to neutral: Europe, Asia-Pacific."""
    SPLIT_1 = "split_1"
    """North America before 24.x: A and B at line voltage, C at half of it."""
    SPLIT_2 = "split_2"
    """North America from 24.x on: A and C at half the line voltage, B at all of it."""


class Power(msgspec.Struct, frozen=True, kw_only=True):
    power_va: float
    power_ref_va: float
    """Supply voltage times line current, as a widely used library has it for split phase; 1 to 2 % above the unit's
    own energy counter."""
    phases: int | None = None
    """Carrying current."""


def recognised(vitals: Vitals) -> Wiring | None:
    """What the voltages show; None while the contactor is open or has only just closed."""
    grid_v, voltages = vitals.grid_v, _voltages(vitals)
    if not vitals.contactor_closed or grid_v is None or grid_v < LIVE_V or max(voltages) < LIVE_V:
        return None
    is_half = [abs(voltage_v - grid_v / 2) < NEAR_V for voltage_v in voltages]
    is_whole = [abs(voltage_v - grid_v) < NEAR_V for voltage_v in voltages]
    if is_half[0] and is_half[2]:
        return Wiring.SPLIT_2
    if is_half[2] and is_whole[0]:
        return Wiring.SPLIT_1
    return Wiring.PHASES


def presumed(version: Version | None, vitals: Vitals) -> Wiring:
    """The best guess before anything was learnt: by part number, else by frequency."""
    part_number = (version and version.part_number) or ""
    if part_number:
        return Wiring.SPLIT_2 if part_number.startswith(SPLIT_PARTS) else Wiring.PHASES
    return Wiring.SPLIT_2 if (vitals.grid_hz or 50.0) > SPLIT_HZ else Wiring.PHASES


def power(vitals: Vitals, wiring: Wiring) -> Power | None:
    """None when fields are missing. An open contactor is always 0: up to 0.5 A of noise is measured then."""
    grid_v, current_a = vitals.grid_v, vitals.vehicle_current_a
    if vitals.contactor_closed is None or grid_v is None or current_a is None:
        return None
    reference_va = grid_v * current_a
    if not vitals.contactor_closed:
        return Power(power_va=0.0, power_ref_va=reference_va)
    if wiring is Wiring.PHASES:
        power_va, phases = _sum_of_phases(vitals, grid_v)
        return Power(power_va=power_va, power_ref_va=reference_va, phases=phases)
    line_v = vitals.voltageB_v or 0.0
    is_measured = wiring is Wiring.SPLIT_2 and line_v >= LIVE_V
    return Power(
        power_va=line_v * current_a if is_measured else reference_va, power_ref_va=reference_va, phases=1
    )


def _sum_of_phases(vitals: Vitals, grid_v: float) -> tuple[float, int]:
    """Fields of one sample are not taken together: right after closing, currents may flow at no voltage yet."""
    currents = (vitals.currentA_a or 0.0, vitals.currentB_a or 0.0, vitals.currentC_a or 0.0)
    voltages = _voltages(vitals)
    if max(voltages) < LIVE_V:
        voltages = (grid_v, grid_v, grid_v)
    live = [(v, i) for v, i in zip(voltages, currents, strict=True) if v >= LIVE_V]
    return sum(v * i for v, i in live), sum(i >= 1.0 for _, i in live)


def _voltages(vitals: Vitals) -> tuple[float, float, float]:
    return (vitals.voltageA_v or 0.0, vitals.voltageB_v or 0.0, vitals.voltageC_v or 0.0)
