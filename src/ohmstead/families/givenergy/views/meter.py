"""Energy meters. The same page comes in three scalings; which one follows from the plant, not from the page."""

from __future__ import annotations

from typing import Final

from ohmstead.families.givenergy.registers.meters import (
    EmsMeterTable,
    MeterProductTable,
    MeterTable,
    ThreePhaseMeterTable,
)
from ohmstead.families.givenergy.views.derived import derived
from ohmstead.families.givenergy.views.view import View

CHECK_FROM_VA: Final = 100
TOLERANCE: Final = 0.05


def _is_plausible(voltage_v: float | None, current_a: float | None, apparent_va: float | None) -> bool | None:
    if voltage_v is None or current_a is None or apparent_va is None or apparent_va <= CHECK_FROM_VA:
        return None
    return abs(voltage_v * abs(current_a) - apparent_va) <= TOLERANCE * apparent_va


class Meter(View, MeterTable):
    """On grid meters negative power was seen to be export; the direction is as the meter was wired."""

    is_scaling_plausible = derived(_is_plausible, "v_phase_1", "i_phase_1", "p_apparent_phase_1")
    """Whether voltage times current makes the apparent power; None below 100 VA, where it says nothing."""


class ThreePhaseMeter(Meter, ThreePhaseMeterTable):
    """An EM418."""


class EmsMeter(Meter, EmsMeterTable):
    """A meter of an EMS plant, whose page repeats its product page."""


class MeterProduct(View, MeterProductTable):
    """What a meter says of itself."""
